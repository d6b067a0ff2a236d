"""Loading the demo district through the product's own doors: roster sync, spreadsheet, feeds.

`python -m backend.sandbox.demo.load` is a step of `./jucun demo` and prints a line for whatever it
is at. A loading that broke off is begun anew, on an empty database.
"""

import argparse
import asyncio
import csv
import io
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace

from backend import app
from backend.clients.wecom import Wecom
from backend.core import clock, logs
from backend.core.access import SYSTEM
from backend.core.db import select, sql
from backend.core.files import Upload
from backend.core.ports import Ports
from backend.core.scope import EVERYWHERE, scope_of
from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.due import DueRule
from backend.engine.clocks.periods import last_closed
from backend.engine.orders.rates import Yardstick
from backend.features.accounts.actions import importing, roster
from backend.features.accounts.roles import LABELS
from backend.features.boards import covering
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors import pull
from backend.features.connectors import store as runs
from backend.features.connectors.feeds import Feeds
from backend.features.returns.actions import tasks
from backend.features.returns.task_shapes import NewTask
from backend.sandbox.demo import past, pooling, sensing, voices, watches
from backend.sandbox.demo.cast import KNOWN
from backend.settings import Settings, read

Tell = Callable[[str], None]

FULL, TIME_LEFT = "310107005000", 5  # 曹杨新村街道 is shown whole; working days for its reports
FEEDS = (("housing", "buildings and houses"), ("population", "residents"))


async def load(settings: Settings, tell: Tell, *, with_past: bool = False) -> None:
    """Everything that is not there after a migration; `tell` is told what is going on.

    With a past, one street has worked for weeks and its last reports are under way.
    """
    ports = app.ports_of(settings)
    async with app.opened(settings, ports):
        tell("staff, from the contacts of WeCom")
        await _staff(ports[Wecom])
        for key, title in FEEDS:
            await _told(pull.pull(ports[Feeds], key), key, title, tell)
            await _whole(key)
        if with_past:
            await past.before(ports, tell)
            await pooling.play(ports, tell)
            await voices.play(ports, tell)
            await sensing.play(ports, tell)
            await watches.play(ports, tell)
        tell("the reports that have come due")
        await _reports(ports)
        if with_past:
            await past.after(ports, tell)
            street = replace(SYSTEM, scope=scope_of(FULL))
            await covering.count_visits(street, ports[Catalogue], ports[Yardstick])
            await sql("analyze")


async def _staff(wecom: Wecom) -> None:
    """Whom the contacts know, then the roles that contacts cannot give."""
    await roster.sync(SYSTEM, wecom)
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["姓名", "企业微信账号", "岗位", "条线", "区域代码"])
    for one in KNOWN:
        roles = one.roles or (("lead",) if one.leads else ("worker",))
        labels = "、".join(LABELS[role] for role in roles)
        writer.writerow([one.name, one.userid, labels, "、".join(one.duties), one.area])
    upload = Upload("名册.csv", "text/csv", sheet.getvalue().encode("utf-8-sig"))
    taken = await importing.take(SYSTEM, upload, wecom)
    if taken.refused:
        raise RuntimeError(f"the demo's own roster was refused: {taken.refused}")


async def _told(work: Awaitable[None], key: str, title: str, tell: Tell) -> None:
    """Wait for a pull and say every second how many rows have come."""
    running = asyncio.ensure_future(work)
    while not running.done():
        found = await runs.runs(key, 1)
        tell(f"{title}, from the street's platform: {found[0].seen if found else 0:,}")
        await asyncio.wait([running], timeout=1)
    await running


async def _whole(key: str) -> None:
    """A feed that failed would make a demo without people; say why instead."""
    last = (await runs.runs(key, 1))[0]
    if last.state != "done":
        raise RuntimeError(f"{key}: {last.problem}")
    await sql("analyze")


async def _reports(ports: Ports) -> None:
    """Of the last closed periods. The full street asks for what is late already with new days."""
    catalogue, calendar, today = ports[Catalogue], ports[Calendar], clock.today()
    admin = replace(SYSTEM, scope=scope_of(FULL), area=FULL)
    for form in catalogue.forms.values():
        every, due = form.schedule.every, form.schedule.due
        if form.kind != "report" or due is None or every in ("event", "live"):
            continue
        period = last_closed(every, today)
        if DueRule(due.day).falls_on(period, calendar) < today:
            body = NewTask(
                form=form.code, period=period.key, due_on=calendar.plus(today, TIME_LEFT)
            )
            await tasks.publish(admin, catalogue, calendar, body)
    await tasks.open_due(SYSTEM, catalogue, calendar)
    # nobody works in the other streets: what is late there would be so for ever
    ahead = calendar.plus(today, TIME_LEFT)
    await select(
        EVERYWHERE,
        """update task t set due_on = :ahead
           where t.area like :scope and t.area <> :full and t.due_on < :today""",
        ahead=ahead,
        today=today,
        full=FULL,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--with-past", action="store_true", help="weeks of work and reports")
    given = parser.parse_args()
    logs.start("WARNING")
    asyncio.run(load(read(), _say, with_past=given.with_past))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
