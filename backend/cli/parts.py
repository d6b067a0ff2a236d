"""The settings a command runs with; beside a demo, or without any, the demo's own parts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr, ValidationError

from backend import settings as source
from backend.machine import places, postgres
from backend.machine.running import Failed
from backend.settings import PREFIX, Settings


def read() -> Settings:
    """The settings of the environment; Failed names every variable that is wrong."""
    try:
        return source.read()
    except ValidationError as error:
        lines = [f"{_variable(e['loc'])}: {e['msg']}" for e in error.errors(include_url=False)]
        raise Failed("The settings cannot be used:\n    " + "\n    ".join(lines)) from None
    except OSError as error:
        raise Failed(
            f"A settings file cannot be read: {error.filename}: {error.strerror}"
        ) from None


@contextmanager
def at_hand() -> Iterator[Settings]:
    """The settings, with the demo's database and files where none are named.

    So `./jucun check audit` works beside a running demo, and after it, without any variable.
    """
    if places.given("JUCUN_ENV") in (None, "demo") and not places.given("JUCUN_DATABASE_URL"):
        _adopt_demo()
    settings = read()
    if settings.database_url is not None:
        yield settings
    elif settings.env == "production":
        raise Failed("JUCUN_DATABASE_URL is missing: the address of the PostgreSQL to use.")
    else:
        with postgres.at_hand(settings.var / "pg") as url:
            yield settings.model_copy(update={"database_url": SecretStr(url)})


def _adopt_demo() -> None:
    memory = places.var() / "demo" / "variables.json"
    if memory.exists():
        variables = json.loads(memory.read_text(encoding="utf-8"))
        # the socket of a demo that has ended is gone; postgres.at_hand knows the living one
        del variables["JUCUN_DATABASE_URL"]
        places.adopt(variables)


def _variable(location: tuple[int | str, ...]) -> str:
    return PREFIX + str(location[0]).upper() if location else PREFIX + "*"
