"""A street with its units and people, and orders that come in from the hotline."""

from itertools import count
from uuid import UUID

import pytest

from backend.app import FORMS
from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.engine.clocks.load import load_calendar
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders import intake
from backend.features.orders.bodies import Incoming
from backend.features.orders.handbook import Handbook
from tests.cast import CAOYANG, CAST, YUANYUAN
from tests.wecom import CORP

MONDAY = "2026-10-12 09:30"
_numbers = count(1)
_ROLES = {
    "alice": "worker",
    "bob": "lead",
    "carol": "worker",
    "henry": "centre",
    "iris": "handler",
    "jack": "handler",
    "kate": "street_lead",
    "leo": "centre",
}


@pytest.fixture(scope="session")
def book() -> Handbook:
    return Handbook.read([FORMS], load_calendar(FORMS / "calendar"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.read([FORMS])


@pytest.fixture
async def street(http, at):
    """曹杨新村: its people in the roster, two units, on a Monday morning."""
    people = [
        Staff(one.id, CORP, name, one.name, one.area, (role,), tuple(sorted(one.duties)))
        for name, role in _ROLES.items()
        if (one := CAST[name])
    ]
    await staff.save(people)
    with at(MONDAY):
        yield


@pytest.fixture
async def units(as_, street):
    """Unit ids by name: 城管, 物业, 源园, 花溪园."""
    for key, name, kind, usual in (
        ("城管", "曹杨城管中队", "enforcement", ["E05", "E0101"]),
        ("物业一", "曹杨物业", "property", ["H01"]),
    ):
        body = {"area": CAOYANG, "key": key, "name": name, "kind": kind, "categories": usual}
        made = await as_("henry").post("/api/units", body)
        assert made.status == 201, await made.text()
    listed = await (await as_("henry").get("/api/units")).json()
    return {
        "城管": next(u["id"] for u in listed if u["key"] == "城管"),
        "物业": next(u["id"] for u in listed if u["key"] == "物业一"),
        "源园": next(u["id"] for u in listed if u["area"]["code"] == YUANYUAN),
        "花溪园": next(u["id"] for u in listed if u["area"]["name"] == "花溪园居委会"),
    }


async def hotline(book, **given) -> str:
    """An order of the 12345 hotline, as its feed brings it; its id."""
    number = next(_numbers)
    body = {
        "system": "hotline",
        "system_no": f"SH{number:06d}",
        "source": "01",
        "area": YUANYUAN,
        "title": "楼道堆物没人清理",
        "content": "兰溪路3010弄1号楼道里堆满纸箱，走路都困难，请尽快清理。",
        "place": "兰溪路3010弄1号",
        "appeal_type": "3",
        "caller_name": "王秀英",
        "caller_phone": "13800138000",
    }
    async with transaction():
        ids = await intake.take(SYSTEM, book, [Incoming(**(body | given))])
    return str(ids[0])


async def fetched(as_, who, order):
    response = await as_(who).get(f"/api/orders/{order}")
    assert response.status == 200, await response.text()
    return await response.json()


class Doing:
    """`do("henry", order, "file")` sends the act with the number the order has now."""

    def __init__(self, as_) -> None:
        self.as_ = as_

    async def raw(self, who, order, act, **body):
        if "rev" not in body:
            found = await sql("select rev from work_order where id = :id", id=UUID(order))
            body["rev"] = found[0]["rev"]
        return await self.as_(who).post(f"/api/orders/{order}/{act}", body)

    async def __call__(self, who, order, act, **body):
        response = await self.raw(who, order, act, **body)
        assert response.status == 200, f"{act}: {await response.text()}"
        return await response.json()

    async def refused(self, who, order, act, **body):
        """Status and code of the refusal."""
        response = await self.raw(who, order, act, **body)
        return response.status, (await response.json())["code"]


@pytest.fixture
def do(as_):
    return Doing(as_)


FINISHED = {
    "result": "已解决",
    "measure": "与物业一起清走纸箱，并在楼道张贴提醒。",
    "reply": "楼道堆物已清理，感谢您的反映。",
}


async def dispatched(do, book, unit, **given) -> str:
    """A hotline order that lies with a unit."""
    order = await hotline(book, **given)
    await do("henry", order, "dispatch", unit=unit)
    return order


async def handled(do, book, unit, who="alice", **given) -> str:
    """A hotline order that a unit has in hand and whose caller was contacted."""
    order = await dispatched(do, book, unit, **given)
    await do(who, order, "sign")
    await do(who, order, "contact", note="已电话联系，约好下午上门。")
    return order


async def finished(do, book, unit, who="alice", **given) -> str:
    order = await handled(do, book, unit, who, **given)
    await do(who, order, "finish", **FINISHED)
    return order


async def closed(do, book, unit, who="alice", **given) -> str:
    order = await finished(do, book, unit, who, **given)
    await do("henry", order, "verify", passed=True)
    await do("henry", order, "call_back", satisfied="满意", solved=True)
    await do("henry", order, "close")
    return order


def now() -> str:
    return clock.now().isoformat()


@pytest.fixture
async def worked(server):
    """`await worked()`: all reactions that wait have run."""
    from backend.app import PORTS
    from backend.work import react_once

    async def run() -> None:
        while await react_once(server.app[PORTS]):
            pass
        failed = await sql("select verb, failure from audit where pending")
        assert failed == [], failed

    return run
