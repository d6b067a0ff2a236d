"""What ledgers know of people and houses, for the registers' pages: how often, and who called."""

from uuid import UUID

from backend.core.db import select
from backend.core.scope import Scope
from backend.engine.form.cells import text_of
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.store import reading
from backend.features.registers.shapes import Mention, Visit

_VISITS = "L01"
_SHOWN = 20


class LedgerMentions:
    """Fills the registers' port `Mentions`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    async def of_person(self, scope: Scope, person: UUID) -> list[Mention]:
        """Every ledger that speaks of a person."""
        return [
            Mention(
                ledger=row["ledger"],
                title=self.catalogue.title(row["ledger"]),
                count=row["count"],
                last_at=row["last_at"],
            )
            for row in await reading.about(scope, "person_id", person)
        ]

    async def visits(self, scope: Scope, house: UUID) -> list[Visit]:
        """The latest visits to a house, with what came of them."""
        found = await select(
            scope,
            """select e.id, e.at, e.by_name as by, e.data->>'met' as met from ledger_entry e
               where e.area like :scope and e.ledger = :ledger and e.house_id = :house and e.live
               order by e.at desc limit :n""",
            ledger=_VISITS,
            house=house,
            n=_SHOWN,
        )
        field = self.catalogue.form(_VISITS).field("met")
        return [
            Visit(
                id=row["id"],
                at=row["at"],
                result=text_of(field, row["met"]) if field else row["met"] or "",
                by=row["by"],
            )
            for row in found
        ]
