"""Limits of orders in three units of time: the examples of the standards, and what must hold."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.clocks.calendar import UnknownYearError
from backend.engine.clocks.limits import ALARMS, UNITS, Limit, Pause, at_share, due, share
from backend.engine.clocks.load import load_calendar
from backend.engine.clocks.read_hours import load_hours, read_limit
from backend.engine.form.yaml_nodes import MistakenFileError

FOLDER = Path(__file__).parents[2] / "forms" / "calendar"
CALENDAR = load_calendar(FOLDER)
HOURS = load_hours(FOLDER / "hours.yaml", CALENDAR)
LIMITS = st.builds(Limit, st.integers(1, 12) | st.just(0.5), st.sampled_from(UNITS))
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2026, 9, 1)).map(
    lambda moment: moment.replace(tzinfo=HOURS.zone)
)


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HOURS.zone)


@st.composite
def stops(draw: st.DrawFn) -> list[Pause]:
    """Up to four stops of up to ten days, in any order, overlapping or not."""
    made: list[Pause] = []
    for _ in range(draw(st.integers(0, 4))):
        begins = draw(MOMENTS.filter(lambda moment: moment.year > 2023))
        made.append((begins, begins + timedelta(hours=draw(st.integers(0, 240)))))
    return made


@st.composite
def near(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Stops that begin within a fortnight of `start`, so that they matter."""
    made: list[Pause] = []
    for _ in range(draw(st.integers(0, 3))):
        begins = start + timedelta(minutes=draw(st.integers(-2000, 20000)))
        made.append((begins, begins + timedelta(minutes=draw(st.integers(0, 6000)))))
    return made


@pytest.mark.parametrize(
    ("received", "limit", "is_due"),
    [  # standards.md §10: the day of receipt is not counted, make-up Saturdays count
        ("2026-09-24 16:00", "1工作日", "2026-09-28 17:30"),
        ("2026-09-30 09:00", "5工作日", "2026-10-13 17:30"),
        ("2026-09-30 17:29", "15工作日", "2026-10-27 17:30"),
        ("2026-02-13 10:00", "1工作日", "2026-02-14 17:30"),
        ("2026-02-13 10:00", "5工作日", "2026-02-27 17:30"),
        ("2026-04-30 23:59", "1工作日", "2026-05-06 17:30"),
        # received on a day off: the first working day after it is the first that counts
        ("2026-10-03 12:00", "1工作日", "2026-10-08 17:30"),
        ("2026-10-03 12:00", "3工作日", "2026-10-10 17:30"),
        # §9: 工作时 run only in working hours, 紧急工作时 day and night
        ("2026-09-23 10:00", "4工作时", "2026-09-23 14:00"),
        ("2026-09-23 13:30", "4工作时", "2026-09-23 17:30"),
        ("2026-09-23 13:31", "4工作时", "2026-09-24 09:01"),
        ("2026-09-23 06:00", "8工作时", "2026-09-23 17:00"),
        ("2026-09-24 16:30", "2工作时", "2026-09-28 10:00"),
        ("2026-10-03 12:00", "2工作时", "2026-10-08 11:00"),
        ("2026-10-03 23:30", "1紧急工作时", "2026-10-04 00:30"),
        ("2026-10-03 23:30", "24紧急工作时", "2026-10-04 23:30"),
        ("2026-09-23 17:00", "0.5工作时", "2026-09-23 17:30"),
    ],
)
def test_limits_of_the_standards(received: str, limit: str, is_due: str) -> None:
    assert due(on(received), read_limit(limit), CALENDAR, HOURS) == on(is_due)


def test_a_moment_from_the_database_is_read_in_the_time_of_the_district() -> None:
    utc = on("2026-10-08 01:00").astimezone(UTC)  # still 7 October in Greenwich
    assert due(utc, Limit(1, "工作日"), CALENDAR, HOURS) == on("2026-10-09 17:30")


