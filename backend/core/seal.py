"""The sealer: chains audit rows with SM3 once a second and publishes the head; and the check.

Rows are chained in the order in which the sealer meets them (by id within a batch): a slow
transaction may commit after a younger one was sealed, and must not break the chain. Chaining
inside the request would serialise all writers (measured: 5× slower).

The head is published twice: in `audit_head`, and in the log, which leaves the machine. Who holds
a logged head can tell (`check(published=…)`) that somebody cut rows and heads off the end.
"""

from dataclasses import dataclass
from textwrap import wrap
from uuid import UUID

import orjson
import structlog
from tortoise import fields
from tortoise.models import Model

from backend.core import audit, clock, crypto
from backend.core.db import Record, sql, transaction
from backend.core.ids import new_id

log = structlog.get_logger(__name__)

START = b"\0" * 32
_FIRST = UUID(int=0)
_BATCH = 5000
_LOCK = 0x6A75636E  # advisory lock: one sealer at a time
_COLUMNS = """id, actor_id, actor, area, verb, subject, request, mac, facts::text as facts_text,
  trim_scale(extract(epoch from at) * 1000000)::text as moment,
  to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') as shown"""


class AuditHead(Model):
    """What the sealer published: after row `seal_no` the chain value was `chain`."""

    id = fields.UUIDField(primary_key=True)
    seal_no = fields.BigIntField(unique=True)
    chain = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "audit_head"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check: how many rows hold, and the first that does not."""

    sealed: int
    unsealed: int
    head: bytes
    broken: str | None = None

    @property
    def whole(self) -> bool:
        return self.broken is None

    def __str__(self) -> str:
        if self.broken:
            return (
                f"审计链在第 {self.sealed + 1} 行断开：{self.broken}。此前 {self.sealed:,} 行完好。"
            )
        waiting = f"，另有 {self.unsealed:,} 行待封" if self.unsealed else ""
        return f"审计链完好：{self.sealed:,} 行{waiting}。链头 {spelled(self.sealed, self.head)}"


def spelled(number: int, chain: bytes) -> str:
    """A head as it is logged and printed: `1204:0f3c9-a1b44-…`, which no scrubber mistakes."""
    return f"{number}:{'-'.join(wrap(chain.hex(), 5))}"


def read_head(text: str) -> tuple[int, bytes]:
    """The inverse of `spelled`. ValueError when it is something else."""
    number, _, spelled_chain = text.strip().partition(":")
    chain = bytes.fromhex(spelled_chain.replace("-", ""))
    if len(chain) != len(START):
        raise ValueError("a chain value has 32 bytes")
    return int(number), chain


async def seal_once() -> int:
    """Chain what is new. Returns how many rows were chained; 0 when another sealer is at it."""
    async with transaction():
        if not (await sql("select pg_try_advisory_xact_lock(:lock) as held", lock=_LOCK))[0][
            "held"
        ]:
            return 0
        number, chain = await _last_head()
        fresh = await sql(
            f"select {_COLUMNS} from audit where seal_no is null order by id limit :n", n=_BATCH
        )
        if not fresh:
            return 0
        chains = []
        for row in fresh:
            chain = _link(chain, row)
            chains.append(chain)
        await _write(fresh, number, chains)
        number += len(fresh)
        await AuditHead.create(id=new_id(), seal_no=number, chain=chain, at=clock.now())
    log.info("audit sealed", head=spelled(number, chain))
    return len(fresh)


async def _last_head() -> tuple[int, bytes]:
    head = await sql("select seal_no, chain from audit_head order by seal_no desc limit 1")
    return (head[0]["seal_no"], head[0]["chain"]) if head else (0, START)


async def _write(fresh: list[Record], number: int, chains: list[bytes]) -> None:
    await sql(
        """update audit a set seal_no = s.no, chain = s.chain
           from unnest(:ids::uuid[], :numbers::bigint[], :chains::bytea[]) s(id, no, chain)
           where a.id = s.id""",
        ids=[row["id"] for row in fresh],
        numbers=list(range(number + 1, number + 1 + len(fresh))),
        chains=chains,
    )


async def check(published: tuple[int, bytes] | None = None) -> Verdict:
    """Verify every row's MAC, the whole chain, and every published head."""
    heads = {h["seal_no"]: h["chain"] for h in await sql("select seal_no, chain from audit_head")}
    if published and heads.setdefault(*published) != published[1]:
        return Verdict(0, 0, START, f"链头 {spelled(*published)} 与库中公布的不符")
    number, chain = 0, START
    while batch := await sql(
        f"""select {_COLUMNS}, seal_no, chain from audit
            where seal_no > :after order by seal_no limit :n""",
        after=number,
        n=_BATCH,
    ):
        for row in batch:
            before, number, chain = chain, number + 1, _link(chain, row)
            if why := _wrong(row, number, chain, heads):
                return Verdict(number - 1, 0, before, why)
    if heads and max(heads) > number:
        why = f"第 {number + 1} 行起缺失：已公布的链头在第 {max(heads)} 行"
        return Verdict(number, 0, chain, why)
    return await _unsealed(number, chain)


async def _unsealed(sealed: int, chain: bytes) -> Verdict:
    """The same check for rows that no sealer has met yet: only their MACs can speak."""
    loose, after = 0, _FIRST
    while batch := await sql(
        f"""select {_COLUMNS} from audit where seal_no is null and id > :after
            order by id limit :n""",
        after=after,
        n=_BATCH,
    ):
        for row in batch:
            if not _as_written(row):
                return Verdict(sealed, loose, chain, f"未封的{_called(row)}内容被改动")
            loose, after = loose + 1, row["id"]
    return Verdict(sealed, loose, chain)


def _link(chain: bytes, row: Record) -> bytes:
    return crypto.sm3(chain, row["id"].bytes, row["mac"])


def _as_written(row: Record) -> bool:
    try:
        facts = orjson.loads(row["facts_text"])
    except orjson.JSONDecodeError:  # jsonb holds numbers that no writer of ours can write
        return False
    return audit.mac_of(row | {"facts": facts}) == bytes(row["mac"])


def _called(row: Record) -> str:
    return f"记录 {row['id']}（{row['verb']}，{row['shown']}）"


def _wrong(row: Record, number: int, chain: bytes, heads: dict[int, bytes]) -> str | None:
    if row["seal_no"] != number:
        return f"第 {number} 行缺失，其后是第 {row['seal_no']} 行{_called(row)}"
    if not _as_written(row):
        return f"{_called(row)}内容被改动"
    if row["chain"] != chain:
        return f"{_called(row)}链值不符"
    if heads.get(number, chain) != chain:
        return f"{_called(row)}与已公布的链头不符"
    return None
