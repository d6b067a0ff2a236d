"""Start the sandbox: `python -m backend.sandbox.street --port 9002 --i-am-a-sandbox`.

Without the flag it refuses: it makes people up.
"""

import argparse
import json
import logging
from datetime import date, timedelta
from pathlib import Path

from aiohttp import web

from backend.core import clock
from backend.sandbox.district.world import SEED, Plan, committees
from backend.sandbox.street.server import application
from backend.sandbox.street.shelf import Shelf

_HISTORY = timedelta(days=560)


def main() -> None:
    given = _arguments()
    logging.basicConfig(level=logging.WARNING)
    plan = Plan(
        _since(given),
        clock.today(),
        given.full,
        given.people_full,
        given.people_thin,
        given.seed,
        given.orders_days,
        given.signals_days,
    )
    among = [c for c in committees() if c.code.startswith(given.only)]
    shelf = Shelf(plan, among, given.state)
    app = application(shelf, {given.client: given.secret}, given.push_to)
    web.run_app(app, host=given.host, port=given.port, print=None)


def _since(given: argparse.Namespace) -> date:
    """The first day of the history. The state file remembers it: another first day would make
    everybody somebody else."""
    state: Path | None = given.state
    if state and state.exists():
        first = json.loads(state.read_text(encoding="utf-8").splitlines()[0])
        return date.fromisoformat(first["since"])
    since: date = given.since or (clock.today() - _HISTORY).replace(day=1)
    if state:
        state.parent.mkdir(parents=True, exist_ok=True)
        state.write_text(json.dumps({"since": since.isoformat()}) + "\n", encoding="utf-8")
    return since


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m backend.sandbox.street", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client", default="jucun", help="client id the platform knows")
    parser.add_argument("--secret", default="sandbox-secret", help="its secret")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--since", type=date.fromisoformat, help="the first day of the history")
    parser.add_argument("--full", default=Plan.full, help="prefix of the street shown complete")
    parser.add_argument("--only", default="", help="prefix of the committees that exist at all")
    parser.add_argument("--people-full", type=int, default=Plan.people_full)
    parser.add_argument("--people-thin", type=int, default=Plan.people_thin)
    parser.add_argument("--orders-days", type=int, default=3, help="days of orders it keeps")
    parser.add_argument("--signals-days", type=int, default=30, help="days of alarms it keeps")
    parser.add_argument("--push-to", default="", help="address of Jucun, for what is pushed")
    parser.add_argument("--state", type=Path, help="file that keeps the first day and changes")
    parser.add_argument("--i-am-a-sandbox", action="store_true", dest="meant")
    given = parser.parse_args()
    if not given.meant:
        parser.error("this server invents people; say --i-am-a-sandbox")
    return given


if __name__ == "__main__":
    main()
