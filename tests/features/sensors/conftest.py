"""Devices of two committees, and what they say through the same door as a platform's pushes."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from backend.app import FORMS, PORTS
from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.engine.sensors.measures import Measures
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors import pull, store
from backend.features.connectors.feeds import Feeds
from tests import street as sandbox
from tests.cast import CAST, HUAXI, YUANYUAN
from tests.wecom import CORP

NOW = "2026-10-08 09:00"


@pytest.fixture(scope="session")
def catalogue():
    return Catalogue.read([FORMS])


@pytest.fixture
def morning(at):
    with at(NOW):
        yield


@pytest.fixture
async def street(http):
    async with sandbox.street() as running:
        yield running


@pytest.fixture
async def feeds(street, catalogue):
    found = sandbox.feeds(catalogue, street.url, size=500)
    yield found
    await found.outside.close()


@pytest.fixture
def pulled(feeds):
    async def go(key="alarms"):
        await pull.pull(feeds, key)
        return (await store.runs(key, 1))[0]

    return go


@pytest.fixture
def measures(http):
    return http.app[PORTS][Measures]


def moment(text):
    return datetime.fromisoformat(f"2026-10-{text}").replace(tzinfo=clock.SHANGHAI)


@pytest.fixture
def say(http):
    """`await say("YG1", ("08 09:00:00", "YWBJ", 7), …)`: signals come in as a push brings them."""
    ours = http.app[PORTS][Feeds]
    feed = ours.feed("alarms")
    stream = feed.stream("signals")

    async def go(device, *said, area=YUANYUAN, place="曹杨路1弄1号2楼楼道", **given):
        rows = [_row(device, area, place, *one) | given for one in said]
        desk = await ours.desk(feed)
        async with transaction():
            return await desk.accept(stream, await desk.sift(stream, rows))

    return go


def _row(device, area, place, when, code, value=None, number=None):
    at = moment(when)
    return {
        "bjbh": number or f"{device}-{code}-{at:%d%H%M%S%f}",
        "sbbh": device,
        "bjlx": code,
        "ds": "" if value is None else str(value),
        "bjsj": f"{at:%Y%m%d%H%M%S}",
        "sqbm": area,
        "jzbm": f"{area[:9]}000",
        "azwz": place,
        "gxsj": f"{at:%Y%m%d%H%M%S}",
    }


@pytest.fixture
def fitted(http):
    """`await fitted("YG1", "smoke")`: a device that a platform has told of."""
    ours = http.app[PORTS][Feeds]
    feed = ours.feed("alarms")
    stream = feed.stream("devices")
    kinds = {"water": "SW", "smoke": "YG", "door": "MC", "lift": "DT", "gas": "RQ", "heat": "WG"}

    async def go(no, kind, area=YUANYUAN, place=None, **given):
        row = {
            "sbbh": no,
            "sblx": kinds[kind],
            "zt": "1",
            "azwz": place or f"曹杨路{int(area[-3:]) + 3000}弄1号{no}",
            "sqbm": area,
            "jzbm": f"{area[:9]}000",
            "gxsj": "20260101090000",
        } | given
        desk = await ours.desk(feed)
        async with transaction():
            await desk.accept(stream, await desk.sift(stream, [row]))
        (found,) = await sql("select id from sensor_device where source_id = :no", no=no)
        return str(found["id"])

    return go


async def alarms(**match):
    text = " and ".join(f"{name} = :{name}" for name in match) or "true"
    found = await sql(f"select * from sensor_alarm where {text} order by first_at, id", **match)
    return [SimpleNamespace(**row) for row in found]


async def alarm(**match):
    (found,) = await alarms(**match)
    return found


@pytest.fixture
async def staffed(http):
    """alice and bob of 源园 in the roster, so that they can be told."""
    roles = {"alice": "worker", "bob": "lead"}
    await staff.save(
        [
            Staff(one.id, CORP, name, one.name, one.area, (role,), ())
            for name, role in roles.items()
            if (one := CAST[name])
        ]
    )


@pytest.fixture
def reacted(http):
    """`await reacted()`: every reaction that waits."""
    from backend.work import react_once

    async def go():
        while await react_once(http.app[PORTS]):
            pass

    return go


async def failures():
    """Reactions that could not run; there must be none."""
    return await sql("select verb, failure from audit where failure is not null")


async def orders():
    return await sql("select * from work_order where system in ('sensors', 'warnings') order by id")


async def signals():
    return (await sql("select count(*) as n from sensor_signal"))[0]["n"]


__all__ = [
    "HUAXI",
    "NOW",
    "SYSTEM",
    "YUANYUAN",
    "alarm",
    "alarms",
    "failures",
    "moment",
    "orders",
    "signals",
]
