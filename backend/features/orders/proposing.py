"""What is proposed for words and a place: class, committee, unit, limit, and orders about the same.

A person decides; what they correct is learnt (store/lessons.py).
"""

from dataclasses import dataclass

from backend.core import clock
from backend.core.access import Actor
from backend.core.scope import Scope, street_of
from backend.engine.orders.similar import Sight
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.orders import matching
from backend.features.orders.bodies import Wording
from backend.features.orders.handbook import Handbook
from backend.features.orders.shapes import Proposal, UnitName
from backend.features.orders.store import units
from backend.features.registers.store import spotting
from backend.features.registers.store.spotting import Wanted


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What a limit depends on, before there is an order."""

    category: str | None
    severity: str
    source: str
    urge: str = "一般"
    appeal_type: str = "9"


async def proposed(actor: Actor, book: Handbook, query: Wording) -> Proposal:
    street = Scope(street_of(actor.area)[:9])
    spot = (await spotting.spot(street, [Wanted(query.place, query.lng, query.lat)]))[0]
    guesses = (await book.classes.guesses(query.words))[0]
    category = guesses[0].category if guesses else None
    weighed = _Weighed(category, book.severity(category), query.source)
    leaf = book.categories.by_code.get(category) if category else None
    usual = await units.usual(street, category, leaf.unit if leaf else None)
    called = await areas.names([spot.area]) if spot else {}
    building = str(spot.building) if spot and spot.building else None
    moment = clock.now()
    sight = Sight(category, query.words, moment, query.lng, query.lat, building, query.place)
    return Proposal(
        categories=guesses,
        severity=book.severity(category),
        limit=str(book.limit("handle", weighed)),
        area=AreaName(code=spot.area, name=called.get(spot.area, spot.area)) if spot else None,
        grid=spot.grid if spot else None,
        building_id=spot.building if spot else None,
        found_how=spot.how if spot else None,
        units=tuple(UnitName(id=u["id"], name=u["name"], kind=u["kind"]) for u in usual),
        similar=await matching.of_words(street, sight, moment),
    )
