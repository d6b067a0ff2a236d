"""Reading the audit trace, page by page, latest first."""

from typing import Any
from uuid import UUID

from backend.core.access import VERBS
from backend.core.db import select
from backend.core.scope import Scope
from backend.features.accounts.shapes import AuditLine


async def lines(scope: Scope, verb: str | None, before: UUID | None, limit: int) -> list[AuditLine]:
    """Rows of a scope; `verb` is a whole verb or the noun before its dot."""
    text = """select id, at, actor, verb, subject, facts, seal_no is not null as sealed
              from audit where area like :scope"""
    given: dict[str, Any] = {"limit": limit}
    if verb:
        text += " and (verb = :verb or verb like :verb || '.%')"
        given["verb"] = verb
    if before:
        text += " and id < :before"
        given["before"] = before
    found = await select(scope, f"{text} order by id desc limit :limit", **given)
    return [
        AuditLine(
            **row | {"subject": row["subject"] or None},
            verb_label=VERBS.get(row["verb"], row["verb"]),
        )
        for row in found
    ]
