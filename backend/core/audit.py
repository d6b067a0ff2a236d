"""The trace every act leaves; the same row is the event that reactions follow.

A row carries its own MAC, so tampering is visible even before the sealer (core/seal.py) has
chained it. A database trigger refuses to change or delete what the MAC covers.
"""

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.models import Model

from backend.core import clock, crypto
from backend.core.db import Record, later
from backend.core.ids import new_id

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request, job or command being worked on; stands in every log line and row."""

_followed: set[str] = set()


class AuditRow(Model):
    id = fields.UUIDField(primary_key=True)
    at = fields.DatetimeField()
    actor_id = fields.UUIDField(null=True)
    actor = fields.CharField(64)
    area = fields.CharField(12)
    verb = fields.CharField(48)
    subject = fields.CharField(120)
    facts: dict[str, Any] = fields.JSONField()
    request = fields.CharField(40)
    mac = fields.BinaryField()
    pending = fields.BooleanField()
    attempts = fields.IntField(default=0)
    retry_at = fields.DatetimeField(null=True)
    failure = fields.TextField(null=True)
    seal_no = fields.BigIntField(null=True, unique=True)
    chain = fields.BinaryField(null=True)

    class Meta:
        table = "audit"


def follow(verbs: set[str]) -> None:
    """Rows with these verbs wait for the worker; told once by the composition root."""
    _followed.clear()
    _followed.update(verbs)


def mac_of(row: Record) -> bytes:
    """The MAC over everything a row says, whatever column order or JSON spacing it is read in.

    Besides the columns, `moment` is `at` in microseconds since 1970, as text.
    """
    who = [row["actor_id"] or "", row["actor"], row["area"], row["verb"], row["subject"]]
    what = [row["id"], row["moment"], row["request"], *who]
    facts = orjson.dumps(_settled(row["facts"]), option=orjson.OPT_SORT_KEYS)
    return crypto.mac("audit", orjson.dumps(what, default=str), facts)


def _settled(value: Any) -> Any:
    """JSON whose numbers read the same before and after jsonb, which turns 1e17 into digits."""
    if isinstance(value, dict):
        return {key: _settled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_settled(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        exact = abs(value) <= _EXACT and value == int(value)
        return int(value) if exact else ["number", repr(float(value))]
    return value


async def record(
    who: tuple[UUID | None, str, str], verb: str, subject: str, facts: dict[str, Any]
) -> UUID:
    """Leave a trace on the current transaction. `who` is (id, name, area code).

    `facts` holds what a reaction needs, and no level 3–4 value: they would be here for good.
    """
    at = clock.now()
    row: Record = {
        "id": new_id(),
        "at": at,
        "actor_id": who[0],
        "actor": who[1],
        "area": who[2],
        "verb": verb,
        "subject": subject,
        "facts": orjson.loads(orjson.dumps(facts, default=str)),
        "request": REQUEST.get(),
    }
    mac = mac_of(row | {"moment": str((at - _EPOCH) // timedelta(microseconds=1))})
    await later(_INSERT, **row, mac=mac, pending=verb in _followed)
    return row["id"]  # type: ignore[no-any-return]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT = 2**53  # beyond it a JSON number is not an exact integer for everybody

_INSERT = """insert into audit
  (id, at, actor_id, actor, area, verb, subject, facts, request, mac, pending, attempts)
  values (:id, :at, :actor_id, :actor, :area, :verb, :subject, :facts, :request, :mac, :pending, 0)
"""
