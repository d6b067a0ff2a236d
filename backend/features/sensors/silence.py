"""Who has been silent for too long: found out by the clock, heard like any other signal.

A device of a person living alone says when the door opens; a day without that is an alarm.
"""

from datetime import timedelta

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, transaction
from backend.core.scope import EVERYWHERE, street_of
from backend.engine.sensors.measures import Measure, Measures, Step
from backend.features.areas import store as areas
from backend.features.orders.handbook import Handbook
from backend.features.sensors.hearing import FOUND_OUT, Ears, Said
from backend.features.sensors.store import alarms, devices, hearing

_KEPT = timedelta(days=90)  # signals; what they came to stays in the alarms


async def listen(actor: Actor, measures: Measures, book: Handbook) -> None:
    """Raise what silence means; again and again, each level of a silence counts once."""
    ears = Ears(measures, book)
    for kind in measures.kinds.values():
        for silence in kind.silences:
            await _listen(ears, kind.key, silence)


async def _listen(ears: Ears, kind: str, silence: Measure) -> None:
    moment, shortest = clock.now(), min(step.at_least or 0 for step in silence.steps)
    before = moment - timedelta(hours=shortest)
    async with transaction():
        by_source: dict[str, list[Record]] = {}
        for device in await hearing.silent(silence.silent_of or "", [kind], before):
            by_source.setdefault(device["source"], []).append(device)
        for source, mute in by_source.items():
            said = [(device["source_id"], one) for device in mute for one in _of(device, silence)]
            if said:
                await ears.hear(source, {device["source_id"]: device for device in mute}, said)


def _of(device: Record, silence: Measure) -> list[Said]:
    """The level that a silence has reached, under a number that it has once."""
    own = device["tuned"].get(silence.key)
    measure = silence.tuned([Step(**step) for step in own]) if own else silence
    moment, last = clock.now(), device["last_at"]
    hours = round((moment - last).total_seconds() / 3600, 1)
    rank = measure.rank(hours)
    number = f"{silence.key}:{last:%y%m%d%H%M%S}:{rank}:{device['id'].hex[-12:]}"
    return [Said(number, FOUND_OUT, silence.key, float(int(hours)), None, moment)] if rank else []


async def settle(actor: Actor, measures: Measures) -> None:
    """Alarms without an order of which nothing has been heard any more are over."""
    await alarms.tired(clock.now() - timedelta(hours=measures.clear))


async def night(actor: Actor) -> None:
    """Single signals are of use for a while only; and where the map has changed, devices follow."""
    await hearing.forget(clock.now() - _KEPT)
    await devices.follow()
    await devices.inherit(await _heirs())


async def _heirs() -> dict[str, str]:
    """Committees that have ended, and the one that took everything over, else the street."""
    standing = {area.code for area in await areas.committees(EVERYWHERE, clock.today())}
    heirs: dict[str, set[str]] = {}
    for old, new, _ in await areas.lineage(EVERYWHERE):
        heirs.setdefault(old, set()).add(new)
    return {
        old: next(iter(news)) if len(news) == 1 else street_of(old)
        for old, news in heirs.items()
        if old not in standing
    }
