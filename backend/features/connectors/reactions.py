"""What follows when a feed fails: those who look after the streets' data learn of it, once."""

from backend.core import clock
from backend.core.access import Actor
from backend.core.events import Event
from backend.engine.text.dates import short_date_text
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.connectors import store
from backend.features.connectors.feeds import Feeds
from backend.features.notices import store as notices


async def tell_failed(actor: Actor, event: Event, feeds: Feeds) -> None:
    """Only one failure in a row is an event; the recovery shows in the list of runs."""
    key = str(event.facts["feed"])
    done = [run.ended_at for run in await store.runs(key) if run.state == "done" and run.ended_at]
    as_of = short_date_text(max(done).date()) if done else "首次接入之前"
    streets = await areas.on_day(actor.scope, clock.today(), "street")
    people = [one for street in streets for one in await staff.holding("feed.pull", street.code)]
    feed = feeds.feed(key)
    facts = {"feed": feed.title, "why": str(event.facts["problem"]), "as_of": as_of}
    template = "feed_away" if feed.often else "feed_failed"
    await notices.tell(people, template, facts, event.subject)
