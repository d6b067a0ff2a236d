"""Children: told apart from us, ended with us, and honest about why they failed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.machine import running
from backend.machine.children import Children
from backend.machine.running import Command, Failed
from backend.machine.telling import Step

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("JUCUN_VAR", str(tmp_path / "var"))


def gone(pid, seconds=5.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().split(")")[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_failure_tells_its_last_words(tmp_path):
    script = "for n in $(seq 40); do echo line $n; done; exit 3"
    with Step("x", quiet=True) as step, pytest.raises(Failed) as failed:
        running.run(step, Command("the script", ["sh", "-c", script]), log=tmp_path / "x.log")
    assert "the script ended with code 3" in str(failed.value)
    assert "line 40" in str(failed.value) and "line 5\n" not in str(failed.value)


def test_when_one_fails_the_other_is_ended_and_the_right_one_is_blamed(tmp_path):
    slow = Command("slow", ["sleep", "60"])
    bad = Command("bad", ["sh", "-c", "echo oh; exit 1"])
    began = time.monotonic()
    with Step("x", quiet=True) as step, pytest.raises(Failed, match="bad ended with code 1"):
        running.run(step, slow, bad, log=tmp_path / "x.log")
    assert time.monotonic() - began < 10


def test_variables_can_be_taken_away(tmp_path, monkeypatch):
    monkeypatch.setenv("JUCUN_SOMETHING", "here")
    command = Command("env", ["env"], env={"JUCUN_SOMETHING": None, "JUCUN_OTHER": "there"})
    with Step("x", quiet=True) as step:
        running.run(step, command, log=tmp_path / "x.log")
    seen = (tmp_path / "x.log").read_text()
    assert "JUCUN_SOMETHING" not in seen and "JUCUN_OTHER=there" in seen


def test_ending_sweeps_up_grandchildren(tmp_path):
    script = f"sleep 60 & echo $! > {tmp_path}/pid; trap '' TERM; sleep 60"
    process = running.start(Command("parent", ["sh", "-c", script]), tmp_path / "x.log")
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        time.sleep(0.02)
    running.end(process, grace=0.2)
    assert gone(int((tmp_path / "pid").read_text()))


def test_one_that_ends_by_itself_is_told_with_its_log(tmp_path):
    children = Children()
    children.start(Command("steady", ["sleep", "60"]))
    children.start(Command("fickle", ["sh", "-c", "echo out of paper; exit 0"]))
    try:
        with pytest.raises(Failed, match=r"fickle ended with code 0(.|\n)*out of paper"):
            children.watch()
    finally:
        children.end()
    assert all(process.poll() is not None for process in children.ours)


OWNER = """
import sys, time
from pathlib import Path
from backend.machine import running
from backend.machine.running import Command
log = Path(sys.argv[1])
children = [running.start(Command("a", ["sleep", "60"]), log) for _ in range(3)]
print(*(child.pid for child in children), flush=True)
time.sleep(60)
"""


@pytest.mark.kill
def test_children_do_not_outlive_a_killed_parent(tmp_path):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    pids = [int(word) for word in owner.stdout.readline().split()]
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert all(gone(pid) for pid in pids)


def test_a_signal_to_the_terminal_reaches_children_only_through_us(tmp_path):
    process = running.start(Command("a", ["sleep", "60"]), tmp_path / "log")
    try:
        assert os.getpgid(process.pid) == process.pid != os.getpgid(0)
        assert os.getsid(process.pid) != os.getsid(0)
    finally:
        running.end(process, signal.SIGTERM)


def test_only_one_at_a_time(tmp_path):
    with running.only_one(tmp_path / "lock") as first:
        script = (
            "import sys; from pathlib import Path; from backend.machine import running\n"
            "with running.only_one(Path(sys.argv[1])) as first: print(first)"
        )
        told = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "lock")],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
    assert (first, told.stdout.strip()) == (True, "False")
