"""Citizen identity numbers (GB 11643-1999): check digit, birth, sex, and the old 15 digits."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.engine.text.normal import tidy_code

Reason: TypeAlias = Literal["letter", "length", "characters", "date", "check"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EARLIEST = dt.date(1850, 1, 1)
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_LOOKALIKES = frozenset("OIL")  # typed for 0 and 1 in real lists


@dataclass(frozen=True, slots=True)
class IdNumber:
    """`number` has 18 characters; `sex` is 1 男 or 2 女 (GB/T 2261.1); `division` is that of first
    registration only, never today's 户籍; `old` tells that 15 digits were given."""

    number: str
    division: str
    birth: dt.date
    sex: Literal["1", "2"]
    old: bool


@dataclass(frozen=True, slots=True)
class IdFault:
    """Why a text is no identity number."""

    reason: Reason


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def parse(text: str, today: dt.date | None = None) -> IdNumber | IdFault:
    """Read a number as typed (blanks, full width and `x` are forgiven, a wrong digit is not).

    With `today`, a birth after it is refused too.
    """
    number = tidy_code(text).upper()
    if _LOOKALIKES & set(number):
        return IdFault("letter")
    if len(number) not in (15, 18):
        return IdFault("length")
    old = len(number) == 15
    if old and number.isascii() and number.isdigit():
        number = f"{number[:6]}19{number[6:]}"
        number += check_digit(number)
    if not _NUMBER.fullmatch(number):
        return IdFault("characters")
    birth = _date(number[6:14])
    if birth is None or birth < _EARLIEST or (today is not None and birth > today):
        return IdFault("date")
    if check_digit(number[:17]) != number[17]:
        return IdFault("check")
    return IdNumber(number, number[:6], birth, "1" if int(number[16]) % 2 else "2", old)


def _date(eight: str) -> dt.date | None:
    try:
        return dt.date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None
