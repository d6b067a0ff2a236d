"""Runs one of our programs on another day: `python -m tests.browser.ahead MOMENT MODULE …`.

The clock goes on from that moment, in step with the machine's. So the quarter's report is due
whenever the tests run, and no program needs a switch for it.
"""

import runpy
import sys
from datetime import datetime

from backend.core import clock


def main() -> None:
    moment, module = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
    told, lead = clock.now, moment - datetime.now(clock.SHANGHAI)

    def now() -> datetime:
        pretended = clock._pretended.get() or clock._everywhere
        return told() if pretended else told() + lead

    clock.now = now
    sys.argv[:3] = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
