"""Every endpoint of the product against what nobody should send: a refusal, never a fault."""

import logging
import re
from datetime import date
from urllib.parse import urlencode
from uuid import uuid4

import orjson
import pytest
from yarl import URL

from backend.app import ENDPOINTS, FORMS, openapi
from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.engine.clocks.load import load_calendar
from backend.features.catalogue.catalogue import Catalogue
from backend.features.returns.actions import tasks
from tests.cast import CAST, YUANYUAN
from tests.conftest import As, sweep
from tests.residents import household, person
from tests.seeds import plant

JUNK = [
    None,
    True,
    -1,
    2**31,
    2**63,
    1e308,
    0.1,
    "",
    " ",
    "x" * 5000,
    "a\0b",
    "'; drop table audit --",
    "%_\\",
    "２０２６",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "310199195001010018",
    YUANYUAN,
    "\U0001f600\u202e\ufeff",
    [],
    [[[]]],
    {},
    {"$ref": "#"},
    [{"field": "x", "remark": "y"}],
    [str(uuid4())],
]
SEGMENTS = [
    "x",
    "%00",
    "0",
    "-1",
    "2147483648",
    "9" * 30,
    "L01",
    "..%2f..",
    str(uuid4()),
    YUANYUAN,
    "%ff",
]
# outside systems that are not there answer 502 and 503, and are right to do so
HONEST = {502, 503}

contract = openapi()


def actor_for(verb):
    return next((name for name, actor in CAST.items() if verb is None or actor.may(verb)), None)


def resolved(schema):
    while "$ref" in schema:
        schema = contract["components"]["schemas"][schema["$ref"].split("/")[-1]]
    return schema


def example(schema, depth=0):
    """Something that fits a schema, as small as it may be."""
    schema = resolved(schema)
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    if "anyOf" in schema or "oneOf" in schema:
        return example((schema.get("anyOf") or schema["oneOf"])[0], depth + 1)
    kind = schema.get("type")
    if kind == "object":
        required = schema.get("required", [])
        return (
            {k: example(schema["properties"][k], depth + 1) for k in required} if depth < 5 else {}
        )
    if kind == "array":
        return [example(schema.get("items", {}), depth + 1)] if schema.get("minItems") else []
    return {
        "integer": max(1, schema.get("minimum", 1)),
        "number": 1.5,
        "boolean": True,
        "null": None,
        "string": text(schema),
    }.get(kind, "x")


def text(schema):
    formats = {"uuid": str(uuid4()), "date": "2026-10-08", "date-time": "2026-10-08T08:00:00+08:00"}
    if "pattern" in schema:
        return YUANYUAN
    return formats.get(schema.get("format"), "居民" * max(1, schema.get("minLength", 1)))


def bodies(endpoint, things):
    """One body that fits, and for each of its fields every kind of junk; then what is no body."""
    operation = contract["paths"][endpoint.path][endpoint.method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if not content:
        yield None
        return
    schema = resolved(content["schema"])
    names = schema.get("properties", {})
    good = example(schema) | {name: things[name] for name in names if name in things}
    for name in names:
        for junk in JUNK:
            yield orjson.dumps(good | {name: junk}, default=str)
            if isinstance(good.get(name), dict):  # answers and values: junk in place of one value
                for key in good[name]:
                    yield orjson.dumps(good | {name: good[name] | {key: junk}}, default=str)
    yield from (b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"a": NaN}')
    yield orjson.dumps(good)


def queries(endpoint):
    operation = contract["paths"][endpoint.path][endpoint.method.lower()]
    yield {}
    for p in operation["parameters"]:
        if p["in"] == "query":
            for junk in JUNK:
                yield {p["name"]: junk if isinstance(junk, str) else orjson.dumps(junk).decode()}


def paths(endpoint, things):
    yield re.sub(r"{(\w+)}", lambda m: str(things.get(m[1], uuid4())), endpoint.path)
    for segment in SEGMENTS if "{" in endpoint.path else ():
        yield re.sub(r"{\w+}", segment, endpoint.path)


@pytest.fixture(scope="module")
async def things(server):
    """A committee that is alive: neighbours, and a return that is due. One for all endpoints."""
    catalogue = Catalogue.read([FORMS])
    alice = As(server, "alice")
    await sweep()
    await plant()
    with clock.pretend_everywhere(clock.at(date(2026, 10, 8), 9)):
        elder = person("王秀英", "1948-03-02", phone="13800138000")
        people = await household(catalogue, YUANYUAN, 1, elder)
        await tasks.open_due(SYSTEM, catalogue, load_calendar(FORMS / "calendar"))
        due = await (await alice.get("/api/due")).json()
        line = next(line for line in due if line["form"] == "T03")
        sheet = await (await alice.get(f"/api/returns/{line['return_id']}")).json()
        house = (await sql("select id from house"))[0]["id"]
        yield {
            "sheet": sheet["id"],
            "task": sheet["task_id"],
            "rev": sheet["rev"],
            "form_version": sheet["form"]["version"],
            "answers": {field: 1 for field in sheet["asked"]} or {"note": "x"},
            "values": {"phone": "13800138001", "residence_status": "1", "birth": "1950-01-01"},
            "field": sheet["definition"]["fields"][0]["key"],
            "person": str(people[0]),
            "house": str(house),
            "code": "L15",
            "key": "population",
            "form": "T03",
            "period": "2026Q3",
        }


@pytest.fixture(scope="module", autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def named(endpoint):
    return f"{endpoint.method} {endpoint.path}"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=named)
async def test_no_fault(server, things, endpoint):
    headers = {"Content-Type": "application/json"}
    if who := actor_for(endpoint.verb):
        headers["Authorization"] = f"Bearer {who}"
    usual, *odd = paths(endpoint, things)
    first, *others = bodies(endpoint, things)
    asked = [(path, {}, first) for path in odd]
    asked += [(usual, query, None) for query in queries(endpoint)]
    asked += [(usual, {}, body) for body in (first, *others)]
    faults = []
    for path, query, body in asked:
        url = path + ("?" + urlencode(query) if query else "")
        async with server.request(
            endpoint.method,
            URL(url, encoded=True),
            data=body,
            headers=headers,
            allow_redirects=False,
        ) as answer:
            said = await answer.read()
        if answer.status >= 500 and answer.status not in HONEST:
            faults.append((url[:200], body and body[:300], answer.status, said.decode()))
        elif answer.status >= 400:
            told = orjson.loads(said)
            assert told["code"] and told["title"], (url, told)
    assert faults == []
