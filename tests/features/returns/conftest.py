"""A street with a handful of elders, and the third quarter's report asked of its committees."""

import pytest

from backend.app import FORMS
from backend.core import clock
from backend.core.access import SYSTEM
from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.load import load_calendar
from backend.features.catalogue.catalogue import Catalogue
from backend.features.returns.actions import tasks
from tests.cast import HUAXI, YUANYUAN
from tests.residents import household, person

OCTOBER = "2026-10-08 09:00"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.read([FORMS])


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return load_calendar(FORMS / "calendar")


@pytest.fixture
async def street(http, catalogue, calendar, at):
    """源园: an elder alone, an elder couple, a family; 花溪园: one elder alone."""
    with at(OCTOBER):
        await household(catalogue, YUANYUAN, 1, person("王秀英", "1948-03-02", phone="13800138000"))
        await household(
            catalogue,
            YUANYUAN,
            2,
            person("李国强", "1944-05-06", sex="1"),
            person("陈桂芳", "1950-01-09", relation="10"),
        )
        await household(
            catalogue,
            YUANYUAN,
            3,
            person("赵磊", "1980-07-01", sex="1"),
            person("赵爷爷", "1955-07-01", sex="1", relation="51"),
            person("刘洋", "1990-02-03", relation="99", residence_status="4"),
        )
        await household(catalogue, HUAXI, 1, person("孙玉兰", "1940-10-01"))
        await tasks.open_due(SYSTEM, catalogue, calendar)
        assert clock.today().isoformat() == "2026-10-08"
        yield


async def the_return(as_, who="alice", form="T03"):
    """The id of somebody's return of a form, from their due list."""
    due = await (await as_(who).get("/api/due")).json()
    return next(line["return_id"] for line in due if line["form"] == form)


async def fetched(as_, who, sheet):
    response = await as_(who).get(f"/api/returns/{sheet}")
    assert response.status == 200, await response.text()
    return await response.json()


async def handed_in(as_, sheet, who="alice", **answers):
    """Fill what is asked and hand it in."""
    held = await fetched(as_, who, sheet)
    body = {"rev": held["rev"], "form_version": held["form"]["version"], "answers": answers}
    return await as_(who).post(f"/api/returns/{sheet}/submit", body)
