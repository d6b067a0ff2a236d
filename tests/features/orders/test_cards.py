"""The buttons on the card of an order act on it once; the cards of colleagues follow."""

from datetime import datetime
from uuid import UUID

import pytest

from backend.core import clock
from tests.features.accounts.conftest import contacts, roster, work  # noqa: F401
from tests.features.notices.test_press import GU, LU, phone
from tests.features.orders.conftest import dispatched, fetched, handled


def today():
    """WeCom's callbacks bear the machine's time, and old ones are refused."""
    return clock.pretend_everywhere(datetime.now(clock.SHANGHAI))


@pytest.fixture
async def cards(do, book, units, contacts, roster, worked, work):  # noqa: F811
    """An order of 源园 whose card is on two phones; `settle` lets everything follow."""

    async def settle():
        with today():
            await worked()
            await work()

    order = await dispatched(do, book, units["源园"])
    await settle()
    return order, contacts, settle


async def press(contacts, key, userid=LU):  # noqa: F811
    with today():
        assert (await contacts.switch("press", userid=userid, key=key))["status"] == 200


async def test_it_works(as_, cards):
    order, contacts, settle = cards  # noqa: F811
    assert phone(contacts) == (None, ["accept", "contacted", "help"])
    await press(contacts, "accept")
    await settle()
    seen = await fetched(as_, "henry", order)
    assert (seen["stage"], seen["handler"]) == ("handling", "陆小燕")
    assert phone(contacts) == ("已签收，由您承办。", ["contacted", "help"])
    await press(contacts, "contacted")
    await settle()
    assert (await fetched(as_, "henry", order))["contacted_at"] is not None
    assert phone(contacts) == ("已记下先行联系。", ["help"])
    await press(contacts, "help")
    await settle()
    acts = [step["act"] for step in (await fetched(as_, "henry", order))["steps"]]
    assert acts == ["take", "dispatch", "sign", "contact", "help"]


async def test_a_colleague_was_faster(as_, cards):
    order, contacts, settle = cards  # noqa: F811
    await press(contacts, "accept", GU)
    await press(contacts, "accept", LU)
    await settle()
    seen = await fetched(as_, "henry", order)
    assert [step["act"] for step in seen["steps"]].count("sign") == 1
    assert seen["handler"] == "顾建平"
    assert phone(contacts)[0].startswith("没有办成：")


async def test_what_moved_on_takes_its_buttons_along(as_, do, cards, units):
    order, contacts, settle = cards  # noqa: F811
    await do("henry", order, "transfer", unit=units["城管"])
    await settle()
    assert phone(contacts) == ("已由曹杨城管中队承办", "已转派")
    assert (await fetched(as_, "henry", order))["stage"] == "dispatched"


async def test_no_card_for_what_is_in_hand_already(do, book, units, contacts, roster, worked, work):  # noqa: F811
    order = await handled(do, book, units["源园"])
    await worked()
    await work()
    assert UUID(order)
    assert contacts.world.outbox == []
