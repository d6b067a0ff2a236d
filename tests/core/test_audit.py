"""The trace: a MAC over every column, and a trigger that lets nobody change or delete a row."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core import audit, clock
from backend.core.audit import REQUEST
from backend.core.db import sql, transaction
from tests.cast import YUANYUAN

pytestmark = pytest.mark.usefixtures("swept")

BOB = (uuid4(), "顾建平", YUANYUAN)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc值", max_size=3), inner)
    ),
    max_leaves=8,
)


async def rows():
    return await sql(
        """select *, trim_scale(extract(epoch from at) * 1000000)::text as moment
           from audit order by id"""
    )


async def test_what_a_row_says():
    token = REQUEST.set("req-1")
    made = await audit.record(
        BOB, "thing.do", "thing:1", {"when": datetime(2026, 1, 1, tzinfo=UTC)}
    )
    REQUEST.reset(token)
    row = (await rows())[0]
    assert (row["id"], row["actor_id"], row["actor"], row["area"]) == (made, *BOB)
    assert (row["verb"], row["subject"], row["request"]) == ("thing.do", "thing:1", "req-1")
    assert row["facts"] == {"when": "2026-01-01T00:00:00+00:00"}
    assert abs((row["at"] - clock.now()).total_seconds()) < 5
    assert row["mac"] == audit.mac_of(row) and not row["pending"] and row["seal_no"] is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.dictionaries(st.text("abc", max_size=3), JSON, max_size=4))
def test_the_mac_survives_the_database(server, event_loop_runner, facts):
    """Whatever jsonb does to numbers and to the order of keys."""

    async def there_and_back():
        made = await audit.record(BOB, "thing.do", "", facts)
        return next(row for row in await rows() if row["id"] == made)

    row = event_loop_runner(there_and_back())
    assert row["mac"] == audit.mac_of(row)


@pytest.fixture
async def event_loop_runner():
    """hypothesis calls a plain function; the session's loop does the work."""
    return asyncio.get_running_loop().run_until_complete


def same_mac(**changes):
    row = {
        "id": uuid4(), "moment": "1", "actor_id": uuid4(), "actor": "a", "area": "b", "verb": "c",
        "subject": "d", "request": "e", "facts": {"n": 1},
    }  # fmt: skip
    return audit.mac_of(row) == audit.mac_of(row | changes)


def test_the_mac_covers_every_column():
    assert same_mac()
    for change in (
        {"id": uuid4()}, {"moment": "2"}, {"actor_id": uuid4()}, {"actor_id": None}, {"actor": "b"},
        {"area": "c"}, {"verb": "d"}, {"subject": "e"}, {"request": "f"}, {"facts": {"n": 2}},
        {"facts": {}}, {"actor": "", "area": "ab"},
    ):  # fmt: skip
        assert not same_mac(**change), change


@pytest.mark.parametrize(
    "change",
    [
        "delete from audit",
        "truncate audit",
        "update audit set actor = '别人'",
        "update audit set actor_id = null",
        "update audit set area = '310107005003'",
        "update audit set verb = 'x'",
        "update audit set subject = 'x'",
        "update audit set facts = '{}'",
        "update audit set request = 'x'",
        "update audit set at = at - interval '1 day'",
        "update audit set mac = decode('00', 'hex')",
        "update audit set id = gen_random_uuid()",
    ],
)
async def test_the_database_itself_refuses(change):
    await audit.record(BOB, "thing.do", "thing:1", {"n": 1})
    before = await rows()
    with pytest.raises(Exception, match="audit rows are never"):
        await sql(change)
    assert await rows() == before


async def test_a_seal_is_set_once_but_the_queue_may_move():
    await audit.record(BOB, "thing.do", "thing:1", {})
    await sql("update audit set pending = true, attempts = 1, failure = 'x', retry_at = now()")
    await sql("update audit set seal_no = 1, chain = decode('00', 'hex')")
    for change in ("seal_no = 2", "seal_no = null", "chain = decode('01', 'hex')"):
        with pytest.raises(Exception, match="set once"):
            await sql(f"update audit set {change}")


async def test_only_followed_verbs_wait_for_the_worker():
    before = set(audit._followed)
    audit.follow({"thing.do"})
    try:
        await audit.record(BOB, "thing.do", "", {})
        await audit.record(BOB, "thing.see", "", {})
        assert [row["pending"] for row in await rows()] == [True, False]
    finally:
        audit.follow(before)


async def test_it_falls_with_its_transaction():
    with pytest.raises(RuntimeError):
        async with transaction():
            await audit.record(BOB, "thing.do", "", {})
            raise RuntimeError
    assert await rows() == []
