"""The areas in force, so that a row that names a committee can be told from one that names none."""

from dataclasses import dataclass

from backend.core import clock
from backend.core.scope import EVERYWHERE, street_of
from backend.features.areas import store as areas
from backend.features.registers.store.places import Committees


@dataclass(frozen=True, slots=True)
class Places:
    """Committees and streets of today."""

    committees: Committees
    streets: frozenset[str]

    def known(self, code: str) -> bool:
        """Whether a code is that of a committee, of today or of before."""
        return code in self.committees.standing or code in self.committees.ended

    def area(self, committee: str | None, street: str | None, home: str) -> str:
        """The committee if it stands, else its street or the street named, else `home`."""
        if committee in self.committees.standing:
            return str(committee)
        for code in (street, committee and street_of(committee)):
            if code in self.streets:
                return str(code)
        return home


async def places() -> Places:
    """The areas in force today, and the committees that have ended with their heirs."""
    today = clock.today()
    standing = await areas.committees(EVERYWHERE, today)
    streets = await areas.on_day(EVERYWHERE, today, "street")
    heirs: dict[str, list[str]] = {}
    for old, new, _ in await areas.lineage(EVERYWHERE):
        heirs.setdefault(old, []).append(new)
    codes = frozenset(area.code for area in standing)
    called = await areas.names([*heirs, *(new for news in heirs.values() for new in news)])
    ended = {}
    for old, news in heirs.items():
        if old not in codes:
            together = "、".join(called.get(code, code) for code in news)
            ended[old] = f"{called.get(old, old)}已撤销（由{together}承接）"
    return Places(Committees(codes, ended), frozenset(street.code for street in streets))
