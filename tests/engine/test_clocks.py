"""The working-day calendar, reporting periods and due dates, by the examples of the standards."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.clocks.calendar import Calendar, UnknownYearError
from backend.engine.clocks.due import parse_due
from backend.engine.clocks.load import CalendarFileError, load_calendar
from backend.engine.clocks.periods import Period, flash_at, last_closed, parse_period, period_of

CALENDARS = Path(__file__).parents[2] / "forms" / "calendar"
HEAD = "year: 2026\nnotice: n\nexamples: []\nholidays: "
DAYS = st.dates(date(2023, 1, 1), date(2026, 11, 30))


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar(CALENDARS)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-09-24", 1, "2026-09-28"),  # Mid-Autumn 25–27
        ("2026-09-30", 5, "2026-10-13"),  # Saturday 10-10 is worked
        ("2026-09-30", 15, "2026-10-27"),
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday made up before Spring Festival
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2025-12-31", 1, "2026-01-04"),  # over the turn of the year, a made-up Sunday
        ("2024-02-09", 2, "2024-02-19"),
        ("2026-05-04", 0, "2026-05-04"),
    ],
)
def test_plus_working_days(calendar: Calendar, received: str, days: int, due: str) -> None:
    assert calendar.plus(date.fromisoformat(received), days) == date.fromisoformat(due)


@pytest.mark.parametrize(("year", "worked"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_the_year_has_its_number_of_working_days(
    calendar: Calendar, year: int, worked: int
) -> None:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    assert sum(map(calendar.is_working, days)) == worked


def test_an_unknown_year_is_refused_never_guessed(calendar: Calendar) -> None:
    with pytest.raises(UnknownYearError) as refused:
        calendar.plus(date(2026, 12, 31), 1)
    assert refused.value.year == 2027
    assert "forms/calendar/2027.yaml" in str(refused.value)
    assert "2023, 2024, 2025, 2026" in str(refused.value)
    with pytest.raises(UnknownYearError):
        calendar.is_working(date(2022, 6, 1))
    with pytest.raises(ValueError, match="-1"):
        calendar.plus(date(2026, 5, 4), -1)


@given(day=DAYS, days=st.integers(0, 15))
def test_plus_and_between_agree(calendar: Calendar, day: date, days: int) -> None:
    there = calendar.plus(day, days)
    assert calendar.between(day, there) == days
    assert calendar.between(there, day) == -days
    assert days == 0 or calendar.is_working(there)


def test_nearest_working_days(calendar: Calendar) -> None:
    assert calendar.on_or_after(date(2026, 10, 3)) == date(2026, 10, 8)
    assert calendar.on_or_after(date(2026, 10, 10)) == date(2026, 10, 10)
    assert calendar.on_or_before(date(2026, 10, 3)) == date(2026, 9, 30)
    assert calendar.off[date(2026, 6, 19)] == "端午节"


@pytest.mark.parametrize(
    ("key", "label", "start", "end", "previous", "following"),
    [
        ("2026-10", "2026年10月", "2026-10-01", "2026-10-31", "2026-09", "2026-11"),
        ("2026-01", "2026年1月", "2026-01-01", "2026-01-31", "2025-12", "2026-02"),
        ("2024-02", "2024年2月", "2024-02-01", "2024-02-29", "2024-01", "2024-03"),
        ("2026Q3", "2026年第三季度", "2026-07-01", "2026-09-30", "2026Q2", "2026Q4"),
        ("2026Q1", "2026年第一季度", "2026-01-01", "2026-03-31", "2025Q4", "2026Q2"),
        ("2026H1", "2026年上半年", "2026-01-01", "2026-06-30", "2025H2", "2026H2"),
        ("2026", "2026年", "2026-01-01", "2026-12-31", "2025", "2027"),
    ],
)
def test_periods(key: str, label: str, start: str, end: str, previous: str, following: str) -> None:
    period = parse_period(key)
    assert (period.key, period.label) == (key, label)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert (period.previous.key, period.next.key) == (previous, following)
    assert period_of(period.span, period.start) == period_of(period.span, period.end) == period
    assert period.start in period
    assert period.end in period
    assert period.next.start not in period


@pytest.mark.parametrize(
    "key",
    [
        *("2026-13", "2026-00", "2026-1", "2026Q5", "2026H3", "26", "", "Q3"),
        *("2026-10-08T13", "2026-10-08T24", "2026-02-30T12", "2026-10-08T8"),
    ],
)
def test_what_is_no_period(key: str) -> None:
    with pytest.raises(ValueError, match=r"no|write|range"):
        parse_period(key)


@pytest.mark.parametrize(
    ("moment", "key", "label"),
    [
        ("2026-10-08 14:00", "2026-10-08T14", "10月8日14时"),
        ("2026-10-08 14:01", "2026-10-08T16", "10月8日16时"),
        ("2026-10-08 22:30", "2026-10-09T00", "10月9日0时"),
        ("2026-12-31 23:00", "2027-01-01T00", "1月1日0时"),
        ("2024-02-29 01:00", "2024-02-29T02", "2月29日2时"),
    ],
)
def test_flash_reports(moment: str, key: str, label: str) -> None:
    period = flash_at(datetime.fromisoformat(moment))
    assert (period.key, period.label, parse_period(key)) == (key, label, period)
    assert period.start == period.end == date.fromisoformat(key[:10])
    assert period.next.previous == period and period < period.next
    assert period.year_ago.hour == period.hour


def test_periods_beside_each_other() -> None:
    assert last_closed("month", date(2026, 11, 23)) == Period(2026, "month", 10)
    assert last_closed("quarter", date(2026, 10, 1)) == Period(2026, "quarter", 3)
    assert last_closed("year", date(2026, 12, 31)).key == "2025"
    assert parse_period("2026Q3").year_ago.key == "2025Q3"
    assert parse_period("2026-09") < parse_period("2026-10")


@pytest.mark.parametrize(
    ("rule", "period", "due"),
    [
        ("次月3日", "2026-10", "2026-11-03"),
        ("次月3日", "2026-09", "2026-10-08"),  # 10-03 is a holiday
        ("次月2日", "2026-04", "2026-05-06"),
        ("季后5日", "2026Q3", "2026-10-08"),
        ("季后5日", "2026Q2", "2026-07-06"),  # a Sunday
        ("半年后5日", "2026H1", "2026-07-06"),
        ("次年1月15日", "2025", "2026-01-15"),
    ],
)
def test_due_dates(calendar: Calendar, rule: str, period: str, due: str) -> None:
    assert parse_due(rule).falls_on(parse_period(period), calendar).isoformat() == due


def test_due_refusals(calendar: Calendar) -> None:
    with pytest.raises(UnknownYearError):
        parse_due("次月3日").falls_on(parse_period("2026-12"), calendar)
    with pytest.raises(ValueError, match="次月3日"):
        parse_due("次月三日")
    with pytest.raises(ValueError, match="between 1 and 28"):
        parse_due("次月31日")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- 1", "expected the keys"),
        (
            "year: 2026\nnotice: n\nholidays: x\nexamples: []",
            "`holidays` must be of type list",
        ),
        (
            "year: 2025\nnotice: n\nholidays: []\nexamples: []",
            "file name says otherwise",
        ),
        (
            "year: 2026\nnotice: n\nholidays: [{name: 元旦}]\nexamples: []",
            "holiday 1 needs",
        ),
        (
            HEAD + "[{name: 元旦, first: 2027-01-01, last: 2027-01-01, work: []}]",
            "no date in 2026",
        ),
        (
            HEAD + "[{name: 元旦, first: 2026-01-03, last: 2026-01-01, work: []}]",
            "ends before it begins",
        ),
        (
            "year: 2026\nnotice: n\nholidays: []\n"
            + "examples: [{from: 2026-01-02, plus: 1, is: 2026-01-04}]",
            "is 2026-01-05, the example says 2026-01-04",
        ),
    ],
)
def test_a_wrong_calendar_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "2026.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CalendarFileError, match=complaint) as refused:
        load_calendar(tmp_path)
    assert "2026.yaml" in str(refused.value)


def test_a_further_folder_adds_years(tmp_path: Path) -> None:
    """A deployment enters next year by itself; what the product brings is not overruled."""
    for year, holidays in ((2027, "[]"), (2026, "[]")):
        text = f"year: {year}\nnotice: n\nholidays: {holidays}\nexamples: []"
        (tmp_path / f"{year}.yaml").write_text(text, encoding="utf-8")
    both = load_calendar(CALENDARS, tmp_path, tmp_path / "none")
    assert 2027 in both.years and both.is_working(date(2027, 1, 4))
    assert not both.is_working(date(2026, 10, 1))


def test_no_calendar_at_all(tmp_path: Path) -> None:
    with pytest.raises(CalendarFileError, match="no calendar file"):
        load_calendar(tmp_path)
