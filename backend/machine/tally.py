"""Counting what test runners report, so that one closing line can tell the whole run."""

import re
from dataclasses import dataclass

_PYTEST = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+) in [\d.]+s", re.M)
_VITEST = re.compile(r"^\s*Tests\s+(.+?)\s*(?:\(\d+\))?$", re.M)
_NODE = re.compile(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)$", re.M)
_PART = re.compile(r"(\d+) (\w+)")
_ANSI = re.compile(r"\x1b\[[\d;]*m")

_FAILED = {"failed", "error", "errors", "fail"}
_PASSED = {"passed", "pass", "xfailed"}
_SKIPPED = {"skipped", "xpassed"}


@dataclass(frozen=True)
class Tally:
    """How many passed, failed and were left out."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def count(report: str, code: int, *, runs_tests: bool) -> Tally:
    """The tally of one program: of its tests, or of itself where it is no test runner.

    A test runner that ran no test has failed: somebody lost the tests.
    """
    text = _ANSI.sub("", report)
    parts = [(kind, int(number)) for kind, number in _NODE.findall(text)]
    for line in (*_PYTEST.findall(text)[-1:], *_VITEST.findall(text)[-1:]):
        parts += [(kind, int(number)) for number, kind in _PART.findall(line)]
    tally = Tally(
        sum(number for kind, number in parts if kind in _PASSED),
        sum(number for kind, number in parts if kind in _FAILED),
        sum(number for kind, number in parts if kind in _SKIPPED),
    )
    if (code or (runs_tests and tally == Tally())) and not tally.failed:
        return tally + Tally(failed=1)
    return tally if runs_tests or code else Tally(passed=1)
