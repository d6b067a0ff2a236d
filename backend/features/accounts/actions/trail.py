"""The audit browser: what was done, by whom, and whether it is sealed."""

from uuid import UUID

from backend.core import problems
from backend.core.access import Actor, look
from backend.features.accounts.shapes import AuditPage, AuditQuery
from backend.features.accounts.store import trail
from backend.web.paging import cursor_of, keys_of


@look("audit.read", "查看审计记录")
async def listing(actor: Actor, query: AuditQuery) -> AuditPage:
    """The trace of my area, latest first, by verb if wanted."""
    before = _id(query.cursor) if query.cursor else None
    rows = await trail.lines(actor.scope, query.verb, before, query.limit + 1)
    shown = tuple(rows[: query.limit])
    following = cursor_of(shown[-1].id) if len(rows) > query.limit else None
    return AuditPage(rows=shown, next=following)


def _id(cursor: str) -> UUID:
    try:
        return UUID(str(keys_of(cursor, 1)[0]))
    except ValueError:
        raise problems.bad_input() from None
