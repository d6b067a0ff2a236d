"""What is wrong with an endpoint is said at start-up, with the path that is wrong."""

from uuid import UUID

import pytest

from backend.core.access import Actor, act, look
from backend.core.files import Upload
from backend.core.ports import Ports
from backend.core.shape import Shape
from backend.web.endpoint import Endpoint, get, post


class Nothing(Shape):
    pass


@look("tiny.read", "看")
async def reading(actor: Actor, thing: UUID) -> None: ...


@look("tiny.read", "看")
async def ported(actor: Actor, shelf: dict) -> None: ...


@look("tiny.read", "看")
async def mute(actor: Actor): ...


@act("tiny.write", "写")
async def bodied(actor: Actor, body: Nothing) -> None: ...


@act("tiny.write", "写")
async def uploaded(actor: Actor, upload: Upload) -> None: ...


async def plain() -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "mistake"),
    [
        (get("/x/{other}", reading), "nobody reads {'other'}"),
        (get("/x", reading), "no source for thing"),
        (get("/x", ported), "no source for shelf"),
        (get("/x", mute), "does not say what it answers"),
        (get("/x", bodied), "has no body to read"),
        (get("/x", uploaded), "has no body to read"),
        (get("/x", plain), "needs a verb"),
        (get("/x/{thing}", reading, public=True), "to be public and have none"),
    ],
)
def test_a_mistake_refuses_to_start(endpoint: Endpoint, mistake):
    with pytest.raises(TypeError) as found:
        endpoint.handler(Ports())
    assert mistake in str(found.value) and endpoint.path in str(found.value)


@pytest.mark.parametrize(
    "endpoint",
    [
        get("/x/{thing}", reading),
        post("/x", bodied),
        post("/x", uploaded),
        get("/x", plain, public=True),
        Endpoint("DELETE", "/x/{thing}", reading),
    ],
)
def test_what_is_right_starts(endpoint: Endpoint):
    assert callable(endpoint.handler(Ports()))


def test_a_port_is_handed_in_by_type():
    assert callable(get("/x", ported).handler(Ports({dict: {}})))


def test_what_repeats_its_answer():
    assert post("/x", bodied).repeatable and Endpoint("DELETE", "/x", bodied).repeatable
    for endpoint in (get("/x", bodied), post("/x", uploaded), post("/x", reading)):
        assert not endpoint.repeatable
