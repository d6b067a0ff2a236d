"""A write that is sent twice happens once: the same Idempotency-Key gives the same answer.

The answer is stored in the use case's own transaction, under a unique key. A repeated request
runs into that key (or into a state that its first run has changed), is rolled back, and gets the
stored answer; a twin that arrives meanwhile waits on the key. So only a repetition costs a look.
Answers hold what their asker may see: they are stored sealed, for a week.
"""

import hashlib
import re
import zlib
from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler
from tortoise import fields
from tortoise.models import Model

from backend.core import clock, crypto, problems
from backend.core.db import IntegrityError, later, sql, transaction
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.web.asking import ACTOR

_LONG = 2048
_KEY = re.compile(r"[\w.:-]{8,64}", re.ASCII)


class AnswerRow(Model):
    """A write that happened, and what was answered."""

    id = fields.UUIDField(primary_key=True)
    owner = fields.CharField(80)
    key = fields.CharField(64)
    request = fields.BinaryField()
    status = fields.IntField(null=True)
    kind = fields.CharField(40, null=True)
    body = fields.BinaryField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "answer"
        unique_together = (("owner", "key"),)


def once(alone: Handler, within: Handler, name: str, *, lazily: bool = False) -> Handler:
    """A writing handler that repeats its answer to a repeated key.

    `alone` opens its own transaction; `within` runs on the one that is opened here.
    """

    async def guarded(request: web.Request) -> web.StreamResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return await alone(request)
        if not _KEY.fullmatch(key):
            raise problems.bad_key()
        owner = str(request[ACTOR].id)
        body = await request.read()  # before the transaction: it may take its time
        mark = _mark(f"{name} {request.path_qs}\n".encode() + body)
        try:
            async with transaction(lazily=lazily):
                response = await within(request)
                await _keep(owner, key, mark, response)
            return response
        except (Problem, IntegrityError):
            if told := await _told(owner, key, mark):
                return told
            raise

    return guarded


def _mark(request: bytes) -> bytes:
    """What was asked, to tell a repetition from another request under the same key."""
    return hashlib.blake2b(request, digest_size=32).digest()


async def forget(days: int = 7) -> int:
    """Drop old answers; a phone that retries does so within minutes, or after a night offline."""
    before = clock.now() - timedelta(days=days)
    return len(await sql("delete from answer where at < :before returning 1", before=before))


async def _told(owner: str, key: str, mark: bytes) -> web.Response | None:
    """The stored answer of an earlier request with this key; None when there was none."""
    found = await sql(
        "select * from answer where owner = :owner and key = :key", owner=owner, key=key
    )
    if not found:
        return None
    was = found[0]
    if was["request"] != mark:
        raise problems.key_reused()
    headers = {"Idempotent-Replay": "true"}
    if was["body"] is None:
        return web.Response(status=was["status"], headers=headers)
    body = _unpacked(crypto.unseal_bytes("answer", "body", was["id"], was["body"]))
    return web.Response(body=body, status=was["status"], content_type=was["kind"], headers=headers)


def _packed(body: bytes) -> bytes:
    """A long answer repeats itself: packing costs a quarter of what it saves in sealing. For a
    short one the window that zlib clears costs more than all the rest."""
    return zlib.compress(body, 1) if len(body) > _LONG else body


def _unpacked(kept: bytes) -> bytes:
    # what zlib packs begins with an x, JSON never does
    return zlib.decompress(kept) if kept.startswith(b"x") else kept


async def _keep(owner: str, key: str, mark: bytes, response: web.StreamResponse) -> None:
    row, body = new_id(), response.body if isinstance(response, web.Response) else None
    sealed = kind = None
    if isinstance(body, bytes) and body:
        sealed, kind = (
            crypto.seal_bytes("answer", "body", row, _packed(body)),
            response.content_type,
        )
    await later(
        """insert into answer (id, owner, key, request, status, kind, body, at)
           values (:id, :owner, :key, :mark, :status, :kind, :body, :now)""",
        id=row,
        owner=owner,
        key=key,
        mark=mark,
        status=response.status,
        kind=kind,
        body=sealed,
        now=clock.now(),
    )
