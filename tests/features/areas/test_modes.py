"""The mode of a street: one at a time, asked for by anybody, kept with from when to when."""

from datetime import datetime

import pytest

from backend.core import clock
from backend.core.problems import Problem
from backend.core.scope import EVERYWHERE, scope_of
from backend.features.areas import modes
from backend.features.areas.modes import Mode
from tests.cast import CAOYANG, CHANGFENG, YUANYUAN

WATCH = Mode("预警", "blue", clocks=False, pauses=False, awake=True)
STORM = Mode("应急", "IV", clocks=True, pauses=True, awake=True)


def when(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


async def test_it_works(http, at):
    assert await modes.now(YUANYUAN) is None
    with at("2026-10-08 09:00"):
        await modes.change(EVERYWHERE, CAOYANG, WATCH)
        assert await modes.now(YUANYUAN) == WATCH, "a committee is in the mode of its street"
        assert await modes.now(CHANGFENG) is None
        assert (await modes.awake(), await modes.pausing()) == ({CAOYANG}, frozenset())
    with at("2026-10-08 11:00"):
        await modes.change(EVERYWHERE, CAOYANG, STORM)
        assert await modes.pausing() == {CAOYANG}
    with at("2026-10-09 08:00"):
        await modes.change(EVERYWHERE, CAOYANG, None)
        assert await modes.now(CAOYANG) is None and await modes.awake() == frozenset()
    found = await modes.spans([CAOYANG, CHANGFENG], when("2026-10-01 00:00"))
    assert found == {CAOYANG: [(when("2026-10-08 11:00"), when("2026-10-09 08:00"))]}
    assert await modes.spans([CAOYANG], when("2026-10-09 08:00")) == {}


async def test_only_in_ones_own_street(http):
    with pytest.raises(Problem, match="区域"):
        await modes.change(scope_of(CHANGFENG), CAOYANG, STORM)
    assert await modes.now(CAOYANG) is None
