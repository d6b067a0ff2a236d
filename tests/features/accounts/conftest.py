"""A roster that knows the sandbox's people, browsers to sign in with, a worker for the jobs."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from backend.app import ports_of
from backend.clients.wechat import Wechat
from backend.clients.wecom import Wecom
from backend.core.ids import new_id
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff as store
from backend.work import Worker
from tests import wecom
from tests.cast import CAOYANG, CHANGFENG, HUAXI, YUANYUAN
from tests.features.accounts.browser import Browser
from tests.wecom import CORP


def somebody(userid: str, name: str, area: str, *roles: str, **more: object) -> Staff:
    return Staff(new_id(), CORP, userid, name, area, roles, **more)


PEOPLE = (
    somebody("Lu.XiaoYan", "陆小燕", YUANYUAN, "worker", duties=("老龄",)),
    somebody("gu.jianping", "顾建平", YUANYUAN, "lead"),
    somebody("qian.hui", "钱慧", HUAXI, "worker", status="disabled", barred=True),
    somebody("shen.min", "沈敏", CAOYANG, "street_admin"),
    somebody("shao.feng", "邵峰", CHANGFENG),
)


@pytest.fixture
async def contacts(corp: wecom.Sandbox) -> wecom.Sandbox:
    """The session's sandbox, put back to where it began."""
    await corp.switch("reset")
    return corp


@pytest.fixture
async def roster(http, contacts) -> dict[str, UUID]:
    """userid → id of everybody in the roster."""
    await store.save(PEOPLE)
    return {person.userid: person.id for person in PEOPLE}


@pytest.fixture
async def browser(http, roster, contacts) -> AsyncIterator[Browser]:
    async with Browser.at(http, contacts) as fresh:
        yield fresh


@pytest.fixture
async def another(http, roster, contacts) -> AsyncIterator[Browser]:
    async with Browser.at(http, contacts) as fresh:
        yield fresh


@pytest.fixture
async def work(settings, http):
    """`await work()` does the jobs that wait, as the worker would."""
    ports = ports_of(settings)
    workshop = Worker(ports).workshop

    async def work() -> None:
        while await workshop.claim():
            await workshop.drain()

    yield work
    ports[Wecom].close()
    await ports[Wechat].close()
