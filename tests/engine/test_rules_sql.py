"""Rules in PostgreSQL agree with Python: on every example, and on thousands of random rules."""

import json
import math
import random
from datetime import date, datetime
from pathlib import Path

import asyncpg
import pytest

from backend.engine.rules.evaluate import evaluate
from backend.engine.rules.language import PRECEDENCE, variables
from backend.engine.rules.parse import parse
from backend.engine.rules.sql import NotInSql, Parameters, Sql, condition, to_sql
from backend.engine.rules.values import equal
from tests.conftest import SERVER

FILE = json.loads(Path(__file__).with_name("rules_examples.json").read_text(encoding="utf-8"))
EXAMPLES = [example for example in FILE["examples"] if "rule" in example]
TYPES = FILE["types"]
COLUMNS = {name: Sql(f"r.{name}", kind) for name, kind in TYPES.items()}
PG_TYPES = {
    "number": "float8",
    "text": "text",
    "bool": "boolean",
    "date": "date",
    "datetime": "timestamptz",
    "codes": "text[]",
    "list": "jsonb",
}


@pytest.fixture(scope="module")
async def rows():
    """A temporary table with a typed column for every name of the example file."""
    connection = await asyncpg.connect(SERVER)
    await connection.execute("set timezone = 'UTC'")
    columns = ", ".join(f"{name} {PG_TYPES[kind]}" for name, kind in TYPES.items())
    await connection.execute(f"create temp table r ({columns})")
    yield connection
    await connection.close()


async def fill(connection, context):
    names = list(TYPES)
    values = [_stored(TYPES[name], context.get(name)) for name in names]
    places = ", ".join(f"${i + 1}" for i in range(len(names)))
    await connection.execute("delete from r")
    await connection.execute(f"insert into r ({', '.join(names)}) values ({places})", *values)


def _stored(kind, value):
    if value is None:
        return None
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "datetime":
        return datetime.fromisoformat(value)
    return json.dumps(value) if kind == "list" else value


def plain(value, kind):
    if kind == "date" and value is not None:
        return value.isoformat()
    return json.loads(value) if kind == "list" and value is not None else value


async def in_sql(connection, ast):
    """The value of a rule, and whether it holds as a condition; None when it is not for SQL."""
    parameters = Parameters()
    try:
        value, test = to_sql(ast, COLUMNS, parameters), condition(ast, COLUMNS, parameters)
    except NotInSql:
        return None
    text = f"select {value.text} as value, coalesce({test}, false) as holds from r"
    text, values = parameters.numbered(text)
    row = await connection.fetchrow(text, *values)
    return plain(row["value"], value.type), row["holds"], value.type


async def test_every_example_that_sql_can_tell_holds(rows):
    told = 0
    for example in EXAMPLES:
        context = FILE["given"] | example.get("with", {})
        await fill(rows, context)
        got = await in_sql(rows, parse(example["rule"]))
        if got is None:
            continue
        told += 1
        value, holds, kind = got
        if kind != "datetime":
            assert equal(value, example["is"]), (example, value)
        assert holds is (example["is"] is True), example
    assert told > 150


def test_what_sql_cannot_tell_is_refused():
    for text in ("sum(items.q)", "person.name", "missing == 1", "id_sex(name)", "flag ? 1 : 'a'"):
        with pytest.raises(NotInSql):
            to_sql(parse(text), COLUMNS, Parameters())


def test_named_parameters_are_shared_and_carry_a_prefix():
    given = Parameters(prefix="l02_")
    text = condition(parse("code == '31' || name == '31' || age > 31"), COLUMNS, given)
    assert given.values == {"l02_1": "31", "l02_2": 31.0}
    assert text.count(":l02_1") == 2


def test_an_age_is_compared_by_birth_so_that_an_index_can_serve():
    given = Parameters()
    text = condition(parse("age(day, '2024-02-29') >= 61"), COLUMNS, given)
    assert text == "(r.day <= cast(:p1 as date))"
    assert given.values == {"p1": date(1963, 2, 28)}


