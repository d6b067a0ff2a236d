"""Free ports on this machine, kept for us while we live, and remembered for the next start."""

import json
import socket
from pathlib import Path

_claims: dict[int, socket.socket] = {}


def choose(wanted: dict[str, int], memory: Path) -> dict[str, int]:
    """A free port for each name: the one of last time, else the wanted one, else any."""
    kept: dict[str, int] = {}
    if memory.exists():
        kept = json.loads(memory.read_text(encoding="utf-8"))
    chosen = {name: _first([kept.get(name, port), port]) for name, port in wanted.items()}
    memory.write_text(json.dumps(chosen), encoding="utf-8")
    return chosen


def _first(candidates: list[int]) -> int:
    for port in candidates:
        if claim(port):
            return port
    while True:
        if claim(port := _any()):
            return port


def claim(port: int) -> bool:
    """Whether nobody listens there, nor is another of our demos about to.

    Our servers share ports between their processes, so two demos started at the same moment
    would not notice each other: an abstract socket, gone when we are gone, marks the port.
    """
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        mark.bind(f"\0jucun-port-{port}")
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            probe.listen()
    except OSError:
        mark.close()
        return False
    _claims[port] = mark
    return True


def release(port: int) -> None:
    """Let go of a claimed port."""
    _claims.pop(port).close()


def _any() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
