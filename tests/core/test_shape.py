"""Shapes refuse what they do not know, and a number is no day."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from backend.core.shape import Shape


class Visit(Shape):
    on: date | None = None
    at: datetime | None = None
    days: tuple[date, ...] = ()
    type: str = ""  # a field's name is no word of pydantic's schema


def read(text):
    return TypeAdapter(Visit).validate_json(text, strict=True)


def test_iso_days_and_moments():
    visit = read('{"on": "2026-10-08", "at": "2026-10-08T09:00:00+08:00", "days": ["2026-10-09"]}')
    assert visit.on == date(2026, 10, 8) and visit.days == (date(2026, 10, 9),)
    assert visit.at.isoformat() == "2026-10-08T09:00:00+08:00"
    assert Visit(on=date(2026, 10, 8)).on == Visit(on="2026-10-08").on


def test_moments_are_written_in_shanghais_time():
    told = Visit(at=datetime(2026, 10, 8, 1, 30, tzinfo=UTC)).model_dump_json()
    assert '"at":"2026-10-08T09:30:00+08:00"' in told


@pytest.mark.parametrize(
    "text",
    [
        '{"on": "20261008"}',
        '{"on": "0"}',
        '{"on": 20261008}',
        '{"on": true}',
        '{"on": "2026-02-30"}',
        '{"on": "2026-10-08T00:00:00"}',
        '{"on": "2026-W41-4"}',
        '{"on": "２０２６-10-08"}',
        '{"at": "1791417600"}',
        '{"at": 1791417600}',
        '{"at": "09:00"}',
        '{"days": ["2026-10-08", "8"]}',
        '{"on": "0001-01-01"}',
        '{"on": "9999-12-31"}',
        '{"at": "0001-01-01T00:00:00+08:00"}',
        '{"unknown": 1}',
    ],
)
def test_everything_else_is_an_error(text):
    with pytest.raises(ValidationError):
        read(text)


def test_frozen():
    with pytest.raises(ValidationError):
        Visit().on = date(2026, 1, 1)


def test_the_contract_does_not_know_of_the_guard():
    assert TypeAdapter(Visit).json_schema()["properties"]["on"]["anyOf"][0] == {
        "type": "string",
        "format": "date",
    }
