"""`migrate`, apart from the other commands: every start waits for it, so it imports little."""

import asyncio

from backend.cli import parts
from backend.core import db
from backend.features.areas import files, store
from backend.machine.places import ROOT
from backend.machine.telling import say
from backend.migrate import migrate as run_migrations
from backend.tables import TABLES


def migrate() -> None:
    """Create the database when it is missing, apply what it lacks, fill in the areas at first."""
    with parts.at_hand() as settings:
        url = settings.database_url.get_secret_value() if settings.database_url else ""
        filled = asyncio.run(_migrate(url))
    say(f"The database has the newest shape{f'; {filled} areas filled in' if filled else ''}.")


async def _migrate(url: str) -> int:
    await run_migrations(url)
    async with db.database(url, TABLES, 2):
        return await store.load(*files.read(ROOT / "forms" / "areas"))
