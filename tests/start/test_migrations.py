"""Migrated from zero, the database is what the models say, and has what they cannot say."""

import asyncio
import importlib
import re
import sys
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tortoise import Tortoise, fields
from tortoise.migrations.autodetector import MigrationAutodetector

from backend.core import db
from backend.core.db import sql
from backend.migrations import __file__ as migrations
from backend.tables import TABLES

pytestmark = pytest.mark.usefixtures("server")

SQL = Path(migrations).parent / "sql"
TYPES = {
    fields.UUIDField: "uuid",
    fields.CharField: "character varying",
    fields.TextField: "text",
    fields.IntField: "integer",
    fields.SmallIntField: "smallint",
    fields.BigIntField: "bigint",
    fields.BooleanField: "boolean",
    fields.DateField: "date",
    fields.DatetimeField: "timestamp with time zone",
    fields.JSONField: "jsonb",
    fields.BinaryField: "bytea",
    fields.FloatField: "double precision",
    fields.DecimalField: "numeric",
}


def models():
    return {model._meta.db_table: model for model in Tortoise.apps["jucun"].values()}


@pytest.fixture
async def catalogue():
    """Every column of every table (views are no tables): (type, length, may be null)."""
    found = {}
    for row in await sql(
        """select table_name, column_name, data_type, character_maximum_length, is_nullable
           from information_schema.columns where table_schema = 'public'
             and table_name not in (select v.table_name from information_schema.views v)"""
    ):
        kind = row["data_type"], row["character_maximum_length"], row["is_nullable"] == "YES"
        found.setdefault(row["table_name"], {})[row["column_name"]] = kind
    return found


async def test_every_model_is_a_table_and_every_table_a_model(catalogue):
    assert set(models()) == catalogue.keys() - {"tortoise_migrations"}
    listed = {module for module in TABLES if importlib.import_module(module)}
    homes = {model.__module__ for model in models().values()}
    assert homes == listed


async def test_every_column_is_as_its_field_says(catalogue):
    for table, model in models().items():
        expected = {}
        for name, field in model._meta.fields_map.items():
            column = model._meta.fields_db_projection.get(name)
            if column is None:
                continue
            kind = next((t for cls, t in TYPES.items() if type(field) is cls), None)
            if kind is None:  # an array field or the like says its own type
                kind = field.SQL_TYPE
            length = field.max_length if isinstance(field, fields.CharField) else None
            expected[column] = (kind, length, field.null)
        assert catalogue[table] == expected, table


async def test_the_models_have_nothing_that_no_migration_knows():
    """When this fails, `tortoise makemigrations` has something to write."""
    apps = db.config("postgresql://nowhere/x", TABLES)["apps"]
    writers = await MigrationAutodetector(Tortoise.apps, apps).changes()
    operations = [vars(operation) for writer in writers for operation in writer.operations]
    assert operations == []


async def test_everything_in_the_sql_files_exists():
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql")))
    text = re.sub(r"--[^\n]*", "", text)
    indexes = {row["name"] for row in await sql("select indexname as name from pg_indexes")}
    triggers = {row["name"] for row in await sql("select tgname as name from pg_trigger")}
    functions = {row["name"] for row in await sql("select proname as name from pg_proc")}
    checks = {row["name"] for row in await sql("select conname as name from pg_constraint")}
    for kind, there in (
        (r"create (?:unique )?index (\w+)", indexes),
        (r"create (?:constraint )?trigger (\w+)", triggers),
        (r"create (?:or replace )?function (\w+)", functions),
        (r"add constraint (\w+)", checks),
    ):
        wanted = set(re.findall(kind, text, re.IGNORECASE))
        assert wanted <= there, kind
    assert re.search("create (unique )?index", text)


async def test_several_processes_migrate_at_once_and_again(settings):
    """As two servers and two workers do that start together on a database that is not there."""
    given = settings.database_url.get_secret_value()
    name = f"jucun_test_{uuid4().hex[:8]}"
    url = re.sub(r"/jucun_test_\w+", f"/{name}", given)
    lines = ("import asyncio, sys", "from backend.migrate import migrate")
    program = "; ".join((*lines, "asyncio.run(migrate(sys.argv[1]))"))

    async def run():
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url)
        return await process.wait()

    try:
        assert await asyncio.gather(run(), run(), run()) == [0, 0, 0]
        assert await run() == 0
        found = await _applied(url)
        assert len(found) == len(set(found)) == len(list(SQL.parent.glob("0*.py")))
    finally:
        await sql(f"drop database {name} with (force)")


async def _applied(url):
    given = db.credentials(url)
    keys = ("host", "port", "user", "password", "database", "ssl")
    connection = await asyncpg.connect(**{key: given[key] for key in keys})
    found = await connection.fetch("select name from tortoise_migrations")
    await connection.close()
    return [row["name"] for row in found]
