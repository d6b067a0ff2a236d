"""The demo works in every year, also before anybody has entered its holidays."""

from datetime import date

from backend.app import FORMS
from backend.engine.clocks.load import load_calendar
from backend.sandbox.demo.planting import plant_calendars


def test_years_without_a_calendar_get_a_plain_one(tmp_path):
    plant_calendars(tmp_path, 2031)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["2030", "2031", "2032"]
    calendar = load_calendar(FORMS / "calendar", tmp_path)
    assert calendar.is_working(date(2031, 10, 1)) and not calendar.is_working(date(2031, 10, 4))


def test_what_is_known_is_left_alone(tmp_path):
    plant_calendars(tmp_path, 2025)
    assert list(tmp_path.iterdir()) == []
