"""Named parameters, one transaction, rows within a scope; on real PostgreSQL."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from backend.core import db
from backend.core.db import copy_rows, place, rows, select, sql, transaction
from backend.core.problems import Problem
from backend.core.scope import EVERYWHERE, Scope, scope_of
from backend.features.areas.tables import AreaRow
from tests.cast import CAOYANG, HUAXI, YUANYUAN

pytestmark = pytest.mark.usefixtures("swept")


@pytest.mark.parametrize(
    ("text", "given", "answer"),
    [
        ("select :a::int + :b::int as x", {"a": 1, "b": 2}, 3),
        ("select :a::int + :a::int as x", {"a": 2}, 4),
        ("select cast(:a as text) || ':b' as x", {"a": "a"}, "a:b"),
        ("select 'it''s :b' || :a::text as x", {"a": "!"}, "it's :b!"),
        ('select 1 as "x", :a::int as ":b"', {"a": 1}, 1),
        ("select :a::int as x -- not :b\n", {"a": 1}, 1),
        ("select /* not :b */ :a::int as x", {"a": 1}, 1),
        ("select $q$ :b $q$ || :a::text as x", {"a": "!"}, " :b !"),
        ("select $$:b$$ as x", {}, ":b"),
        ("select to_char(:t::timestamptz at time zone 'UTC', 'hh24:mi:ss') as x",
         {"t": datetime(2026, 1, 1, 3, 4, 5, tzinfo=UTC)}, "03:04:05"),
        ("select (array[1,2,3])[1:2] as x", {}, [1, 2]),
        ("select (array['a','b'])[array_position(array['x','y'], :a)] as x", {"a": "y"}, "b"),
        ("select '2026-01-01'::date::text as x", {}, "2026-01-01"),
        ("select :a_1::jsonb->>'k' as x", {"a_1": {"k": "v"}}, "v"),
        ("select :a::jsonb->>'k' as x", {"a": '{"k": "encoded"}'}, "encoded"),
        ("select array_length(:a::text[], 1) as x", {"a": ["a", "b"]}, 2),
    ],
)  # fmt: skip
async def test_named_parameters(text, given, answer):
    assert (await sql(text, **given))[0]["x"] == answer


@pytest.mark.parametrize("given", [{}, {"a": 1, "b": 2}, {"b": 1}])
async def test_a_statement_gets_exactly_what_it_names(given):
    with pytest.raises(TypeError, match="statement wants"):
        await sql("select :a::int", **given)


async def test_all_or_nothing():
    async def fail():
        async with transaction():
            await area(YUANYUAN)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await codes() == []


async def test_inside_another_one_it_is_a_savepoint():
    async with transaction():
        await area(YUANYUAN)
        with pytest.raises(RuntimeError):
            async with transaction():
                await area(HUAXI)
                raise RuntimeError
    assert await codes() == [YUANYUAN]


async def test_transactions_of_two_tasks_do_not_mix():
    first_wrote, second_done = asyncio.Event(), asyncio.Event()

    async def first():
        async with transaction():
            await area(YUANYUAN)
            first_wrote.set()
            await second_done.wait()

    async def second():
        await first_wrote.wait()
        seen = await codes()
        second_done.set()
        return seen

    assert (await asyncio.gather(first(), second()))[1] == []
    assert await codes() == [YUANYUAN]


async def test_rows_lie_within_the_scope():
    for code in (CAOYANG, YUANYUAN, HUAXI, "310107014000"):
        await area(code)
    street = await rows(scope_of(CAOYANG), AreaRow).order_by("area")
    assert [r.area for r in street] == [CAOYANG, YUANYUAN, HUAXI]
    assert await rows(scope_of(YUANYUAN), AreaRow, area=HUAXI).first() is None
    assert await rows(EVERYWHERE, AreaRow).count() == 4


async def test_the_prefix_test_can_use_an_index():
    async with transaction():
        await sql("set local enable_seqscan = off")
        text = str(await rows(Scope("310107005"), AreaRow).explain())
    assert "area_scope" in text, text


async def test_place_refuses_another_area():
    with pytest.raises(Problem) as refusal:
        await area(HUAXI, scope=scope_of(YUANYUAN))
    assert refusal.value.status == 404
    assert await codes() == []


async def test_select_insists_on_the_scope():
    await area(YUANYUAN)
    text = "select area from area where area like :scope"
    assert await select(scope_of(YUANYUAN), text) == [{"area": YUANYUAN}]
    assert await select(scope_of(HUAXI), text) == []
    for without in ("select area from area", "select ':scope' as area -- :scope"):
        with pytest.raises(ValueError, match=":scope"):
            await select(EVERYWHERE, without)


async def test_copy_takes_json_and_joins_the_transaction():
    keys = ["id", "area", "kind", "on_day", "gone", "made", "moves", "by_name", "at"]
    day = datetime(2026, 1, 1, tzinfo=UTC)
    row = (uuid4(), CAOYANG, "split", day.date(), ["a"], [{"code": "b"}], [], "沈敏", day)
    with pytest.raises(RuntimeError):
        async with transaction():
            await copy_rows("area_change", keys, [row])
            raise RuntimeError
    await copy_rows("area_change", keys, [row])
    assert await sql("select made->0->>'code' as code from area_change") == [{"code": "b"}]


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("postgresql://u:p%40ss@db:6543/na%20me", {"host": "db", "port": 6543, "password": "p@ss"}),
        ("postgresql:///jucun?host=/run/pg", {"host": "/run/pg", "ssl": False}),
        ("postgresql://db", {"database": "postgres", "user": "postgres", "ssl": "prefer"}),
        ("postgresql://db/x?sslmode=verify-full", {"ssl": "verify-full", "database": "x"}),
        ("postgresql://db/na%20me", {"database": "na me"}),
    ],
)  # fmt: skip
def test_credentials(url, part):
    given = db.credentials(url)
    assert {key: given[key] for key in part} == part


async def test_what_the_database_refuses_is_told_apart_from_its_absence():
    with pytest.raises(Exception, match="invalid input") as found:
        await sql("select :a::uuid", a="not one")
    assert db.refused(found.value) and not db.away(found.value)
    assert db.away(ConnectionRefusedError()) and not db.refused(ConnectionRefusedError())
    assert not db.away(ValueError()) and not db.refused(ValueError())


async def area(code, scope=EVERYWHERE):
    await place(scope, AreaRow, area=code, id=uuid4(), name="x", kind="k", kind_label="居委会")


async def codes():
    return [r["area"] for r in await sql("select area from area order by area")]


ONE = "insert into area_heritage (id, old, new, on_day) values (:id, :old, 'b', '2026-01-01')"


async def olds():
    return [row["old"] for row in await sql("select old from area_heritage order by old")]


async def test_what_waits_is_sent_before_the_next_statement_and_at_the_end():
    first, second = uuid4(), uuid4()
    async with transaction():
        await db.later(ONE, id=first, old="1:a::b")
        await db.later(ONE, id=second, old="2")
        assert await olds() == ["1:a::b", "2"]
        await db.later("update area_heritage set old = 'z' where id = :id", id=second)
    assert await olds() == ["1:a::b", "z"]


@pytest.mark.parametrize("lazily", [False, True])
async def test_what_waits_goes_down_with_its_transaction(lazily):
    async with transaction(lazily=lazily):
        await db.later(ONE, id=uuid4(), old="kept")
        with pytest.raises(ZeroDivisionError):
            async with transaction(lazily=lazily):
                await db.later(ONE, id=uuid4(), old="gone")
                raise ZeroDivisionError
    assert await olds() == ["kept"]


@pytest.mark.parametrize("lazily", [False, True])
async def test_one_that_fails_takes_all_with_it(lazily):
    twice = uuid4()
    with pytest.raises(db.IntegrityError):
        async with transaction(lazily=lazily):
            await db.later(ONE, id=twice, old="a")
            await db.later(ONE, id=twice, old="b")
    assert await olds() == []


async def test_a_lazy_transaction_begins_with_its_first_other_statement():
    with pytest.raises(ZeroDivisionError):
        async with transaction(lazily=True):
            await db.glance(EVERYWHERE, "select 1 from area where area like :scope")
            await sql(ONE, id=uuid4(), old="gone")
            raise ZeroDivisionError
    assert await olds() == []


async def test_a_lazy_write_notices_that_it_was_overtaken():
    row = uuid4()
    await sql(ONE, id=row, old="was")
    with pytest.raises(Problem, match="刚才有人同时改了"):
        async with transaction(lazily=True):
            await db.later(ONE, id=uuid4(), old="gone")
            await db.later(
                "update area_heritage set old = expected(2, :want)::text where id = :id",
                want=1,
                id=row,
            )
    assert await olds() == ["was"]


async def test_a_row_that_is_placed_begins_a_lazy_transaction_too():
    with pytest.raises(ZeroDivisionError):
        async with transaction(lazily=True):
            await area(YUANYUAN)
            raise ZeroDivisionError
    assert await codes() == []


async def test_outside_of_a_transaction_nothing_waits():
    await db.later(ONE, id=uuid4(), old="at once")
    assert await olds() == ["at once"]


async def test_a_lazy_transaction_gives_its_connection_back(settings):
    for _ in range(settings.pool * 3):
        async with transaction(lazily=True):
            await db.glance(EVERYWHERE, "select 1 from area where area like :scope")
    assert await asyncio.wait_for(codes(), 2) == []


async def test_lazy_transactions_that_begin_after_all_do_not_wait_for_each_other(settings):
    """Each holds a connection from its glance on; none may wait for a second one."""
    everybody = asyncio.Barrier(settings.pool)

    async def one():
        async with transaction(lazily=True):
            await db.glance(EVERYWHERE, "select 1 from area where area like :scope")
            await everybody.wait()
            await area(YUANYUAN)
            raise ZeroDivisionError

    waiting = asyncio.gather(*(one() for _ in range(settings.pool)), return_exceptions=True)
    ended = await asyncio.wait_for(waiting, 30)
    assert {type(error) for error in ended} == {ZeroDivisionError} and await codes() == []


async def test_texts_given_together_share_their_values():
    row = uuid4()
    await sql(ONE, id=row, old="was")
    async with transaction():
        await db.later(
            "update area_heritage set old = :old where id = :id",
            ONE.replace(":id", ":other").replace("'b'", "'c'"),
            id=row,
            other=uuid4(),
            old="is",
        )
        await db.later(ONE, id=uuid4(), old="more")
    assert await olds() == ["is", "is", "more"]


async def test_what_waits_gets_exactly_what_it_names():
    with pytest.raises(TypeError, match="statement wants"):
        async with transaction():
            await db.later(ONE, id=uuid4())
