"""PostgreSQL: one connection pool, one transaction, and rows seen through a scope.

Single rows go through tortoise; lists, counts and bulk go through `select` and `sql`, which run
on the current tortoise transaction with named parameters. Scoped tables are reached only through
`rows`, `place` and `select`; tests/shape fails any other way.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import orjson
from tortoise import Tortoise, connections, fields
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError
from tortoise.models import Model
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from backend.core import problems
from backend.core.scope import Scope

__all__ = ["IntegrityError", "Scoped", "copy_rows", "database", "place", "rows", "select", "sql"]

Record = dict[str, Any]
_Group = tuple[tuple[str, ...], Record]  # texts that are sent together, and their values
M = TypeVar("M", bound="Scoped")

# what is skipped (strings, quoted names, dollar quotes, comments, casts), then a `:name`
_NAMED = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|(?P<tag>\$\w*\$).*?(?P=tag)|--[^\n]*|/\*.*?\*/|::"""
    r"""|(?<![\w\]]):(?P<name>[a-z_][a-z0-9_]*)""",
    re.DOTALL,
)


class Scoped(Model):
    """A row that belongs to a place (a 12-digit area code)."""

    area = fields.CharField(12)

    class Meta:
        abstract = True


def rows(scope: Scope, table: type[M], **match: Any) -> QuerySet[M]:
    """The rows of a table that lie within a scope. The only way to read them one by one."""
    return table.filter(area__startswith=scope.prefix, **match)


async def place(scope: Scope, table: type[M], *, area: str, **values: Any) -> M:
    """A new row, if its area lies within the scope. The only way to write one."""
    if not scope.covers(area):
        raise problems.not_found(kind="区域")
    if held := _held.get():
        await held.settle()
    return await table.create(area=area, **values)


async def select(scope: Scope, text: str, **given: Any) -> list[Record]:
    """Rows of a set-based statement over scoped tables; its text must compare with `:scope`.

    `:scope` is the LIKE pattern of the scope: `where p.area like :scope`.
    """
    return await sql(_scoped(text), scope=scope.like, **given)


async def glance(scope: Scope, text: str, **given: Any) -> list[Record]:
    """Like `select`, for a plain read that may stand before a lazy transaction begins."""
    if (held := _held.get()) and held.waiting:
        await held.settle()
    return await _execute(_scoped(text), {"scope": scope.like, **given})


async def sql(text: str, **given: Any) -> list[Record]:
    """Rows of a statement with `:name` parameters, on the current transaction.

    A value for a jsonb parameter is an object; text stands for JSON that is already encoded.
    """
    if held := _held.get():
        await held.settle()
    return await _execute(text, given)


async def later(*texts: str, **given: Any) -> None:
    """Statements that write and whose rows nobody wants: sent with the others at the latest.

    Inside a transaction they wait for the next statement or the commit, and all that wait go out
    as one: a journey to the database costs more than most statements. What waits together must
    touch different rows. Texts that are given together share their values.
    """
    if held := _held.get():
        held.waiting.append((texts, given))
    else:
        await _send([(texts, given)])


@asynccontextmanager
async def transaction(*, lazily: bool = False) -> AsyncIterator[None]:
    """All or nothing; inside another one, a savepoint.

    A lazy one begins with its first statement other than a `glance`. When only `later` was used
    it never begins: one statement is all or nothing by itself, and two journeys are saved
    (measured: a third of the CPU time of handing in a return). Nothing is locked meanwhile, so
    such a write must notice by itself that it was overtaken: see `expected` in sql/core.sql.
    """
    if outer := _held.get():
        await outer.settle()
    held = _Held()
    token = _held.set(held)
    try:
        async with held:
            if not lazily:
                await held.begin()
            yield
            await held.flush()
    except asyncpg.SerializationError:
        raise problems.overtaken() from None
    finally:
        _held.reset(token)


class _Held:
    """The transaction of this task: what waits to be sent, and whether it has begun."""

    def __init__(self) -> None:
        self.waiting: list[_Group] = []
        self.begun = False
        self.raw: asyncpg.Connection | None = None
        self.within: AbstractAsyncContextManager[Any] | None = None

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, *error: Any) -> None:
        if within := self.within:
            self.within = self.raw = None
            await within.__aexit__(*error)

    async def begin(self) -> None:
        # what a glance came with goes back first: who waits for a second connection while holding
        # one may wait for ever
        await self.__aexit__(None, None, None)
        self.begun = True
        await self._enter(in_transaction("default"))

    async def connection(self) -> asyncpg.Connection:
        """The one connection of a transaction that has not begun, kept until it does or ends."""
        if self.raw is None:
            self.raw = await self._enter(connections.get("default").acquire_connection())
        return self.raw

    async def _enter(self, context: AbstractAsyncContextManager[Any]) -> Any:
        entered = await context.__aenter__()
        self.within = context
        return entered

    async def settle(self) -> None:
        """Before any other statement: begin, and send what waits."""
        if not self.begun:
            await self.begin()
        await self.flush()

    async def flush(self) -> None:
        if not self.waiting:
            return
        sent, self.waiting = self.waiting, []
        await _send(sent)


_held: ContextVar[_Held | None] = ContextVar("held", default=None)


def _scoped(text: str) -> str:
    if "scope" not in _compiled(text)[1]:
        raise ValueError("a statement over scoped tables must use :scope")
    return text


