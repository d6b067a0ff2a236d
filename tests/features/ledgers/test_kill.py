"""A worker killed between any two steps of what follows an approval: one ledger entry each."""

import asyncio
from itertools import count

import orjson
import pytest

from backend.app import FORMS
from backend.core.access import Actor
from backend.core.db import select, sql
from backend.core.scope import EVERYWHERE, scope_of
from backend.engine.clocks.load import load_calendar
from backend.features.accounts.roles import verbs_of
from backend.features.catalogue import store as versions
from backend.features.catalogue.catalogue import Catalogue
from backend.features.returns.actions import filling, reviewing, tasks
from backend.features.returns.shapes import Decision, Draft
from backend.features.returns.task_shapes import NewTask
from backend.settings import HOME
from tests import killing
from tests.bench.submit import ANSWERS
from tests.cast import CAOYANG, CAST, YUANYUAN

PATIENCE = 30  # seconds for one life
EXTRA = HOME / "tests/bench/forms"
LEAD = Actor(None, "书记", verbs_of(["lead"]), scope_of(CAOYANG), CAOYANG)
FOLLOWING = "select 1 from audit where pending"


@pytest.fixture
async def workers(http, settings):
    variables = {
        "JUCUN_ENV": "test",
        "JUCUN_VAR": str(settings.var),
        "JUCUN_KEYS_FILE": str(settings.keys_file),
        "JUCUN_CORPS_FILE": str(settings.corps_file),
        "JUCUN_FORMS_EXTRA": orjson.dumps([str(EXTRA)]).decode(),
    }
    url = settings.database_url.get_secret_value()
    async with killing.workers(url, variables) as found:
        yield found


@pytest.fixture
async def handed_up(http, at):
    """Three returns of a form that writes a ledger, waiting to be approved."""
    forms = Catalogue.read([FORMS, EXTRA])
    await versions.keep(list(forms.forms.values()))
    calendar = load_calendar(FORMS / "calendar")
    with at("2026-10-08 09:00"):
        for period in ("2026Q1", "2026Q2", "2026Q3"):
            wanted = NewTask(form="F40", period=period, due_on="2026-10-20", areas=(YUANYUAN,))
            await tasks.publish(CAST["dora"], forms, calendar, wanted)
        owed = await select(
            EVERYWHERE, "select r.id from form_return r where r.area like :scope order by r.id"
        )
        for row in owed:
            draft = Draft(rev=0, form_version=1, answers=ANSWERS)
            await filling.submit(LEAD, forms, row["id"], draft)
    await sql("update audit set pending = false")
    return forms, [row["id"] for row in owed]


@pytest.mark.kill
@pytest.mark.minutes  # some thirty lives and deaths of a real worker
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_at_every_step(workers, handed_up, moment):
    forms, sheets = handed_up
    for sheet in sheets:
        await reviewing.approve(CAST["dora"], forms, sheet, Decision())
    lives = 0
    for steps in count():
        fuse = killing.Fuse(b"from audit where pending", steps, moment)
        worker = await workers.live(fuse)
        await killing.first(
            fuse.burnt.wait(), followed(), patience=PATIENCE, waiting=lambda: sql(FOLLOWING)
        )
        await workers.end(worker)
        await sql("update audit set retry_at = null where pending")
        lives += 1
        if not await sql(FOLLOWING):
            break
    assert lives > 20
    entries = await sql("select key, no, live from ledger_entry where ledger = 'F40'")
    assert sorted(row["key"] for row in entries) == sorted(f"return:{sheet}:1" for sheet in sheets)
    assert all(row["live"] for row in entries)
    assert len({row["no"] for row in entries}) == len(sheets)


async def followed():
    while await sql(FOLLOWING):  # noqa: ASYNC110 - the end comes in another process
        await asyncio.sleep(0.02)
