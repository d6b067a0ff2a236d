"""A month of sensors in the demo's district: what devices said, and what people made of it.

The detector above a kitchen cries wolf every day and has been found out; everything before
yesterday has somebody's word on it, the last alarms wait for one.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from backend.core import clock
from backend.core.access import SYSTEM, Actor
from backend.core.ports import Ports
from backend.core.scope import scope_of
from backend.engine.sensors.measures import Measures
from backend.features.accounts.store import staff
from backend.features.connectors import pull
from backend.features.connectors.feeds import Feeds
from backend.features.orders.handbook import Handbook
from backend.features.sensors import actions, silence, warnings
from backend.features.sensors.shapes import AlarmFilter, AlarmLine, Judgement
from backend.sandbox.demo.past import STREET
from backend.sandbox.demo.planting import CORP_ID

Tell = Callable[[str], None]

_PAGE = 200
_WAITING = timedelta(hours=30)  # what is younger waits for somebody's word
_NOTES = ("已上门看过。", "电话核实过。", "", "", "与住户一起看的。")
_OTHER = ("水汽灰尘", "测试误触", "短时波动", "信号中断")


async def play(ports: Ports, tell: Tell) -> None:
    """Pull what the platform has kept, then judge it as the committees did."""
    tell("sensors, from the street's platform")
    await pull.pull(ports[Feeds], "alarms")
    measures, book = ports[Measures], ports[Handbook]
    await silence.listen(SYSTEM, measures, book)
    tell("what people made of the alarms")
    rng, people = Random("alarms"), await _people()
    for line in [one async for one in _past(measures)]:
        if worker := people.get(line.area.code):
            await _judge(rng, worker, measures, line)
    await silence.settle(SYSTEM, measures)
    await warnings.look_around(SYSTEM, measures, book)


async def _people() -> dict[str, Actor]:
    """Somebody at work in each committee of the street."""
    found: dict[str, Actor] = {}
    for one in sorted((await staff.of_corp(CORP_ID)).values(), key=lambda one: one.userid):
        actor = await staff.acting(one.id) if one.area not in found else None
        if actor is not None and actor.may(actions.JUDGE):
            found[one.area] = actor
    return found


async def _past(measures: Measures) -> AsyncIterator[AlarmLine]:
    """Alarms of the street before yesterday, the latest first."""
    reader = replace(SYSTEM, scope=scope_of(STREET), area=STREET)
    cursor: str | None = None
    while True:
        page = await actions.alarm_list(reader, measures, AlarmFilter(limit=_PAGE, cursor=cursor))
        for line in page.rows:
            if line.last_at < clock.now() - _WAITING:
                yield line
        if (cursor := page.next) is None:
            return


async def _judge(rng: Random, worker: Actor, measures: Measures, line: AlarmLine) -> None:
    """Within a few hours, by somebody of the committee."""
    real, reason = _verdict(rng, line)
    body = Judgement(rev=line.rev, real=real, reason=reason, note=rng.choice(_NOTES) or None)
    with clock.pretend(_later(rng, line.last_at)):
        await actions.judge(worker, measures, line.id, body)


def _later(rng: Random, moment: datetime) -> datetime:
    return moment + timedelta(minutes=rng.randrange(8, 240))


def _verdict(rng: Random, line: AlarmLine) -> tuple[bool, str | None]:
    """Water and doors are mostly right; smoke is mostly cooking, one detector always."""
    share, reason = {
        "smoke": (0.12, "做饭油烟"),
        "gas": (0.6, "测试误触"),
        "heat": (0.7, "阈值过低"),
        "door": (0.85, "人员外出"),
        "lift": (0.75, "信号中断"),
        "water": (0.9, "短时波动"),
    }.get(line.kind, (0.5, "设备故障"))
    if rng.random() < share:
        return True, None
    return False, reason if rng.random() < 0.8 else rng.choice(_OTHER)