async def _send(groups: list[_Group]) -> None:
    """What waited, as one statement."""
    text, named = _together(tuple(texts for texts, _ in groups))
    values: list[Any] = []
    for names, (_, given) in zip(named, groups, strict=True):
        values += _in_order(names, given)
    await _run(text, values)


@lru_cache(maxsize=512)
def _together(groups: tuple[tuple[str, ...], ...]) -> tuple[str, list[dict[str, int]]]:
    """Writing statements as one, each group with names of its own."""
    parts: list[str] = []
    named: list[dict[str, int]] = []
    for texts in groups:
        names: dict[str, int] = {}
        before = sum(map(len, named))
        parts += [_numbered(text, names, before) for text in texts]
        named.append(names)
    each = ", ".join(f"w{n} as ({part} returning 1)" for n, part in enumerate(parts))
    return f"with {each} select 1", named


async def _execute(text: str, given: Record) -> list[Record]:
    compiled, names = _compiled(text)
    return await _run(compiled, _in_order(names, given))


def _in_order(names: Mapping[str, int], given: Record) -> list[Any]:
    if names.keys() != given.keys():
        raise TypeError(f"statement wants {sorted(names)}, got {sorted(given)}")
    return [given[name] for name in names]


async def _run(text: str, values: list[Any]) -> list[Record]:
    held = _held.get()
    if held and not held.begun:
        return await _fetch(await held.connection(), text, values)
    async with connections.get("default").acquire_connection() as raw:
        return await _fetch(raw, text, values)


async def _fetch(raw: asyncpg.Connection, text: str, values: list[Any]) -> list[Record]:
    """Rows straight from the driver, with errors named as tortoise names them."""
    try:
        return [dict(row) for row in await raw.fetch(text, *values)]
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(error) from error
    except (asyncpg.SyntaxOrAccessError, asyncpg.DataError) as error:
        raise OperationalError(error) from error


async def copy_rows(table: str, columns: Sequence[str], records: Iterable[Sequence[Any]]) -> None:
    """COPY records into a table on the current transaction, the quickest way in."""
    if held := _held.get():
        await held.settle()
    async with connections.get("default").acquire_connection() as raw:
        await raw.copy_records_to_table(table, columns=list(columns), records=records)


def away(error: BaseException | None) -> bool:
    """Whether an error only says that the database cannot be reached just now."""
    return isinstance(error, _AWAY) or (error is not None and away(error.__cause__))


def refused(error: BaseException) -> bool:
    """Whether PostgreSQL found a value unfit for its column: too long, too large, not text."""
    return isinstance(error.__cause__, asyncpg.DataError)


_AWAY = (
    ConnectionError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)


@lru_cache(maxsize=2048)
def _compiled(text: str) -> tuple[str, dict[str, int]]:
    """A statement as PostgreSQL wants it, and its names in the order of their numbers."""
    names: dict[str, int] = {}
    return _numbered(text, names), names


def _numbered(text: str, names: dict[str, int], before: int = 0) -> str:
    """`:name` → `$1`, each name once, in order of first appearance; `names` learns the new ones."""

    def number(found: re.Match[str]) -> str:
        if not (name := found["name"]):
            return found[0]
        return f"${before + names.setdefault(name, len(names) + 1)}"

    return _NAMED.sub(number, text)


def _encode_json(value: Any) -> bytes:
    # tortoise hands over text it has encoded itself; raw statements hand over objects
    body = value.encode() if isinstance(value, str) else orjson.dumps(value, default=str)
    return b"\x01" + body


def _decode_json(data: bytes) -> Any:
    return orjson.loads(data[1:])


async def _prepare(raw: asyncpg.Connection) -> None:
    # binary, because COPY into a jsonb column needs it
    await raw.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=_encode_json,
        decoder=_decode_json,
    )


async def _keep(_: asyncpg.Connection) -> None:
    """No reset query at release: no statement of ours leaves session state behind."""


def credentials(url: str, size: int = 10) -> dict[str, Any]:
    """asyncpg credentials of a `postgresql://user:pass@host:port/name?host=/socket/dir` URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("the address of a database begins with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "host": query.pop("host", parts.hostname or "127.0.0.1"),
        "port": int(query.pop("port", parts.port or 5432)),
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")) or "postgres",
        "minsize": 1,
        "maxsize": size,
        "init": _prepare,
        "reset": _keep,
        "ssl": query.get("sslmode", "prefer") if parts.hostname else False,
    }


def config(url: str, tables: Sequence[str], size: int = 10) -> dict[str, Any]:
    """The tortoise configuration: one connection, one app, migrations in backend/migrations."""
    engine = "tortoise.backends.asyncpg"
    return {
        "connections": {"default": {"engine": engine, "credentials": credentials(url, size)}},
        "apps": {
            "jucun": {
                "models": list(tables),
                "default_connection": "default",
                "migrations": "backend.migrations",
            }
        },
        "use_tz": True,
        "timezone": "Asia/Shanghai",
    }


@asynccontextmanager
async def database(url: str, tables: Sequence[str], size: int = 10) -> AsyncIterator[None]:
    """Connect for the time of the block."""
    context = await Tortoise.init(config=config(url, tables, size), _enable_global_fallback=True)
    try:
        yield
    finally:
        await context.close_connections()
