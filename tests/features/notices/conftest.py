"""People to tell, a WeCom sandbox whose outbox can be looked at, and a worker."""

import pytest

from tests.features.accounts.conftest import contacts, roster, work  # noqa: F401


@pytest.fixture
def outbox(contacts):  # noqa: F811
    """What arrived on whose phone: (userid, title)."""

    def found() -> list[tuple[str, str]]:
        return [
            (user, sent.body["template_card"]["main_title"]["title"])
            for sent in contacts.world.outbox
            if sent.state == "sent"
            for user in sent.to
        ]

    return found
