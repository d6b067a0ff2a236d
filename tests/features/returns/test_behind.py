"""Behind every figure of every report in force its rows can be counted and read."""

import pytest

from backend.app import FORMS
from backend.core.scope import scope_of
from backend.engine.clocks.periods import parse_period
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting
from tests.cast import CAOYANG, YUANYUAN

CATALOGUE = Catalogue.read([FORMS])
SPANS = {"month": "2026-09", "quarter": "2026Q3"}


@pytest.mark.parametrize("code", [form.code for form in CATALOGUE.of_kind("report")])
async def test_it_works(http, code):
    form = CATALOGUE.form(code)
    period = parse_period(SPANS.get(str(form.schedule.every), "2026-10-08T06"))
    opened = 0
    for one in form.indicators:
        found = counting.behind(CATALOGUE, scope_of(CAOYANG), [YUANYUAN], form, one.code, period)
        if found is not None:
            assert await found.counts() == {}
            assert await found.page(YUANYUAN, None, 5) == []
            opened += 1
    assert opened > 2
