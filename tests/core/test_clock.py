"""It is the same time everywhere: Shanghai's."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from backend.core import clock

LATE = datetime(2026, 10, 8, 23, 30, tzinfo=UTC)


def test_now_is_aware_and_true():
    assert clock.now().utcoffset() == timedelta(hours=8)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_day_is_shanghais_whatever_the_machine_thinks():
    with clock.pretend(LATE):
        assert clock.today() == date(2026, 10, 9)
    with clock.pretend_everywhere(LATE):
        assert clock.today() == date(2026, 10, 9)
        assert clock.now().utcoffset() == timedelta(hours=8)


def test_a_moment_of_a_day():
    assert clock.at(date(2026, 10, 8), 9, 30).isoformat() == "2026-10-08T09:30:00+08:00"


async def test_pretending_is_for_this_task_or_for_everybody():
    async def seen():
        await asyncio.sleep(0)
        return clock.today()

    outside = asyncio.create_task(asyncio.sleep(0.01, None))
    with clock.pretend(LATE):
        inside = asyncio.create_task(seen())
        assert await inside == date(2026, 10, 9)
    await outside
    assert await seen() != date(2026, 10, 9)
    with clock.pretend_everywhere(LATE), clock.pretend_everywhere(LATE + timedelta(days=1)):
        assert await asyncio.create_task(seen()) == date(2026, 10, 10)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
