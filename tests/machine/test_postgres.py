"""The embedded PostgreSQL: in awkward places, after crashes, and never outliving who started it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from backend.core import db
from backend.machine import places, postgres

ROOT = Path(__file__).parent.parent.parent
# 120 bytes of a path are more than a socket address holds
LONG = "居村通 数据/" + "很长的文件夹名" * 6


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A cluster's place with blanks and Chinese characters, too long for a socket."""
    monkeypatch.setenv("JUCUN_VAR", str(tmp_path / "var"))
    folder = tmp_path / LONG
    folder.mkdir(parents=True)
    yield folder / "pg"
    postgres.discard(folder / "pg")


def ask(server, text):
    async def go():
        given = db.credentials(server.url("postgres"))
        keys = ("host", "port", "user", "database", "ssl")
        connection = await asyncpg.connect(**{key: given[key] for key in keys})
        try:
            return await connection.fetchval(text)
        finally:
            await connection.close()

    return asyncio.run(go())


def test_it_works_and_keeps_its_data(data):
    with postgres.cluster(data, careless=True) as server:
        ask(server, "create table kept as select '居村' as word")
        assert ask(server, "select datcollate from pg_database where datname = 'postgres'") == "C"
        assert ask(server, "show server_encoding") == "UTF8"
        assert ask(server, "select lower('ÄÉ')") == "äé"
        assert ask(server, "show listen_addresses") == ""
        socket = server.socket
        assert socket.stat().st_mode & 0o077 == 0
    assert server.process.poll() is not None
    assert not socket.exists()
    with postgres.cluster(data, careless=True) as server:
        assert ask(server, "select word from kept") == "居村"


def test_committed_work_is_on_disk_unless_a_test_says_otherwise(data):
    with postgres.cluster(data) as server:
        shown = {name: ask(server, f"show {name}") for name in ("fsync", "synchronous_commit")}
    assert shown == {"fsync": "on", "synchronous_commit": "on"}


def test_a_stale_note_with_the_number_of_a_stranger_is_put_aside(data):
    with postgres.cluster(data, careless=True):
        note = (data / "postmaster.pid").read_text().splitlines()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *note[1:]]) + "\n")
        with postgres.cluster(data, careless=True) as server:
            assert ask(server, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_broken_off_start_leaves_nothing_half_made(data):
    half = (data.resolve() if data.is_symlink() else data).with_name("pg.half-made")
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with postgres.cluster(data, careless=True) as server:
        assert ask(server, "select 1") == 1


def test_commands_beside_a_running_one_use_it(data):
    with postgres.cluster(data, careless=True) as server:
        with postgres.at_hand(data) as url:
            assert url == server.url(postgres.DATABASE)
        assert server.process.poll() is None


OWNER = """
import sys, time
from pathlib import Path
from backend.machine import postgres
with postgres.cluster(Path(sys.argv[1]), careless=True) as server:
    print(server.process.pid, server.socket, flush=True)
    time.sleep(60)
"""


@pytest.mark.kill
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_whoever_started_it(data, number):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    pid = int(owner.stdout.readline().split()[0])
    owner.send_signal(number)
    owner.wait()
    owner.stdout.close()
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
    with postgres.cluster(data, careless=True) as server:
        assert ask(server, "select 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_opens_no_folder_and_adds_no_user(data):
    before = Path("/etc/passwd").read_bytes()
    modes = {folder: folder.stat().st_mode for folder in data.parents}
    with postgres.cluster(data, careless=True) as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
    assert Path("/etc/passwd").read_bytes() == before
    assert {folder: folder.stat().st_mode for folder in data.parents} == modes


def test_discarding_leaves_nothing(data):
    with postgres.cluster(data, careless=True) as server:
        real = data.resolve()
    postgres.discard(data)
    assert not data.exists() and not data.is_symlink() and not real.exists()
    assert not server.socket.exists()
    assert places.var().exists()
