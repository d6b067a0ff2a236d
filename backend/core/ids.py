"""Identifiers that sort by time (UUID version 7, RFC 9562), made by us and not by the database.

A row's id must be known before it is written: sealed values are bound to it. Events are followed
in the order of their ids, so two ids of one process never stand in the wrong order, even within
a millisecond or when the machine's clock is set back.
"""

import secrets
import time
from uuid import UUID

_RANDOM = 74
_STEP = 40
_last = 0


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, then 74 random bits, greater than the last one."""
    global _last
    stamp = time.time_ns() // 1_000_000
    if stamp > _last >> _RANDOM:
        value = stamp << _RANDOM | secrets.randbits(_RANDOM)
    else:
        # RFC 9562 §6.2 method 2: a random step beyond the last one
        value = _last + 1 + secrets.randbits(_STEP)
    _last = value
    head, tail = value >> 62, value & (1 << 62) - 1
    return UUID(int=(head >> 12) << 80 | 0x7 << 76 | (head & 0xFFF) << 64 | 0b10 << 62 | tail)
