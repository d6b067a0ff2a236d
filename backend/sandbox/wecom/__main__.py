"""Start the sandbox: `python -m backend.sandbox.wecom --port 9001 --state corps.yaml
--i-am-a-sandbox`. Without the flag it refuses: it lets anybody be anybody."""

import argparse
import logging
from pathlib import Path

from aiohttp import web

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.server import application


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m backend.sandbox.wecom", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="YAML or JSON of corps")
    parser.add_argument("--i-am-a-sandbox", action="store_true", dest="meant")
    given = parser.parse_args()
    if not given.meant:
        parser.error("this server lets anybody sign in as anybody; say --i-am-a-sandbox")
    logging.basicConfig(level=logging.WARNING)
    try:
        planted = seed.load(given.state)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    web.run_app(application(planted), host=given.host, port=given.port, print=None)


if __name__ == "__main__":
    main()
