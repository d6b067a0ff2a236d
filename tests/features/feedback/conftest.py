"""A street with its people at work, two officers with phones, and acts on findings at the wire."""

from uuid import UUID

import pytest

from backend.app import ports_of
from backend.core.db import sql
from backend.features.accounts import whoever
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.work import react_once
from tests.cast import CAST
from tests.features.accounts.conftest import contacts, work  # noqa: F401
from tests.officers import officer
from tests.pictures import photo

MONDAY = "2026-10-12 09:30"
HERE = {"lng": 121.4048, "lat": 31.2401}
_ROLES = {
    "alice": "worker",
    "bob": "lead",
    "dora": "street_admin",
    "erin": "street_admin",
    "frank": "district",
    "henry": "centre",
    "iris": "handler",
    "kate": "street_lead",
}
FINDING = {
    "scene": "environment",
    "content": "一号门旁边的垃圾箱房满溢，污水流到人行道上。",
    "handy": 2,
    "useful": 3,
    **HERE,
}


@pytest.fixture
async def street(http, at, contacts):  # noqa: F811
    """曹杨新村 at work on a Monday morning."""
    people = [
        Staff(one.id, "corp", name, one.name, one.area, (role,), tuple(sorted(one.duties)))
        for name, role in _ROLES.items()
        if (one := CAST[name])
    ]
    await staff.save(people)
    with at(MONDAY):
        whoever.forget()
        yield


@pytest.fixture
async def zhou(as_, http, street):
    """A resident of 曹杨新村 who is an officer."""
    return await officer(as_, http, name="周敏")


@pytest.fixture
async def wu(as_, http, street):
    """Another one, an expert."""
    return await officer(as_, http, name="吴昊", field="expert")


@pytest.fixture
async def fang(as_, http, street):
    """One of another street."""
    return await officer(as_, http, who="erin", name="方芳")


async def good(response, status=200):
    body = await response.json()
    assert response.status == status, body
    return body


async def code_of(response):
    return response.status, (await response.json())["code"]


async def fields_of(response):
    return {issue["field"] for issue in (await response.json())["fields"]}


async def picture(who, shade=200):
    """The id of a picture that somebody has just taken."""
    body = photo(90, 60, color=(shade, 30, 30))
    return (await good(await who.upload("/api/files", "x.jpg", body, "image/jpeg"), 201))["id"]


async def sent(phone, **given):
    """A finding, as its sender sees it."""
    return await good(await phone.post("/api/officer/findings", FINDING | given), 201)


async def mine(phone, finding):
    return await good(await phone.get(f"/api/officer/findings/{finding}"))


async def covered(as_, picture_id, who="dora"):
    """A covered copy of a picture, ready to be shown."""
    return (await good(await as_(who).post(f"/api/files/{picture_id}/cover", {"boxes": []}), 201))[
        "id"
    ]


class Desk:
    """`desk("dora", finding, "register")` sends the act with the number the finding has now."""

    def __init__(self, as_) -> None:
        self.as_ = as_

    async def raw(self, who, finding, act, **body):
        if act != "note" and "rev" not in body:
            found = await sql("select rev from finding where id = :id", id=UUID(finding))
            body["rev"] = found[0]["rev"]
        return await self.as_(who).post(f"/api/findings/{finding}/{act}", body)

    async def __call__(self, who, finding, act, **body):
        return await good(await self.raw(who, finding, act, **body))


@pytest.fixture
def desk(as_):
    return Desk(as_)


async def judged(phone, finding, *, solved, **more):
    rev = (await mine(phone, finding))["rev"]
    body = {"rev": rev, "solved": solved, "satisfied": "满意" if solved else "不满意"}
    return await phone.post(f"/api/officer/findings/{finding}/judge", body | more)


async def answered(desk, finding, who="dora", order=False):
    """Adopted (without an order, unless one is wanted) and answered."""
    await desk(who, finding, "decide", decision="adopted", order=order)
    return await desk(who, finding, "answer", words="已清运并冲洗，每日两次巡查。")


async def counted(table):
    return (await sql(f"select count(*) as n from {table}"))[0]["n"]


@pytest.fixture
def worked(settings):
    """`await worked()` lets every reaction run that waits, as the worker would."""
    ports = ports_of(settings)

    async def run() -> None:
        while await react_once(ports):
            failed = await sql("select verb, failure from audit where failure is not null")
            assert failed == []

    return run
