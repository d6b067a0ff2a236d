"""The small-number rule, by examples and against somebody who tries every possibility."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.indicators.small import LEAST, veil


@pytest.mark.parametrize(
    ("cells", "shown", "total"),
    [
        ([12, 30, 8], [12, 30, 8], 50),
        ([0, 30, 0], [0, 30, 0], 30),  # nothing at all may be told
        ([3, 30, 12], [None, 30, None], 45),  # the next smallest, or 3 is the difference
        ([3, 0, 0], [None, 0, 0], None),
        ([3, 2, 30], [None, None, 30], 35),
        ([1, 1, 30, 9], [None, None, 30, None], 41),  # two that make 2 are 1 and 1
        ([4, 4, 0], [None, None, 0], None),  # two that make 8 are 4 and 4
        ([1, 5, 7, 60], [None, None, None, 60], 73),  # 1 and 5 make 6, which nothing else does
        ([], [], 0),
    ],
)
def test_columns(cells, shown, total) -> None:
    veiled = veil(cells)
    assert (list(veiled.cells), veiled.total) == (shown, total)


def test_what_is_hidden_for_another_reason_cannot_be_computed_either() -> None:
    assert veil([40, 30, 8], [False, True, False]).total is None
    both = veil([40, 30, 8], [False, True, True])
    assert (both.cells, both.total) == ((40, None, None), 78)


@given(st.lists(st.integers(0, 12), max_size=5))
def test_nobody_can_tell_a_small_number(cells: list[int]) -> None:
    """Try every column that fits what is told and the rule: each small cell differs in some."""
    veiled = veil(cells)
    hidden = [place for place, cell in enumerate(veiled.cells) if cell is None]
    small = [place for place in hidden if cells[place] < LEAST]
    assert all(cell not in range(1, LEAST) for cell in veiled.cells if cell is not None)
    assert veiled.total not in range(1, LEAST)
    if veiled.total is None or not small:
        return
    rest = veiled.total - sum(cell for cell in veiled.cells if cell is not None)
    assert rest == sum(cells[place] for place in hidden)
    kinds = [range(1, LEAST) if place in small else range(LEAST, rest + 1) for place in hidden]
    fitting = [guess for guess in product(*kinds) if sum(guess) == rest]
    for place, values in zip(hidden, zip(*fitting, strict=True), strict=True):
        if place in small:
            assert len(set(values)) > 1
