"""Work in other processes: errors come back, a killed process is replaced, none is left over."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from backend.core import cpu
from backend.engine import pictures
from tests.killing import gone


@pytest.fixture
def pool():
    before = cpu._pool, cpu._processes
    cpu.start(1)
    yield
    cpu.stop()
    cpu._pool, cpu._processes = before


def die_once(mark):
    """Kills its own process the first time, as the kernel does when memory runs out."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


async def test_it_runs_elsewhere_and_errors_come_back(pool):
    assert await cpu.cpu(os.getpid) != os.getpid()
    with pytest.raises(pictures.OtherKind):
        await cpu.cpu(pictures.prepare, b"no picture")
    with pytest.raises(pictures.Damaged):
        await cpu.cpu(pictures.prepare, b"\xff\xd8\xff\xe0")


async def test_a_killed_process_is_replaced_and_its_work_tried_again(pool, tmp_path):
    mark = str(tmp_path / "mark")
    first = await cpu.cpu(os.getpid)
    found = await asyncio.gather(*(cpu.cpu(die_once, mark) for _ in range(3)))
    assert first not in found and await cpu.cpu(os.getpid) in found


async def test_work_that_kills_every_process_is_given_up(pool):
    with pytest.raises(Exception, match="terminated abruptly"):
        await cpu.cpu(die)
    assert await cpu.cpu(os.getpid)


PARENT = """
import asyncio, os, signal
from backend.core import cpu
if __name__ == "__main__":
    cpu.start(1)
    print(asyncio.run(cpu.cpu(os.getpid)), flush=True)
    signal.pause()
"""


async def test_none_outlives_its_parent(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT)
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        tmp_path / "parent.py",
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": os.getcwd()},
    )
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    await asyncio.wait_for(gone(child), 5)
