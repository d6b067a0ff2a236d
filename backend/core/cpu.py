"""Work that would block the event loop (PDF, pictures, spreadsheets) runs in other processes.

Processes are spawned, not forked: the parent holds sockets, threads and key material. One that
is killed (out of memory, most likely) is replaced, and the work it had in hand is tried again
once; none outlives its parent.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import wait
from threading import Thread
from typing import ParamSpec, TypeVar

import structlog

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger(__name__)

_pool: ProcessPoolExecutor | None = None
_processes = 1


def start(processes: int) -> None:
    """Open the pool. Without it `cpu` falls back to a thread, which is enough for tests."""
    global _pool, _processes
    context = multiprocessing.get_context("spawn")
    _pool, _processes = ProcessPoolExecutor(processes, context, _born), processes


def stop() -> None:
    global _pool
    if _pool is not None:
        _pool.shutdown(wait=False, cancel_futures=True)
        _pool = None


async def cpu(run: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a pure function elsewhere and wait for its answer. Arguments must be picklable."""
    pool, work = _pool, partial(run, *args, **kwargs)
    if pool is None:
        return await asyncio.to_thread(work)
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(pool, work)
    except BrokenProcessPool:
        if _pool is pool:  # the first who notices opens a new one
            log.exception("a process was killed at its work", work=run.__name__)
            start(_processes)
        return await loop.run_in_executor(_pool, work)


def _born() -> None:
    """In a new process: Ctrl-C is for the parent to handle, and with it this one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
    os._exit(1)
