"""What the boards count and divide, as the district writes it down."""

from pathlib import Path

import pytest

from backend.engine.form.yaml_nodes import MistakenFileError
from backend.engine.orders.rates import COUNTS, read_yardstick

FORMS = Path(__file__).parents[2] / "forms"


def test_every_rate_names_what_it_divides() -> None:
    yardstick = read_yardstick([FORMS])
    assert set(yardstick.counts) == set(COUNTS)
    by_key = {rate.key: rate for rate in yardstick.rates}
    assert (by_key["on_time"].of, by_key["on_time"].per) == ("on_time", "handle_due")
    assert by_key["on_time"].within and by_key["on_time"].times == 100
    assert not by_key["found"].within and by_key["found"].times == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong"),
    [
        ("received: 收到", "recieved: 收到", 6, "unknown key recieved"),
        ("of: on_time", "of: ontime", 24, "of is ontime"),
        ("unit: 倍", "unit: 次", 28, "unit is 次"),
        ("caliber: 本期结案的工单中，返工过的", "kaliber: 无", 30, "unknown key kaliber"),
        ("per: C09}", "}", 33, "per is missing"),
        ("by:", "bye:", 44, "unknown key bye"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old, new, line, wrong) -> None:
    text = (FORMS / "orders/boards.yaml").read_text(encoding="utf-8")
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders/boards.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MistakenFileError) as refused:
        read_yardstick([FORMS, tmp_path])
    found = [(mistake.line, mistake.wrong) for mistake in refused.value.mistakes]
    assert any(at == line and wrong in said for at, said in found), found


def test_without_the_file_there_are_no_boards(tmp_path: Path) -> None:
    with pytest.raises(MistakenFileError, match="missing"):
        read_yardstick([tmp_path])
