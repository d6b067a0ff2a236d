"""The chain over the trace: whoever changes, removes or moves a row is found, and the row named."""

import asyncio
from uuid import uuid4

import pytest

from backend.core import audit, seal
from backend.core.db import sql, transaction
from tests.cast import YUANYUAN

pytestmark = pytest.mark.usefixtures("swept")

BOB = (uuid4(), "顾建平", YUANYUAN)


async def write(count, verb="thing.do"):
    return [await audit.record(BOB, verb, f"thing:{n}", {"n": n}) for n in range(count)]


async def numbers():
    found = await sql("select subject, seal_no from audit order by seal_no nulls last, id")
    return [(row["subject"].removeprefix("thing:"), row["seal_no"]) for row in found]


async def test_rows_are_chained_in_order():
    await write(3)
    assert await seal.seal_once() == 3 and await seal.seal_once() == 0
    await write(2)
    assert await seal.seal_once() == 2
    assert [n for _, n in await numbers()] == [1, 2, 3, 4, 5]
    verdict = await seal.check()
    assert verdict.whole and (verdict.sealed, verdict.unsealed) == (5, 0)


async def test_nothing_to_check_is_whole():
    assert (await seal.check()).whole


async def test_a_late_committer_does_not_break_the_chain():
    """A slow transaction took its id first and commits after younger rows were sealed."""
    wrote, sealed = asyncio.Event(), asyncio.Event()

    async def slow():
        async with transaction():
            await audit.record(BOB, "thing.do", "thing:slow", {})
            wrote.set()
            await sealed.wait()

    task = asyncio.create_task(slow())
    await wrote.wait()
    await write(2)
    assert await seal.seal_once() == 2
    sealed.set()
    await task
    assert await seal.seal_once() == 1
    assert await numbers() == [("0", 1), ("1", 2), ("slow", 3)]
    assert (await seal.check()).whole


async def test_two_sealers_at_once():
    await write(40)
    done = await asyncio.gather(*(seal.seal_once() for _ in range(4)))
    assert sum(done) == 40 and sorted(done)[-1] == 40
    assert (await seal.check()).sealed == 40


async def test_more_than_a_batch(monkeypatch):
    monkeypatch.setattr(seal, "_BATCH", 7)
    await write(20)
    assert [await seal.seal_once() for _ in range(4)] == [7, 7, 6, 0]
    await write(16)
    assert (await seal.check()).whole and (await seal.check()).unsealed == 16


TAMPERING = {
    "at": "at + interval '1 hour'",
    "at_endless": "'infinity'",
    "actor_id": "gen_random_uuid()",
    "actor": "'别人'",
    "area": "'310107005003'",
    "verb": "'thing.undo'",
    "subject": "'thing:9'",
    "facts": """'{"n": 99}'""",
    "facts_odd": """'[1e400]'""",
    "request": "'other'",
    "mac": "sha256(mac)",
    "chain": "sha256(chain)",
    "id": "gen_random_uuid()",
}


@pytest.mark.parametrize("column", TAMPERING)
async def test_tampering_with_a_sealed_row_is_found_and_named(tamper, column):
    made = await write(5)
    await seal.seal_once()
    name = column.partition("_")[0] if column.endswith(("endless", "odd")) else column
    async with tamper():
        await sql(f"update audit set {name} = {TAMPERING[column]} where id = :id", id=made[2])
    verdict = await seal.check()
    assert not verdict.whole and verdict.sealed == 2
    row = (await sql("select id, verb from audit where seal_no = 3"))[0]
    assert str(row["id"]) in verdict.broken and row["verb"] in verdict.broken
    assert "第 3 行断开" in str(verdict)


@pytest.mark.parametrize("column", [c for c in TAMPERING if c not in ("chain", "id")])
async def test_tampering_before_the_seal_is_found_before_and_after_it(tamper, column):
    made = await write(3)
    name = column.partition("_")[0] if column.endswith(("endless", "odd")) else column
    async with tamper():
        await sql(f"update audit set {name} = {TAMPERING[column]} where id = :id", id=made[1])
    before = await seal.check()
    assert not before.whole and str(made[1]) in before.broken
    await seal.seal_once()
    after = await seal.check()
    assert after.sealed == 1 and str(made[1]) in after.broken


async def test_a_row_added_by_hand_is_found(tamper):
    await write(2)
    async with tamper():
        await sql(
            """insert into audit select gen_random_uuid(), at, actor_id, actor, area, verb, subject,
               facts, request, mac, pending, attempts from audit limit 1"""
        )
    assert "内容被改动" in (await seal.check()).broken


async def test_a_missing_row_in_the_middle(tamper):
    made = await write(5)
    await seal.seal_once()
    async with tamper():
        await sql("delete from audit where id = :id", id=made[2])
    verdict = await seal.check()
    assert verdict.sealed == 2 and verdict.broken.startswith("第 3 行缺失")
    assert str(made[3]) in verdict.broken


async def test_a_missing_row_at_the_end(tamper):
    made = await write(5)
    await seal.seal_once()
    async with tamper():
        await sql("delete from audit where id = any(:ids)", ids=made[3:])
    verdict = await seal.check()
    assert verdict.sealed == 3 and verdict.broken.startswith("第 4 行起缺失")


async def test_an_end_cut_off_with_its_heads_is_found_by_a_logged_head(tamper):
    made = await write(3)
    await seal.seal_once()
    await write(2)
    await seal.seal_once()
    whole = await seal.check()
    logged = seal.spelled(whole.sealed, whole.head)
    assert logged in str(whole)
    async with tamper():
        await sql("delete from audit where seal_no > 3")
        await sql("delete from audit_head where seal_no > 3")
    assert (await seal.check()).whole  # the database alone cannot know
    verdict = await seal.check(seal.read_head(logged))
    assert not verdict.whole and verdict.broken.startswith("第 4 行起缺失")
    assert len(made) == 3


async def test_a_rewritten_chain_is_found_by_a_logged_head(tamper):
    await write(3)
    await seal.seal_once()
    logged = seal.spelled(3, (await seal.check()).head)
    async with tamper():
        await sql("delete from audit where seal_no = 2")
        await sql("update audit set seal_no = null, chain = null")
        await sql("delete from audit_head")
    await seal.seal_once()
    await write(1)
    await seal.seal_once()
    assert (await seal.check()).whole
    assert not (await seal.check(seal.read_head(logged))).whole


async def test_rows_swapped_and_unsealed_rows_are_found(tamper):
    made = await write(4)
    await seal.seal_once()
    async with tamper():
        await sql("update audit set seal_no = null where id = :id", id=made[1])
        await sql("update audit set seal_no = 2 where id = :id", id=made[2])
        await sql("update audit set seal_no = 3 where id = :id", id=made[1])
    verdict = await seal.check()
    assert verdict.sealed == 1 and str(made[2]) in verdict.broken


async def test_a_false_head_is_found(tamper):
    await write(2)
    await seal.seal_once()
    async with tamper():
        await sql("update audit_head set chain = sha256(chain)")
    assert "链头不符" in (await seal.check()).broken


def test_a_head_is_read_as_it_is_written():
    assert seal.read_head(seal.spelled(7, b"\x01" * 32)) == (7, b"\x01" * 32)
    for text in ("", "x", "7", "7:zz", "7:00"):
        with pytest.raises(ValueError, match=r".+"):
            seal.read_head(text)


def test_what_a_verdict_says():
    assert str(seal.Verdict(1204, 3, b"\0" * 32)).startswith("审计链完好：1,204 行，另有 3 行待封")
