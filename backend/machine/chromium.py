"""A Chromium for the browser tests: the machine's own, or Debian's, installed when that may be.

Run as a module it prints the path; with code 75 it says why there is none.
"""

import os
import shutil
import subprocess
import sys

from backend.machine import places, running, venv
from backend.machine.running import Failed
from backend.machine.telling import Step, say

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
LEFT_OUT = 75


def find() -> str | None:
    """The path of a Chromium or Chrome; JUCUN_TEST_CHROMIUM comes first."""
    if named := places.given("JUCUN_TEST_CHROMIUM"):
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> str:
    """Its path, after installing it and a Chinese font when they are missing and we may."""
    missing = [] if find() else ["chromium"]
    if not _writes_chinese():
        missing.append("fonts-noto-cjk")
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        with Step("Chromium", quiet=True) as step:
            venv.apt_install(step, *missing)
    if path := find():
        return path
    raise Failed(_why())


def _writes_chinese() -> bool:
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    return bool(fonts.stdout.strip())


def _why() -> str:
    if not shutil.which("apt-get"):
        return "there is no Chromium on the PATH and no apt-get to install one"
    return "there is no Chromium on the PATH, and only root may install one (apt install chromium)"


def main() -> int:
    running.heed_signals()
    try:
        say(ensure())
    except Failed as failure:
        say(f"{failure}")
        return LEFT_OUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
