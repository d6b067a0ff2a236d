"""When signals become an alarm, when they add to one, and when nobody is troubled."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.form.yaml_nodes import MistakenFileError
from backend.engine.orders.categories import read_categories
from backend.engine.sensors.fold import Alarm, Fold, Heard, Watch
from backend.engine.sensors.measures import Danger, Measure, Sign, Step
from backend.engine.sensors.read_measures import read_measures
from backend.engine.sensors.weigh import Mark, weigh

FORMS = Path(__file__).parent.parent.parent / "forms"
FILE = FORMS / "orders/sensors.yaml"
START = datetime(2026, 10, 8, 9)
DEPTH = Measure(
    "level",
    "水位",
    quiet=60,
    steps=(Step(1, 10, minutes=20), Step(2, 15, minutes=10), Step(3, 30)),
)
AT_ONCE = Measure("smoke", "烟雾", quiet=30, steps=(Step(2, 5), Step(3, 6.5, minutes=1)))


def at(minutes):
    return START + timedelta(minutes=minutes)


def heard(*said):
    """(minute, value) pairs."""
    return [Heard(at(minute), value) for minute, value in said]


def folded(measure, said, alarms=(), watch=None, history=START - timedelta(days=1)):
    return Fold(measure, watch or Watch(), list(alarms), history).hear(heard(*said))


@pytest.fixture(scope="module")
def known():
    return read_categories([FORMS]).by_code.__contains__


def test_the_file_in_force(known):
    measures = read_measures(FILE, known)
    assert {"smoke", "water", "door", "lift", "gas", "heat"} < measures.kinds.keys()
    assert measures.measure("smoke", "nonsense").key == "unknown"
    assert measures.kind("toaster").key == "other"
    assert [one.key for one in measures.kind("door").silences] == ["unopened"]


def test_a_level_must_last():
    fold = folded(DEPTH, [(0, 16), (5, 17), (9, 18)])
    assert fold.alarms == [] and fold.watch.waiting == 3
    fold.hear(heard((10, 18)))
    (alarm,) = fold.alarms
    assert (alarm.level, alarm.count, alarm.first_at, alarm.worst) == (2, 4, at(0), 18)


def test_a_dip_starts_it_anew():
    assert folded(DEPTH, [(0, 16), (5, 3), (10, 16)]).alarms == []


def test_a_higher_level_counts_for_the_lower_ones():
    (alarm,) = folded(DEPTH, [(0, 12), (10, 16), (20, 12)]).alarms
    assert alarm.level == 1
    (alarm,) = folded(DEPTH, [(0, 31)]).alarms
    assert alarm.level == 3


def test_repetition_adds_to_the_open_alarm():
    fold = folded(AT_ONCE, [(n / 200, 6) for n in range(10_000)])
    (alarm,) = fold.alarms
    assert (alarm.count, alarm.level, set(fold.belongs)) == (10_000, 2, {0})


def test_the_level_rises_with_the_value():
    (alarm,) = folded(AT_ONCE, [(0, 5), (1, 7), (2, 7.5), (3, 5)]).alarms
    assert (alarm.level, alarm.worst, alarm.count) == (3, 7.5, 4)


def test_it_goes_back_to_normal_and_comes_again():
    fold = folded(AT_ONCE, [(0, 6), (5, 1)])
    assert fold.alarms[0].recovered_at == at(5) and fold.belongs == [0, None]
    fold.hear(heard((9, 6)))
    (alarm,) = fold.alarms
    assert (alarm.recovered_at, alarm.count) == (None, 2)


def ended(level=2, minute=10):
    return Alarm(level, at(0), at(5), 3, 6.0, ended_at=at(minute))


def test_after_its_end_it_is_quiet_for_a_while():
    (alarm,) = folded(AT_ONCE, [(39, 6)], [ended()]).alarms
    assert (alarm.count, alarm.ended_at) == (4, at(10))
    fold = folded(AT_ONCE, [(41, 6)], [ended()])
    assert [one.count for one in fold.alarms] == [3, 1]


def test_what_is_worse_than_what_ended_is_news():
    fold = folded(AT_ONCE, [(20, 7), (21, 7)], [ended()])
    assert [(one.level, one.count) for one in fold.alarms] == [(2, 4), (3, 1)]


def test_what_is_told_late_says_nothing_of_duration():
    watch = Watch((at(50), None, None), 1, at(50), 12)
    fold = folded(DEPTH, [(0, 16), (15, 16)], watch=watch)
    assert fold.alarms == [] and fold.watch.last_at == at(50)
    (alarm,) = folded(DEPTH, [(0, 31)], watch=watch).alarms
    assert (alarm.level, alarm.first_at) == (3, at(0))


def test_history_opens_nothing():
    fold = folded(AT_ONCE, [(0, 6), (1, 6), (100, 6)], history=at(500))
    assert [(one.count, one.past, one.ended_at) for one in fold.alarms] == [
        (2, True, at(1)),
        (1, True, at(100)),
    ]


def test_a_signal_without_a_value_meets_no_bound():
    assert folded(AT_ONCE, [(0, None)]).alarms == []
    (alarm,) = folded(Measure("trapped", "困人", steps=(Step(3),)), [(0, None), (1, 4)]).alarms
    assert alarm.count == 2


def test_low_is_bad_where_a_bound_is_at_most():
    battery = Measure("battery", "电量", steps=(Step(1, at_most=20),))
    (alarm,) = folded(battery, [(0, 21), (1, 20), (2, 5), (3, 9)]).alarms
    assert (alarm.worst, alarm.count) == (5, 3)


@given(st.lists(st.tuples(st.integers(0, 300), st.none() | st.floats(0, 40)), max_size=60))
def test_nothing_is_lost_or_doubled(said):
    """Every signal at a level is in exactly one alarm's count or waits, however they are cut."""
    said = sorted(said, key=lambda one: one[0])
    whole = folded(DEPTH, said)
    assert len(whole.belongs) == len(said)
    cut = folded(DEPTH, said[: len(said) // 2])
    cut.hear(heard(*said[len(said) // 2 :]))
    assert (cut.alarms, cut.watch, cut.belongs) == (whole.alarms, whole.watch, whole.belongs)
    ranked = [one for one in said if DEPTH.rank(one[1])]
    assert sum(one.count for one in whole.alarms) + whole.watch.waiting <= len(ranked)
    for alarm in whole.alarms:
        assert alarm.first_at <= alarm.last_at and alarm.level in (1, 2, 3)
    assert all(one.ended_at is None for one in whole.alarms) and len(whole.alarms) <= 1


MISTAKES = [
    ("at_least: 6.5", "at_least: 很多", "at_least is 很多"),
    ("level: 提示, at_least: 10", "level: 紧急, at_least: 10", "levels do not ascend"),
    ("category: E0481, urge: 特急", "category: E9999, urge: 特急", "unknown category E9999"),
    ("{place}的烟感报警", "{where}的烟感报警", "unknown gap"),
    ("of: open", "of: shut", "no signal shut"),
    ("advice: 移位", "advice: 拆掉", "advice is 拆掉"),
    ("kinds: [smoke, gas, heat]", "kinds: [smoke, toaster]", "unknown kind toaster"),
    ("clear: 24", "cleer: 24", "unknown key cleer; expected clear"),
    ('["09:00 5.0"], is: 一般', '["09:00 5.0"], is: 紧急', "smoke smoke comes to 一般"),
    ('["09:00 5.0"]', '["9 Uhr"]', "9 Uhr is no saying"),
    ("- key: unknown", "- key: unknwon", "always has no unknown"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), MISTAKES)
def test_a_mistake_is_told_where_it_stands(tmp_path, known, right, wrong, told):
    text = FILE.read_text(encoding="utf-8")
    assert right in text
    file = tmp_path / "sensors.yaml"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(MistakenFileError, match=told) as error:
        read_measures(file, known)
    assert "sensors.yaml:" in str(error.value)


HOUSE = UUID(int=1)


def mark(of, hours, **given):
    return Mark(of, uuid4(), HOUSE, START - timedelta(hours=hours), "某事", **given)


FIRE = Danger(
    "fire",
    "火灾",
    days=7,
    sources=2,
    points=4,
    signs=(
        Sign("alarm", 2, "{label}", kinds=("smoke",), level=2),
        Sign("order", 2, "工单：{label}", categories=("H0701",)),
        Sign("order", 1, "工单：{label}", categories=("H0701", "H0703")),
        Sign("visit", 1, "走访：{label}", met=("无人应门",), said=("煤气",)),
    ),
    category="E0481",
    urge="紧急",
)
SMOKE = {"kind": "smoke", "level": 2}
WIRES = {"category": "H0701"}


@pytest.mark.parametrize(
    ("marks", "points"),
    [
        ([], None),
        ([("alarm", 1, SMOKE), ("alarm", 2, SMOKE)], None),  # one source only
        ([("alarm", 1, SMOKE), ("order", 2, {"category": "H0703"})], None),  # three points
        ([("alarm", 1, SMOKE), ("order", 2, WIRES)], 4),  # the heaviest sign of each
        ([("alarm", 1, {"kind": "smoke", "level": 1}), ("order", 2, WIRES)], None),
        ([("alarm", 169, SMOKE), ("order", 2, WIRES)], None),  # eight days ago
        ([("alarm", 168, SMOKE), ("order", 2, WIRES)], 4),
        ([("order", n, WIRES) for n in range(9)] + [("visit", 3, {"met": "见到本人"})], None),
        ([("order", n, WIRES) for n in range(9)] + [("visit", 3, {"text": "煤气味"})], 5),
    ],
)
def test_what_several_sources_come_to(marks, points):
    verdict = weigh(FIRE, [mark(of, hours, **given) for of, hours, given in marks], START)
    assert (verdict and verdict.points) == points


def test_a_verdict_gives_its_reasons_newest_first():
    verdict = weigh(FIRE, [mark("alarm", 5, **SMOKE), mark("order", 2, **WIRES)], START)
    assert [reason.words for reason in verdict.reasons] == ["工单：某事", "某事"]
