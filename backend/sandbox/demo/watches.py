"""Duty in the demo's complete street: this month's roster, handed over day by day, and the exercise
(演练) of last month, from the switch to the closing report. All through the use cases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import SYSTEM, Actor
from backend.core.ports import Ports
from backend.core.scope import scope_of
from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.periods import flash_at
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.duty.actions import (
    calling,
    caring,
    lending,
    log,
    reporting,
    roster,
    switching,
)
from backend.features.duty.emergencies import (
    Begin,
    ByPhone,
    Confirm,
    Emergency,
    End,
    Mark,
    NeedFilter,
    NewCall,
    NewLoan,
    Returned,
    Said,
)
from backend.features.duty.plan import Plan
from backend.features.duty.shapes import NewLine, Offer, PlannedShift, Roster, Shift, Take
from backend.features.duty.shapes import RosterQuery as Days
from backend.features.ledgers import actions as ledgers
from backend.features.ledgers.passing import Orders
from backend.features.ledgers.shapes import NewEntry
from backend.features.returns.actions import filling
from backend.features.returns.actions import tasks as returns
from backend.features.returns.shapes import Draft
from backend.sandbox.demo.past import LEFT_OPEN, STREET, settled
from backend.sandbox.demo.planting import CORP_ID

Tell = Callable[[str], None]

LATELY = 3  # days of hand-overs everywhere; 源园 has handed over the whole month
PHONE = "021-6254{:04d}"
_QUIET = "当班无异常，钥匙和对讲机已交接。"
_EVENTS = (
    ("居民来电", "5号楼楼道灯不亮", "已报物业，下午修好。"),
    ("巡查", "北门口堆放纸箱，影响通行", "当场清理。"),
    ("物业来电", "2号楼电梯困人，已解救", "电话报街道，无人受伤。"),
    ("居民上门", "反映夜间装修噪声", "上门劝阻，已停工。"),
)
_PATROL = "22:30巡查小区一圈，门岗、车棚无异常。"
_STORES = (
    ("沙袋", "25kg", "只", 60, 20),
    ("水泵", "4寸", "台", 2, 1),
    ("雨衣", "成人", "件", 30, 10),
)
_PLACE = "居委会仓库"


@dataclass(frozen=True)
class Crew:
    """Who is at work where, and the parts use cases ask for."""

    people: dict[str, list[Actor]]
    forms: Catalogue
    plan: Plan
    calendar: Calendar
    orders: Orders
    rng: Random

    def lead(self, area: str) -> Actor:
        return next(one for one in self.people[area] if one.may("duty.plan"))

    def turn(self, area: str, day: date) -> Actor:
        """Whose turn it is on a day."""
        here = [one for one in self.people[area] if one.may("duty.take")]
        return here[day.toordinal() % len(here)]


async def play(ports: Ports, tell: Tell) -> None:
    """First what lies back, then the roster up to today."""
    crew = await _crew(ports)
    tell("an exercise of last month")
    await _exercise(ports, crew)
    tell("this month's roster, and what was handed over")
    await _plan(crew)
    await _stand(crew)
    await settled(ports)


async def _crew(ports: Ports) -> Crew:
    people: dict[str, list[Actor]] = {}
    for one in sorted((await staff.of_corp(CORP_ID)).values(), key=lambda one: one.userid):
        if scope_of(STREET).covers(one.area) and (actor := await staff.acting(one.id)):
            people.setdefault(one.area, []).append(actor)
    parts = (ports[Catalogue], ports[Plan], ports[Calendar], ports[Orders])
    return Crew(people, *parts, Random("watches"))


async def _plan(crew: Crew) -> None:
    """A shift of 24 hours in every committee, day and night in the street."""
    first = clock.today().replace(day=1)
    days = [first + timedelta(days=n) for n in range(31)]
    month = [day for day in days if day.month == first.month]
    with clock.pretend(clock.at(first)):
        for number, area in enumerate(sorted(crew.people)):
            kinds = ("日班", "夜班") if area == STREET else ("24小时",)
            planned = tuple(
                PlannedShift(
                    area=area,
                    day=day,
                    shift=kind,
                    leader=crew.lead(area).id or UUID(int=0),
                    people=(crew.turn(area, day + timedelta(days=turn)).id or UUID(int=0),),
                    phone=PHONE.format(4000 + number),
                )
                for day in month
                for turn, kind in enumerate(kinds)
            )
            await roster.plan_shifts(crew.lead(area), crew.plan, Roster(shifts=planned))


async def _stand(crew: Crew) -> None:
    """Shifts that are over were logged and handed over."""
    today = clock.today()
    query = Days.model_validate({"from": today.replace(day=1), "to": today})
    actor = crew.lead(STREET)
    for shift in await roster.roster(actor, query):
        recent = shift.day >= today - timedelta(days=LATELY)
        if shift.ends_at <= clock.now() and (recent or shift.area.code in (STREET, LEFT_OPEN)):
            await _handed_over(crew, shift)


async def _handed_over(crew: Crew, shift: Shift) -> None:
    stood = {one.id for one in shift.people}
    people = crew.people[shift.area.code]
    giver = next(one for one in people if one.id in stood)
    taker = next(one for one in people if one.id != giver.id and one.may("duty.take"))
    if crew.rng.random() < 0.4:
        at = shift.starts_at + timedelta(minutes=crew.rng.randrange(20, 500))
        source, content, handled = crew.rng.choice(_EVENTS)
        with clock.pretend(at + timedelta(minutes=15)):
            line = NewLine(at=at, source=source, content=content, handled=handled)
            await log.add(giver, shift.id, line)
    with clock.pretend(shift.ends_at + timedelta(minutes=crew.rng.randrange(1, 12))):
        patrol = None if shift.shift == "日班" else _PATROL
        body = Offer(
            rev=0, handover=_QUIET, patrol=patrol, weather=crew.rng.choice(("晴", "多云", "阵雨"))
        )
        page = await log.offer(giver, shift.id, body)
        await log.take(taker, crew.forms, crew.plan, shift.id, Take(rev=page.rev))


async def _exercise(ports: Ports, crew: Crew) -> None:
    """Half a day in last month: called upon, reported, cared for, lent and given back, ended."""
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=12)
    day = crew.calendar.on_or_after(month)

    def at(hour: int, minute: int = 0) -> Any:
        return clock.pretend(clock.at(day, hour, minute))

    chief = next(one for one in crew.people[STREET] if one.may("emergency.switch"))
    with clock.pretend(clock.at(day - timedelta(days=3), 10)):
        await _stores(crew)
    with at(9):
        body = Begin(
            level="IV", kind="防汛防台", drill=True, reason="检验街道防汛防台预案，按Ⅳ级响应演练"
        )
        page = await switching.begin(chief, crew.plan, body)
        hour = flash_at(clock.now().replace(tzinfo=None) + timedelta(hours=1)).key
        await reporting.flash(SYSTEM, crew.forms, crew.plan, str(page.id), hour)
    await settled(ports)
    await _called(crew, chief, page, at)
    with at(9, 40):
        await _reported(crew, page)
    await _cared_for(crew, page, at)
    await _lent(crew, page, at)
    with at(11, 30):
        page = await switching.read(chief, crew.plan, page.id)
        summary = (
            "演练达到目的：20分钟内人员基本到岗，名单和物资两清。"
            "不足：个别居村委快报超时，水泵使用不熟练，已安排补训。"
        )
        await switching.end(
            chief, crew.plan, crew.calendar, page.id, End(rev=page.rev, summary=summary)
        )
    await settled(ports)


async def _stores(crew: Crew) -> None:
    """Every committee has counted what it keeps."""
    form = crew.forms.form(crew.plan.supplies)
    for area in sorted(crew.people.keys() - {STREET}):
        for what, spec, unit, count, least in _STORES:
            answers = {
                "mat_name": what,
                "spec": spec,
                "unit_m": unit,
                "store_place": _PLACE,
                "in_qty": count,
                "qty": count,
                "qty_min": least,
                "check_date": clock.today().isoformat(),
                "check_result": "账实相符",
            }
            body = NewEntry(form_version=form.version, answers=answers)
            await _record(crew, crew.lead(area), body)


async def _record(crew: Crew, actor: Actor, body: NewEntry) -> None:
    await ledgers.record(actor, crew.forms, crew.orders, crew.plan.supplies, body)


async def _called(crew: Crew, chief: Actor, page: Emergency, at: Callable[..., Any]) -> None:
    with at(9, 5):
        words = "演练：请各居村委值班人员到岗，巡查低洼点位，逐户联系独居老人。"
        call = await calling.call(chief, crew.plan, page.id, NewCall(words=words, minutes=30))
    for number, person in enumerate(call.people):
        actor = await staff.acting(person.id)
        if actor is None or number % 17 == 5:
            continue  # somebody is always in the underground
        with at(9, 6 + number % 20):
            await calling.confirm(actor, call.id, Confirm(help=number == 7))
    silent = call.people[5].id
    with at(9, 36):
        await calling.by_phone(chief, call.id, ByPhone(person=silent))
    for what, minute, told in (
        ("oral", 12, "向区总值班室电话报告演练启动。"),
        ("written", 50, "书面首报已报送区应急局。"),
    ):
        with at(9, minute):
            said = Said.model_validate({"what": what, "words": told})
            await switching.report(chief, crew.plan, page.id, said)


async def _reported(crew: Crew, page: Emergency) -> None:
    """Most committees hand in the flash report in time."""
    found = await switching.read(crew.lead(STREET), crew.plan, page.id)
    task = await returns.one(_reviewer(crew), crew.forms, found.flash[0].task)
    for number, line in enumerate(task.returns):
        if number % 9 == 4 or line.area.code not in crew.people:
            continue
        lead = crew.lead(line.area.code)
        shown = await filling.read(lead, crew.forms, line.return_id)
        answers = {"Q05": int(number % 6 == 0), "Q10": 0, "Q12": 0}
        reasons = {one.field: "与现场核对无误。" for one in shown.issues if one.kind == "warning"}
        body = Draft(
            rev=shown.rev, form_version=shown.form.version, answers=answers, reasons=reasons
        )
        await filling.submit(lead, crew.forms, line.return_id, body)


def _reviewer(crew: Crew) -> Actor:
    return next(one for one in crew.people[STREET] if one.may("task.read"))


async def _cared_for(crew: Crew, page: Emergency, at: Callable[..., Any]) -> None:
    """源园 and the next ones call on those on their lists; one is moved, and back before noon."""
    for area in (LEFT_OPEN, *sorted(crew.people.keys() - {STREET, LEFT_OPEN})[:4]):
        lead = crew.lead(area)
        with at(9, 30):
            found = await caring.people(lead, crew.forms, crew.plan, page.id, NeedFilter(limit=40))
        for number, person in enumerate(found.rows):
            state: Any = "unreached" if number % 23 == 11 else "reached"
            with at(9, 35 + number % 20):
                await caring.mark(lead, page.id, person.id, Mark(state=state))
        if area == LEFT_OPEN and found.rows:
            for hour, moved in (
                (10, Mark(state="moved", place="社区活动中心")),
                (11, Mark(state="back")),
            ):
                with at(hour, 20):
                    await caring.mark(lead, page.id, found.rows[0].id, moved)


async def _lent(crew: Crew, page: Emergency, at: Callable[..., Any]) -> None:
    """Sandbags come back whole, of the raincoats some are still out."""
    lead = crew.lead(LEFT_OPEN)
    for what, spec, unit, count, back in (
        ("沙袋", "25kg", "只", 40, 40),
        ("雨衣", "成人", "件", 12, 9),
    ):
        with at(9, 45):
            body = NewLoan(
                area=LEFT_OPEN,
                what=what,
                spec=spec,
                unit=unit,
                store_place=_PLACE,
                quantity=count,
                borrower="物业抢险队",
                reason="演练地下车库挡水",
            )
            loan = await lending.lend(lead, crew.forms, crew.plan, page.id, body)
        with at(11, 10):
            given = Returned(rev=loan.rev, quantity=back)
            await lending.give_back(lead, crew.forms, crew.plan, loan.id, given)
