"""Ports, versions, counts and what may be imported before anything is installed."""

import ast
import re
import socket
import sys
from pathlib import Path

import pytest

from backend.machine import node, ports, venv
from backend.machine.tally import Tally, count

MACHINE = Path(__file__).parent.parent.parent / "backend" / "machine"
BARE = ("boot", "places", "running", "telling", "venv")


@pytest.mark.parametrize("name", BARE)
def test_the_first_half_of_jucun_needs_nothing_installed(name):
    allowed = {f"backend.machine.{other}" for other in BARE} | {"backend.machine"}
    tree = ast.parse((MACHINE / f"{name}.py").read_text(encoding="utf-8"))
    for statement in ast.walk(tree):
        if isinstance(statement, ast.ImportFrom):
            modules = [statement.module]
        elif isinstance(statement, ast.Import):
            modules = [alias.name for alias in statement.names]
        else:
            continue
        for module in modules:
            assert module in allowed or module.split(".")[0] in sys.stdlib_module_names, module
        if isinstance(statement, ast.ImportFrom) and statement.module == "backend.machine":
            assert {alias.name for alias in statement.names} <= set(BARE)


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("v20.18.0", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v23.0.0", False),
        ("v24.0.0", True),
        ("v26.1.0", True),
        ("", False),
        ("v18.20.4", False),
    ],
)
def test_which_node_will_do(version, good):
    assert node.good_enough(version) is good


def test_a_taken_port_is_not_chosen_and_the_choice_is_remembered(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        chosen = ports.choose({"server": taken}, tmp_path / "ports.json")["server"]
    assert chosen != taken
    assert not ports.claim(chosen), "claimed ports stay claimed while we live"
    ports.release(chosen)
    again = ports.choose({"server": taken}, tmp_path / "ports.json")
    assert again == {"server": chosen}
    ports.release(chosen)


@pytest.mark.parametrize(
    ("report", "code", "tally"),
    [
        ("...\n109 passed in 4.1s\n", 0, Tally(109)),
        ("= 2 failed, 7 passed, 1 skipped, 3 deselected in 0.59s =\n", 1, Tally(7, 2, 1)),
        ("1 passed, 2 errors in 0.10s\n", 1, Tally(1, 2)),
        ("3 passed, 1 xfailed in 62.12s (0:01:02)\n", 0, Tally(4)),
        (" Test Files  2 passed (2)\n      Tests  3 passed | 1 failed (4)\n", 1, Tally(3, 1)),
        (" \x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m12 passed\x1b[39m (12)\n", 0, Tally(12)),
        ("# tests 5\n# pass 4\n# fail 0\n# skipped 1\n", 0, Tally(4, 0, 1)),
        ("ℹ tests 5\nℹ pass 5\nℹ fail 0\nℹ skipped 0\n", 0, Tally(5)),
        ("7 passed in 1s\nSegmentation fault\n", -11, Tally(7, 1)),
        ("ℹ tests 0\nℹ pass 0\nℹ fail 0\nℹ skipped 0\n", 0, Tally(0, 1)),
    ],
)
def test_counting_what_runners_report(report, code, tally):
    assert count(report, code, runs_tests=True) == tally


@pytest.mark.parametrize(
    ("report", "code", "tally"),
    [
        ("Success: no issues found in 90 source files\n", 0, Tally(1)),
        ("backend/a.py:1: error: boom\nFound 1 error in 1 file\n", 1, Tally(0, 1)),
    ],
)
def test_a_program_that_is_no_runner_counts_as_one(report, code, tally):
    assert count(report, code, runs_tests=False) == tally


def test_the_development_lock_holds_the_other_at_the_same_versions():
    def pins(name):
        text = (MACHINE.parents[1] / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([\w.-]+==\S+)", text, re.M))

    assert pins(venv.RUN) <= pins(venv.DEV)
    for name in (venv.RUN, venv.DEV, venv.NODE):
        assert "://" not in (MACHINE.parents[1] / name).read_text(encoding="utf-8")


def test_the_closing_line_is_one_that_ci_reads():
    assert str(Tally(3, 0, 1)) == "3 passed, 0 failed, 1 skipped"