@pytest.mark.parametrize(
    ("limit", "stop", "resume", "is_due"),
    [
        ("4工作时", "2026-09-23 11:00", "2026-09-23 12:00", "2026-09-23 15:00"),
        ("4工作时", "2026-09-23 11:00", "2026-09-24 11:00", "2026-09-24 14:00"),
        ("4工作时", "2026-09-23 18:00", "2026-09-24 08:00", "2026-09-23 14:00"),  # too late
        ("1工作日", "2026-09-23 11:00", "2026-09-23 17:30", "2026-09-24 17:30"),  # day of receipt
        ("1工作日", "2026-09-24 09:00", "2026-09-24 17:30", "2026-09-28 17:30"),
        ("1工作日", "2026-09-24 15:00", "2026-09-24 16:00", "2026-09-28 10:00"),
        ("2紧急工作时", "2026-09-23 11:00", "2026-09-25 11:00", "2026-09-25 12:00"),
    ],
)
def test_a_stop_gives_back_the_time_that_would_have_run(
    limit: str, stop: str, resume: str, is_due: str
) -> None:
    stops = [(on(stop), on(resume))]
    start = on("2026-09-23 10:00")
    assert due(start, read_limit(limit), CALENDAR, HOURS, stops) == on(is_due)
    assert due(start, read_limit(limit), CALENDAR, HOURS, stops * 2) == on(is_due)


def test_while_the_clock_stands_still_nothing_is_due() -> None:
    start, limit = on("2026-09-23 10:00"), Limit(4, "工作时")
    still: list[Pause] = [(on("2026-09-23 12:00"), None)]
    assert due(start, limit, CALENDAR, HOURS, still) is None
    assert at_share(start, limit, 0.5, CALENDAR, HOURS, still) == on("2026-09-23 12:00")
    assert share(start, limit, on("2026-10-20 10:00"), CALENDAR, HOURS, still) == 0.5
    assert due(start, Limit(2, "工作时"), CALENDAR, HOURS, still) == on("2026-09-23 12:00")


def test_alarms_and_what_is_used_up() -> None:
    start, limit = on("2026-09-23 09:00"), Limit(8, "工作时")
    alarms = [at_share(start, limit, part, CALENDAR, HOURS) for part in ALARMS]
    assert alarms == [on("2026-09-23 13:00"), on("2026-09-23 15:24"), on("2026-09-23 17:00")]
    assert share(start, limit, on("2026-09-23 08:00"), CALENDAR, HOURS) == 0
    assert share(start, limit, on("2026-09-23 11:00"), CALENDAR, HOURS) == 0.25
    assert share(start, limit, on("2026-09-24 16:30"), CALENDAR, HOURS) == 2
    day = Limit(1, "工作日")
    assert share(start, day, on("2026-09-24 09:00"), CALENDAR, HOURS) == 0
    assert share(start, day, on("2026-09-24 13:15"), CALENDAR, HOURS) == 0.5


def test_a_change_of_hours_leaves_earlier_days_alone(tmp_path: Path) -> None:
    path = tmp_path / "hours.yaml"
    path.write_text(
        "hours:\n"
        "- {since: 2023-01-01, spans: ['09:00-11:30', '13:00-18:00']}\n"
        "- {since: 2026-09-24, spans: ['00:00-24:00']}\n",
        encoding="utf-8",
    )
    hours = load_hours(path, CALENDAR)
    assert due(on("2026-09-22 11:00"), Limit(1, "工作时"), CALENDAR, hours) == on(
        "2026-09-22 13:30"
    )
    assert due(on("2026-09-23 17:00"), Limit(3, "工作时"), CALENDAR, hours) == on(
        "2026-09-24 02:00"
    )
    assert due(on("2026-09-23 17:00"), Limit(1, "工作日"), CALENDAR, hours) == on(
        "2026-09-25 00:00"
    )


def test_without_a_calendar_there_is_no_guess() -> None:
    with pytest.raises(UnknownYearError, match="2027"):
        due(on("2026-12-31 10:00"), Limit(1, "工作日"), CALENDAR, HOURS)
    urgent = due(on("2026-12-31 23:30"), Limit(1, "紧急工作时"), CALENDAR, HOURS)
    assert urgent == on("2027-01-01 00:30")


