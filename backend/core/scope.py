"""How far somebody sees: a place in the hierarchical 12-digit area code and all that is below.

The statistical division code (统计用区划代码: GB/T 2260 + 3 town + 3 village digits) nests by
prefix: 310107000000 is the district, 310107005000 one of its streets, 310107005001 a committee.
"""

import re
from dataclasses import dataclass

_CODE = re.compile(r"[0-9]{12}")
_PREFIX = re.compile(r"[0-9]{0,12}")
# Lengths of the prefix that still says something, from the whole code upwards.
_LEVELS = (12, 9, 6, 4, 2)


@dataclass(frozen=True, slots=True)
class Scope:
    """All areas whose code starts with `prefix`; the empty prefix is everywhere."""

    prefix: str

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(f"not the beginning of an area code: {self.prefix!r}")

    @property
    def like(self) -> str:
        return self.prefix + "%"

    def covers(self, area: str) -> bool:
        return area.startswith(self.prefix)


EVERYWHERE = Scope("")


def scope_of(area: str) -> Scope:
    """The scope of a 12-digit area code: 310107005000 → everything below that street.

    Anything but a whole code is refused: an empty one must never mean everywhere.
    """
    if not _CODE.fullmatch(area):
        raise ValueError(f"not an area code of 12 digits: {area!r}")
    for length, below in zip(_LEVELS[1:], _LEVELS[:-1], strict=True):
        if set(area[length:below]) != {"0"}:
            return Scope(area[:below])
    return Scope(area[:2])


def street_of(area: str) -> str:
    """The street (街镇) that a committee's code belongs to; a street's own code is itself."""
    return area[:9] + "000"
