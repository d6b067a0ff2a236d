"""The one door in front of every use case: permission, one transaction, one trace."""

import ast
import re
from datetime import date
from uuid import UUID, uuid4

import pytest

from backend.core import access
from backend.core.access import SYSTEM, VERBS, act, look
from backend.core.db import place, sql
from backend.core.problems import Problem
from backend.core.scope import EVERYWHERE
from backend.core.shape import Shape
from backend.features.areas.tables import AreaRow
from backend.settings import HOME
from tests.cast import CAST, YUANYUAN

BOB = access.Actor(UUID(int=2), "顾建平", frozenset({"thing.do"}), EVERYWHERE, YUANYUAN)


class Done(Shape):
    ref: str
    facts: dict[str, int]


@act("thing.do", "做事")
async def do(actor, fail: bool = False) -> Done:
    ended = {"name": "x", "kind": "k", "kind_label": "l", "valid_to": date(2026, 1, 1)}
    await place(EVERYWHERE, AreaRow, area=YUANYUAN, id=uuid4(), **ended)
    if fail:
        raise RuntimeError
    return Done(ref="thing:1", facts={"n": 3})


@act("thing.do", "做事")
async def twice(actor) -> None:
    await do(actor)
    await do(actor)


@look("thing.see", "看事")
async def see(actor) -> int:
    return len(await sql("select 1 from area"))


@pytest.fixture(autouse=True)
def labels(swept):
    yield
    assert VERBS["thing.do"] == "做事"


async def trace():
    return await sql("select actor_id, actor, area, verb, subject, facts from audit order by id")


async def test_an_act_leaves_one_row():
    await do(BOB)
    assert await trace() == [
        {
            "actor_id": BOB.id,
            "actor": "顾建平",
            "area": YUANYUAN,
            "verb": "thing.do",
            "subject": "thing:1",
            "facts": {"n": 3},
        }
    ]
    assert await see(SYSTEM) == 1


async def test_a_failure_leaves_nothing():
    with pytest.raises(RuntimeError):
        await do(BOB, fail=True)
    assert await trace() == [] and await see(SYSTEM) == 0


async def test_without_the_verb_nothing_happens():
    with pytest.raises(Problem) as refusal:
        await do(CAST["greta"])
    assert (refusal.value.status, refusal.value.code) == (403, "access.denied")
    assert "做事" in refusal.value.title
    with pytest.raises(Problem):
        await see(BOB)
    assert await trace() == [] and await see(SYSTEM) == 0


async def test_an_act_within_an_act_is_its_own_row_and_falls_with_it():
    await twice(BOB)
    assert [row["subject"] for row in await trace()] == ["thing:1", "thing:1", ""]

    @act("thing.do", "做事")
    async def half(actor) -> None:
        await do(actor)
        await do(actor, fail=True)

    with pytest.raises(RuntimeError):
        await half(BOB)
    assert len(await trace()) == 3


async def test_a_look_leaves_no_row():
    await see(SYSTEM)
    assert await trace() == []


def test_the_system_may_do_what_has_a_verb():
    assert SYSTEM.may("thing.do") and SYSTEM.may("anything.else")
    assert SYSTEM.who == (None, "系统", "310107000000")


def test_a_verb_has_one_label_wherever_it_stands():
    labels = {}
    for path in (HOME / "backend").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("act", "look"):
                verb, label = (ast.literal_eval(argument) for argument in node.args[:2])
                labels.setdefault(verb, {})[label] = path.name
    assert len(labels) > 10
    assert {verb: told for verb, told in labels.items() if len(told) > 1} == {}
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", verb) for verb in labels)