NUMBERS = [0, 1, 2.5, -3, 60, 1e15, 0.1]
TEXTS = ["", "王", "王小明", "31", "a😀b", "独居", "Z", "2026-11-23", "2024-02-29", "2026-02-30"]


def _context(chance):
    return {
        "age": chance.choice([0, 5, 65, 70.5, -3, None]),
        "n": chance.choice([0, 1, 2, 3, 0.1, -7, 2.675, 1.005]),
        "m": chance.choice([None, -7.5, 1e15]),
        "name": chance.choice(["", "王小明", "a😀b", "12", "王", None]),
        "code": chance.choice(["31", "Z", None]),
        "day": chance.choice(["2026-02-28", "2024-02-29", "1950-12-01", None]),
        "at": chance.choice(["2026-11-30T23:30:00+08:00", "2026-12-01T00:10:00+08:00", None]),
        "said": chance.choice([*TEXTS, "2026-11-23T10:00:00+08:00", "2026-11-23x", None]),
        "flag": chance.choice([True, False, None]),
        "tags": chance.choice([[], ["独居"], ["高龄", "王"], None]),
        "kinds": chance.choice([[], ["a", "31"], ["独居"], None]),
        "nothing": None,
        "nobody": None,
        "never": None,
    }


def _rule(chance, depth=0):
    """A random tree that mostly makes sense: comparisons of likes, combined by logic."""
    if depth > 3 or chance.random() < 0.25:
        return _leaf(chance)
    pick = chance.random()
    if pick < 0.55:
        op = chance.choice([*PRECEDENCE])
        return ["bin", op, _rule(chance, depth + 1), _rule(chance, depth + 1)]
    if pick < 0.65:
        return [chance.choice(["neg", "not"]), _rule(chance, depth + 1)]
    if pick < 0.72:
        return ["if", *[_rule(chance, depth + 1) for _ in range(3)]]
    if pick < 0.78:
        return ["bin", "in", _rule(chance, depth + 1), _list(chance)]
    name = chance.choice(CALLED)
    return ["call", name, *[_rule(chance, depth + 1) for _ in range(ARGUMENTS[name])]]


ARGUMENTS = {
    "abs": 1, "add_days": 2, "age": 2, "coalesce": 2, "contains": 2, "day": 1, "days": 2,
    "empty": 1, "len": 1, "max": 2, "min": 2, "month": 1, "round": 1, "starts": 2, "within": 3,
    "year": 1,
}  # fmt: skip
CALLED = [*ARGUMENTS]


def _leaf(chance):
    if chance.random() < 0.6:
        return ["var", chance.choice([*TYPES])]
    return ["lit", chance.choice([*NUMBERS, *TEXTS, True, False, None])]


def _list(chance):
    return ["list", *[_leaf(chance) for _ in range(chance.randint(0, 3))]]


def _same(got, want):
    if type(got) is float and type(want) in (int, float):
        return math.isclose(got, want, rel_tol=1e-12, abs_tol=1e-12)
    return equal(got, want)


@pytest.mark.parametrize("seed", range(3))
async def test_random_rules_agree_with_python(rows, seed):
    chance = random.Random(seed)
    told = known = 0
    for _ in range(40):
        context = _context(chance)
        await fill(rows, context)
        for _ in range(50):
            ast = _rule(chance)
            if "nothing" in variables(ast) and chance.random() < 0.7:
                continue
            got = await in_sql(rows, ast)
            if got is None:
                continue
            want = evaluate(ast, context)
            told, known = told + 1, known + (want is not None)
            value, holds, kind = got
            where = f"seed {seed}: {json.dumps(ast, ensure_ascii=False)} with {context}"
            assert kind == "datetime" or _same(value, want), f"{where}: {value!r}, not {want!r}"
            assert holds is (want is True), where
    assert told > 1000 and known > 300
