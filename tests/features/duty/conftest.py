"""A street with people in the roster, neighbours in need, and a worker that does what waits."""

import time
from collections.abc import AsyncIterator

import pytest

from backend.app import FORMS, ports_of
from backend.clients.wecom import Wecom
from backend.core import audit, clock
from backend.core.db import sql
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.reactions import AFTER
from backend.work import Worker, react_once
from tests import wecom
from tests.cast import CAST, HUAXI, YUANYUAN
from tests.residents import household, person
from tests.wecom import CORP

MONDAY = "2026-10-12 09:00"
_ROLES = {
    "alice": ("Lu.XiaoYan", "worker"),
    "bob": ("gu.jianping", "lead"),
    "carol": ("qian.hui", "worker"),
    "dora": ("shen.min", "street_admin"),
    "erin": ("shao.feng", "street_admin"),
    "henry": ("he.wei", "centre"),
}
PHONE = "021-62540000"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.read([FORMS])


@pytest.fixture
async def contacts(corp: wecom.Sandbox) -> AsyncIterator[wecom.Sandbox]:
    """The session's sandbox, put back to where it began; its clock may be moved."""
    await corp.switch("reset")
    yield corp
    corp.world.lead = 0.0


@pytest.fixture
async def street(http, contacts, at):
    """曹杨新村 on a Monday morning, the cast in the roster; 何伟 is not in WeCom."""
    people = [
        Staff(CAST[name].id, CORP, userid, CAST[name].name, CAST[name].area, (role,))
        for name, (userid, role) in _ROLES.items()
    ]
    await staff.save(people)
    with at(MONDAY):
        yield


@pytest.fixture
async def neighbours(street, catalogue):
    """源园: an elder alone, two elders, a mother to be below the ground; 花溪园: one elder."""
    await household(catalogue, YUANYUAN, 1, person("王秀英", "1948-03-02", phone="13800138000"))
    await household(
        catalogue,
        YUANYUAN,
        2,
        person("李国强", "1944-05-06", sex="1", phone="13900139000", health="33"),
        person("陈桂芳", "1950-01-09", relation="10"),
    )
    await household(
        catalogue,
        YUANYUAN,
        3,
        person("赵敏", "1996-07-01", phone="13700137000", person_tags=["孕产", "低洼"]),
        person("赵磊", "1994-07-01", sex="1", relation="10"),
    )
    await household(catalogue, HUAXI, 1, person("孙玉兰", "1940-10-01"))


@pytest.fixture
async def work(settings, http):
    """`await work()` runs the reactions and jobs that are due, as the worker would."""
    ports = ports_of(settings)
    workshop = Worker(ports).workshop
    audit.follow(set(AFTER))

    async def work() -> None:
        busy = True
        while busy:
            busy = await react_once(ports)
            while await workshop.claim():
                busy = True
                await workshop.drain()
        failed = await sql("select failure from audit where failure is not null")
        failed += await sql("select failure from job where failure is not null")
        assert failed == []

    yield work
    ports[Wecom].close()


def shift(day="2026-10-12", shift="日班", area=YUANYUAN, leader="bob", people=("alice",)):
    """One shift of a roster."""
    return {
        "area": area,
        "day": day,
        "shift": shift,
        "leader": str(CAST[leader].id),
        "people": [str(CAST[name].id) for name in people],
        "phone": PHONE,
    }


async def planned(as_, *shifts, who="bob"):
    answer = await as_(who).put("/api/duty/roster", {"shifts": list(shifts)})
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def shifts_now(as_, who="alice"):
    answer = await as_(who).get("/api/duty/now")
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def begun(as_, who="dora", **changed):
    """The street leaves ordinary times."""
    body = {"level": "IV", "kind": "防汛防台", "reason": "台风蓝色预警，启动响应"} | changed
    answer = await as_(who).post("/api/emergencies", body)
    assert answer.status == 201, await answer.text()
    return await answer.json()


async def got(as_, who, path, **query):
    answer = await as_(who).get(path, **query)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def did(as_, who, path, body=None, status=200):
    answer = await as_(who).post(path, body)
    assert answer.status == status, await answer.text()
    return await answer.json()


async def said(contacts, userid):
    """The titles of what somebody was sent, in order."""
    found = []
    for sent in contacts.world.outbox:
        if userid in sent.to and sent.state == "sent":
            card = sent.body.get("template_card")
            found.append(card["main_title"]["title"] if card else sent.body["text"]["content"])
    return found


async def press(contacts, key, userid="Lu.XiaoYan", **more):
    """A button is pressed. The sandbox lives at the pretended time too, which callbacks carry."""
    contacts.world.lead = clock.now().timestamp() - time.time()
    return await contacts.switch("press", userid=userid, key=key, **more)