def test_an_emergency_runs_around_the_clock() -> None:
    assert Limit(2, "工作日").around_the_clock == Limit(48, "紧急工作时")
    assert Limit(4, "工作时").around_the_clock == Limit(4, "紧急工作时")
    assert str(Limit(4, "工作时")) == "4工作时"


@pytest.mark.parametrize("text", ["", "4", "工作时", "4小时", "-1工作日", "0工作时", "1e3工作日"])
def test_what_is_no_limit(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        read_limit(text)


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("hours: []", 1, "no working hours"),
        ("hours:\n- {since: 2023-01-01, spans: [9-17]}", 2, "9-17 is no span"),
        ("hours:\n- {since: 2023-01-01, spans: ['17:30-09:00']}", 2, "no span"),
        ("hours:\n- {since: 2023-01-01, spans: ['09:00-12:00', '11:00-17:00']}", 2, "11:00"),
        ("hours:\n- {since: 2023-01-01, spans: ['09:70-12:00']}", 2, "09:70"),
        ("hours:\n- {since: soon, spans: ['09:00-17:30']}", 2, "no day"),
        ("hours:\n- {since: 2023-01-01, span: ['09:00-17:30']}", 2, "unknown key span"),
        (
            "hours:\n- {since: 2023-01-01, spans: ['09:00-17:30']}\n"
            "- {since: 2022-01-01, spans: ['09:00-17:30']}",
            3,
            "does not come after",
        ),
        (
            "hours:\n- {since: 2023-01-01, spans: ['09:00-17:30']}\nexamples:\n"
            "- {from: 2026-09-24 16:00, limit: 1工作日, is: 2026-09-25 17:30}",
            4,
            "it is 2026-09-28 17:30",
        ),
        (
            "hours:\n- {since: 2023-01-01, spans: ['09:00-17:30']}\nexamples:\n"
            "- {from: 2027-09-24 16:00, limit: 1工作日, is: 2027-09-25 17:30}",
            4,
            "2027",
        ),
    ],
)
def test_a_mistake_in_the_hours_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, wrong: str
) -> None:
    (tmp_path / "hours.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MistakenFileError) as refused:
        load_hours(tmp_path / "hours.yaml", CALENDAR)
    assert any(
        mistake.line == line and wrong in mistake.wrong for mistake in refused.value.mistakes
    ), refused.value


@given(MOMENTS, MOMENTS, LIMITS, stops())
def test_who_comes_later_is_not_due_earlier(
    one: datetime, other: datetime, limit: Limit, stops: list[Pause]
) -> None:
    first, second = (due(start, limit, CALENDAR, HOURS, stops) for start in sorted((one, other)))
    assert first and second and sorted((one, other))[0] < first <= second


@given(st.data(), MOMENTS, LIMITS)
def test_stopping_never_shortens(data: st.DataObject, start: datetime, limit: Limit) -> None:
    some, more = data.draw(near(start)), data.draw(near(start))
    plain = due(start, limit, CALENDAR, HOURS)
    stopped = due(start, limit, CALENDAR, HOURS, some)
    longer = due(start, limit, CALENDAR, HOURS, [*more, *some])
    assert plain and stopped and longer and plain <= stopped <= longer


@given(st.data(), MOMENTS, LIMITS, st.sampled_from(ALARMS))
def test_a_share_is_used_up_when_it_says(
    data: st.DataObject, start: datetime, limit: Limit, part: float
) -> None:
    stops = data.draw(near(start))
    moment = at_share(start, limit, part, CALENDAR, HOURS, stops)
    whole = at_share(start, limit, 1, CALENDAR, HOURS, stops)
    assert moment and whole and moment <= whole == due(start, limit, CALENDAR, HOURS, stops)
    assert share(start, limit, moment, CALENDAR, HOURS, stops) == pytest.approx(part, abs=1e-6)


@given(st.data(), MOMENTS, LIMITS)
def test_what_is_used_up_never_shrinks(data: st.DataObject, start: datetime, limit: Limit) -> None:
    stops = data.draw(near(start))
    steps = [start + timedelta(hours=7 * number) for number in range(20)]
    shares = [share(start, limit, now, CALENDAR, HOURS, stops) for now in steps]
    assert shares == sorted(shares) and shares[0] == 0
