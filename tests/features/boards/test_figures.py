"""Counts become lines: what they show, and what nobody may compute from a veiled table."""

from hypothesis import given
from hypothesis import strategies as st

from backend.app import FORMS
from backend.engine.orders.rates import PARTS, read_yardstick
from backend.features.boards.figures import Row, table

YARDSTICK = read_yardstick([FORMS])
WHOLES = ("received", "closed", "contact_due", "handle_due", "called", "alone", "open")


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Up to five streets with many or few of everything, parts no more than their wholes."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        counts = {whole: draw(st.integers(0, 12)) for whole in WHOLES}
        counts |= {part: draw(st.integers(0, counts[whole])) for part, whole in PARTS.items()}
        made.append(Row(str(number), f"街道{number}", counts))
    return made


@given(rows())
def test_no_small_number_leaves_a_street(given_rows: list[Row]) -> None:
    veiled = table(YARDSTICK, given_rows, veiled=True)
    for line in (*veiled.rows, veiled.total):
        counts = {name: count.value for name, count in line.counts.items()}
        assert not any(value in range(1, 5) for value in counts.values())
        for part, whole in PARTS.items():
            if counts[part] is not None and counts[whole] is not None:
                assert counts[whole] - counts[part] not in range(1, 5)
        for rate in YARDSTICK.rates:
            if line.rates[rate.key].value is not None:
                assert None not in (counts[rate.of], counts[rate.per])
    for name in YARDSTICK.counts:
        hidden = [line for line in veiled.rows if line.counts[name].value is None]
        assert len(hidden) != 1 or veiled.total.counts[name].value is None


@given(rows())
def test_within_a_street_everything_is_told(given_rows: list[Row]) -> None:
    plain = table(YARDSTICK, given_rows, veiled=False)
    for row, line in zip(given_rows, plain.rows, strict=True):
        assert {name: count.value for name, count in line.counts.items()} == row.counts
    for name in YARDSTICK.counts:
        total = plain.total.counts[name].value
        assert total == sum(row.counts[name] for row in given_rows)


def test_rates_are_computed_from_totals_never_averaged() -> None:
    one = Row("a", "甲", {"handle_due": 10, "on_time": 10})
    other = Row("b", "乙", {"handle_due": 90, "on_time": 45})
    told = table(YARDSTICK, [one, other], veiled=False)
    assert [line.rates["on_time"].shown for line in told.rows] == ["100.0%", "50.0%"]
    assert told.total.rates["on_time"].shown == "55.0%"
    assert "solved" not in told.total.rates


def test_no_rows_at_all() -> None:
    told = table(YARDSTICK, [], veiled=True)
    assert told.rows == ()
    assert told.total.counts["received"].shown == "0"
    assert told.total.rates["solved"].shown == "—"
