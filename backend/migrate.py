"""Bring a database to the newest shape: create it when missing, then tortoise's migrations.

An advisory lock lets several processes start at once; the second finds nothing left to do.
"""

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api import migrate as run_migrations

from backend.core import db
from backend.tables import TABLES

_LOCK = 0x6A756375


async def migrate(url: str) -> None:
    """Create the database if there is none and apply what is missing."""
    given = db.credentials(url)
    plain = {key: given[key] for key in ("host", "port", "user", "password", "database", "ssl")}
    await _ensure(plain)
    guard = await asyncpg.connect(**plain)
    try:
        await guard.execute("select pg_advisory_lock($1)", _LOCK)
        await run_migrations(config=db.config(url, TABLES))
    finally:
        await Tortoise.close_connections()
        await guard.close()


async def _ensure(given: dict[str, object]) -> None:
    name = str(given["database"])
    try:
        await (await asyncpg.connect(**given)).close()
    except asyncpg.InvalidCatalogNameError:
        server = await asyncpg.connect(**given | {"database": "postgres"})
        try:
            quoted = name.replace('"', '""')
            await server.execute(f"create database \"{quoted}\" encoding 'UTF8' template template0")
        except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            pass  # another process was quicker
        finally:
            await server.close()
