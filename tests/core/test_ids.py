"""Identifiers sort by time, also within a millisecond and when the clock is set back."""

import time
from uuid import RFC_4122

from backend.core import ids


def test_version_and_time():
    before = time.time_ns() // 1_000_000
    made = ids.new_id()
    after = time.time_ns() // 1_000_000 + 1
    assert made.version == 7 and made.variant == RFC_4122
    assert before <= made.int >> 80 <= after


def test_no_two_are_equal_or_in_the_wrong_order():
    made = [ids.new_id() for _ in range(50_000)]
    assert made == sorted(made) and len(set(made)) == len(made)
    assert [str(i) for i in made] == sorted(str(i) for i in made)


def test_a_clock_set_back_does_not_reorder(monkeypatch):
    first = ids.new_id()
    real = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: real - 60_000_000_000)
    assert all(first < (first := ids.new_id()) for _ in range(1000))
    monkeypatch.setattr(time, "time_ns", lambda: real + 10_000_000)
    assert ids.new_id() > first
