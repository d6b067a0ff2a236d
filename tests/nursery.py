"""Gives birth to real workers quickly: imports and definitions once, then a fork for each life.

Run by tests/killing.py; one line on standard input is one worker, its process id the answer.
"""

import asyncio
import os
import signal
import sys

from backend import app, schedule, settings
from backend.core import logs
from backend.engine.clocks.load import load_calendar
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders.handbook import Handbook


def main() -> None:
    logs.start("CRITICAL")  # standard output is for process ids
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    schedule.DAILY.clear()  # only what the test has ordered
    schedule.PULSES.clear()
    folders = [app.FORMS, *settings.read().forms_extra]
    definitions = Catalogue.read(folders)
    book = Handbook.read(folders, load_calendar(*(folder / "calendar" for folder in folders)))
    Catalogue.read = classmethod(lambda cls, folders: definitions)  # type: ignore[method-assign]
    Handbook.read = classmethod(lambda cls, folders, calendar: book)  # type: ignore[method-assign]
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # its log is not our answer
            asyncio.run(live())
            os._exit(0)
        print(child, flush=True)


async def live() -> None:
    async with app.worker(settings.read()) as worker:
        await worker.run()


if __name__ == "__main__":
    main()
