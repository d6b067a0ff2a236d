"""Telephone numbers as residents give them: tidied, but never repaired in silence."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.engine.text.normal import tidy_code

Reason: TypeAlias = Literal["letter", "digits", "shape"]

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(-[0-9]{1,6})?")
_COUNTRY = re.compile(r"^(?:\+86|0086)-?")
_EXCEL = re.compile(r"\.0+$")
_LOOKALIKES = re.compile(r"[OoIlU]")  # typed for 0, 1 and a digit in real lists


@dataclass(frozen=True, slots=True)
class Phone:
    """A number without decoration: 13800138000, or 021-62345678-801 as it was joined."""

    number: str
    mobile: bool


@dataclass(frozen=True, slots=True)
class PhoneFault:
    """Why a text is no telephone number; `digits` counts those that are there."""

    reason: Reason
    digits: int


def parse(text: str, *, mobile_only: bool = False) -> Phone | PhoneFault:
    """Read a number as typed: blanks, brackets, +86, full width and Excel's `.0` are forgiven."""
    tidy = _COUNTRY.sub("", _EXCEL.sub("", tidy_code(text)))
    bare = re.sub(r"[-()]", "", tidy)
    if _MOBILE.fullmatch(bare):
        return Phone(bare, mobile=True)
    digits = sum("0" <= sign <= "9" for sign in bare)
    if _LOOKALIKES.search(bare) and digits >= 5:
        return PhoneFault("letter", digits)
    if mobile_only:
        return PhoneFault("digits" if digits == len(bare) != 11 else "shape", digits)
    landline = re.sub(r"\((0[0-9]{2,3})\)", r"\1-", tidy)
    if _LANDLINE.fullmatch(landline):
        return Phone(landline, mobile=False)
    return PhoneFault("shape", digits)
