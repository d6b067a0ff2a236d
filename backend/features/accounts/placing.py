"""Which area a department of a corp stands for, and what a person in it becomes by default."""

from collections.abc import Iterable, Mapping

from backend.clients.wecom import Department
from backend.core.scope import scope_of
from backend.features.areas.shapes import Area


def placed(
    departments: Iterable[Department], known: Mapping[int, str], areas: Iterable[Area], root: str
) -> dict[int, str | None]:
    """Department → area code, or None where somebody has to say.

    What is known stays, as long as the area exists; names are no keys. A department seen for the
    first time is placed when exactly one area below its parent's bears its very name; what lies
    below a committee belongs to that committee. `root` is the area of the whole corp.
    """
    rest = {one.id: one for one in departments}
    standing = {area.code: area for area in areas}
    found: dict[int, str | None] = {}
    # parents first; with a limited scope the parent may be unseen
    while ready := [one for one in rest.values() if one.parent not in rest]:
        for one in ready:
            del rest[one.id]
            held = known.get(one.id)
            found[one.id] = held if held in standing else _guess(one, found, standing, root)
    return found | dict.fromkeys(rest)


def _guess(
    one: Department, found: Mapping[int, str | None], standing: Mapping[str, Area], root: str
) -> str | None:
    if one.parent == 0:
        return root
    if one.parent not in found:
        inside = scope_of(root)
        return _only(a for a in standing.values() if inside.covers(a.code) and a.name == one.name)
    above = found[one.parent]
    if above is None:
        return None
    if above in standing and standing[above].kind == "committee":
        return above
    return _only(a for a in standing.values() if a.parent == above and a.name == one.name)


def _only(areas: Iterable[Area]) -> str | None:
    codes = [area.code for area in areas]
    return codes[0] if len(codes) == 1 else None


def default_roles(kind: str, *, leads: bool) -> tuple[str, ...]:
    """What somebody may do who is new in a place: a committee's people work there, its head leads.

    In a street or the district nothing is taken for granted; the administrator gives the roles.
    """
    if kind != "committee":
        return ()
    return ("lead",) if leads else ("worker",)
