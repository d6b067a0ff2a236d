"""A street with a month behind it: orders of the past, with what became of them."""

from itertools import count

from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.features.orders import intake
from backend.features.orders.bodies import Incoming
from tests.cast import YUANYUAN
from tests.features.orders.conftest import book, catalogue, street, units  # noqa: F401

MONTH = {"from": "2026-09-14", "to": "2026-10-12"}
_numbers = count(1)


async def past(book, n, area=YUANYUAN, day="2026-10-05", **facts):  # noqa: F811
    """`n` orders of a day. Facts: on_time, contacted (clocks that ran out that day), solved,
    satisfied (called back that day), redo, closed; the rest goes into the order as it came in."""
    became = {key: facts.pop(key) for key in _BECAME if key in facts}
    moment = f"{day} 10:00+08"
    body = {
        "system": "hotline",
        "source": "01",
        "area": area,
        "title": "楼道堆物没人清理",
        "content": "楼道里堆满纸箱，走路都困难。",
        "category": "H0703",
        "received_at": f"{day}T09:00:00+08:00",
        **facts,
    }
    new = [
        Incoming.model_validate({"system_no": f"B{next(_numbers):05}", **body}) for _ in range(n)
    ]
    async with transaction():
        ids = await intake.take(SYSTEM, book, new)
    for kind, key in (("handle", "on_time"), ("contact", "contacted")):
        if key in became:
            await _ran_out(ids, kind, moment, met=became[key])
    if became.keys() & {"solved", "satisfied"}:
        await _change(ids, "called_at = :value::text::timestamptz", moment)
        await _change(ids, "solved = :value::boolean", became.get("solved"))
        await _change(ids, "satisfied = :value::text", became.get("satisfied"))
    if "redo" in became:
        await _change(ids, "redo = :value::int", became["redo"])
    if became.get("closed"):
        await _change(ids, "stage = 'closed', closed_at = :value::text::timestamptz", moment)
    return [str(one) for one in ids]


_BECAME = ("on_time", "contacted", "solved", "satisfied", "redo", "closed")


async def _ran_out(ids, kind, moment, *, met):
    await sql(
        """insert into order_clock (id, order_id, kind, amount, unit, round_clock, started_at,
             pauses, due_at, met_at, void, alarmed, rule)
           select gen_random_uuid(), o, :kind, 1, '工作日', false, :at::text::timestamptz, '[]',
             :at::text::timestamptz, :at::text::timestamptz + :late::int * interval '1 hour',
             false, 0, ''
           from unnest(:ids::uuid[]) as o""",
        ids=ids,
        kind=kind,
        at=moment,
        late=-1 if met else 3,
    )


async def _change(ids, how, value):
    await sql(f"update work_order set {how} where id = any(:ids)", ids=ids, value=value)


async def fetched(as_, who, path, **query):
    response = await as_(who).get(path, **query)
    assert response.status == 200, await response.text()
    return await response.json()


def line(table, label):
    return next(row for row in table["rows"] if row["label"] == label)


def shown(row):
    """What a line's counts are shown as, zeros left out."""
    return {name: each["shown"] for name, each in row["counts"].items() if each["shown"] != "0"}
