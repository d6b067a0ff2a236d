"""How signals come in: a page at a time, folded device by device, merged into alarms; what is new
and bad enough becomes an order at once, in the same transaction.

However often the same alarm is said, it is one alarm with a count and one order; every signal is
kept for a while. A device nobody has registered is entered and heard all the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import audit, clock
from backend.core.access import SYSTEM
from backend.core.db import Record, sql
from backend.core.ids import new_id
from backend.engine.sensors.fold import Alarm, Fold, Heard, Watch
from backend.engine.sensors.measures import Measure, Measures, Step
from backend.features.connectors.source import Feed, Stream
from backend.features.connectors.takers import Batch
from backend.features.orders.handbook import Handbook
from backend.features.registers.shapes import Incoming, Taken
from backend.features.sensors import ordering
from backend.features.sensors.standing import Standing
from backend.features.sensors.store import devices, hearing

RAISED = "alarm.raise"
FOUND_OUT = b"silence"
"""The digest of a signal that no device has said: we have found out that it is silent."""
_DEAF = ("停用", "检修", "报废")
_ODD = timedelta(days=400)  # a clock that far behind is wrong: smoke is smoke


@dataclass(frozen=True, slots=True)
class Said:
    """One signal of a known device."""

    number: str
    digest: bytes
    signal: str
    value: float | None
    words: str | None
    at: datetime


class Ears:
    """The taker of signals."""

    def __init__(self, measures: Measures, book: Handbook) -> None:
        self.measures, self.book = measures, book

    async def known(self, feed: Feed, stream: Stream, ids: Collection[str]) -> Mapping[str, bytes]:
        return await hearing.known(feed.key, ids)

    async def take(self, batch: Batch) -> Taken:
        """Devices are held first, so that whoever comes with the same signals waits and finds
        them known."""
        held = await _speaking(batch.feed.key, batch)
        said = [(row.refs["device"], _said(row)) for row in batch.rows]
        new = await self.hear(batch.feed.key, held, said)
        return Taken(added=new, same=len(batch.rows) - new)

    async def weigh(self) -> None:
        for table in ("sensor_signal", "sensor_watch", "sensor_alarm"):
            await sql(f"analyze {table}")

    async def hear(
        self, source: str, held: Mapping[str, Record], said: Sequence[tuple[str, Said]]
    ) -> int:
        """Signals by the numbers of devices that the caller holds; how many are new."""
        known = await hearing.known(source, [one.number for _, one in said])
        new: dict[UUID, dict[str, Said]] = defaultdict(dict)
        for number, one in said:
            if one.number not in known:
                new[held[number]["id"]][one.number] = one
        words = {device: list(these.values()) for device, these in new.items()}
        talking = [device for device in held.values() if device["id"] in words]
        if talking:
            hall = await _Hall.open(self.measures, talking, words)
            for device in talking:
                hall.listen(device, words[device["id"]])
            await hall.write()
            await devices.heard([_last(key, these) for key, these in words.items() if these])
            await self._raise(hall)
        return sum(map(len, words.values()))

    async def _raise(self, hall: "_Hall") -> None:
        """Orders for what is bad enough, and the event by which people learn of it."""
        loud = [one for one in hall.alarms if one.news and not one.alarm.past]
        orders = [one for one in loud if one.record["order_id"] is None and one.wants_order]
        if orders:
            made = await ordering.of_alarms(self.book, self.measures, orders)
            await hearing.link([(one.id, order) for one, order in zip(orders, made, strict=True)])
        if loud:
            facts = {"alarms": {str(one.id): one.alarm.level for one in loud}}
            await audit.record(SYSTEM.who, RAISED, f"alarms:{loud[0].id}", facts)


class _Hall:
    """Everything that is said in one go, and what comes of it."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.history = clock.now() - timedelta(hours=measures.late)
        self.before: dict[tuple[UUID, str], Record] = {}
        self.held: dict[UUID, Record] = {}
        self.alarms: list[Standing] = []
        self._signals: list[tuple[Any, ...]] = []
        self._watches: list[Record] = []

    @classmethod
    async def open(
        cls, measures: Measures, talking: Sequence[Record], said: Mapping[UUID, list[Said]]
    ) -> "_Hall":
        hall = cls(measures)
        signals = {one.signal for these in said.values() for one in these}
        for device in talking:
            signals |= {one.key for one in measures.kind(device["kind"]).silences}
        found = await hearing.watches([device["id"] for device in talking], sorted(signals))
        hall.before = {(row["device_id"], row["signal"]): row for row in found}
        hall.held = await hearing.held({r["alarm_id"] for r in found if r["alarm_id"]})
        return hall

    def listen(self, device: Record, said: Sequence[Said]) -> None:
        by_signal: dict[str, list[Said]] = defaultdict(list)
        for one in sorted(said, key=lambda one: one.at):
            by_signal[one.signal].append(one)
        for signal, these in by_signal.items():
            measure = self._measure(device, signal)
            belongs = self._fold(device, signal, measure, [Heard(o.at, o.value) for o in these])
            moment = clock.now()
            for one, alarm in zip(these, belongs, strict=True):
                self._signals.append(_signal(device, alarm, one, moment))
            for silence in self.measures.kind(device["kind"]).silences:
                if silence.silent_of == signal:  # it is silent no more
                    awake = [Heard(these[-1].at, 0.0)]
                    self._fold(device, silence.key, self._measure(device, silence.key), awake)

    def _measure(self, device: Record, signal: str) -> Measure:
        measure = self.measures.measure(device["kind"], signal)
        own = device["tuned"].get(signal)
        return measure.tuned([Step(**step) for step in own]) if own else measure

    def _fold(
        self, device: Record, signal: str, measure: Measure, heard: Sequence[Heard]
    ) -> list[UUID | None]:
        """Hear them; the alarm that each belongs to."""
        row = self.before.get((device["id"], signal))
        was = row["alarm_id"] if row else None
        if _deaf(device):
            last, measure = None, measure.tuned(())
        else:
            last = self.held.get(was) if was else None
        known = [_alarm(last)] if last else []
        fold = Fold(measure, _watch(row), list(known), self.history).hear(heard)
        standing = self._standing(device, signal, measure, last, fold.alarms)
        watch = _watch_row(fold.watch) | {"device_id": device["id"], "signal": signal}
        watch["id"] = row["id"] if row else new_id()
        self._watches.append(watch | {"alarm_id": standing[-1].id if standing else was})
        self.alarms += [
            one
            for one, before in zip(standing, [*known, *[None] * len(standing)], strict=False)
            if one.alarm != before
        ]
        return [standing[number].id if number is not None else None for number in fold.belongs]

    def _standing(
        self,
        device: Record,
        signal: str,
        measure: Measure,
        last: Record | None,
        alarms: Sequence[Alarm],
    ) -> list[Standing]:
        found = []
        for number, alarm in enumerate(alarms):
            if number == 0 and last is not None:
                found.append(Standing(last["id"], device, measure, last, alarm, last["level"]))
                continue
            fresh = new_id()
            record = {
                "id": fresh,
                "area": device["area"],
                "device_id": device["id"],
                "building_id": device["building_id"],
                "kind": device["kind"],
                "signal": signal,
                "order_id": None,
                "rev": 0,
            }
            found.append(Standing(fresh, device, measure, record, alarm, 0))
        return found

    async def write(self) -> None:
        await hearing.add_signals(self._signals)
        await hearing.merge_watches(self._watches)
        fresh = [_row(one) for one in self.alarms if one.was == 0]
        again = [_row(one) for one in self.alarms if one.was]
        if fresh:
            await hearing.add_alarms(fresh)
        if again:
            await hearing.add_to_alarms(again)


def _signal(device: Record, alarm: UUID | None, one: Said, moment: datetime) -> tuple[Any, ...]:
    """In the order of hearing.SIGNAL."""
    whose = (new_id(), device["id"], alarm, device["source"])
    return (*whose, one.number, one.digest, one.signal, one.value, one.words, one.at, moment)


def _row(one: Standing) -> Record:
    alarm = one.alarm
    step = one.measure.step(alarm.level)
    return one.record | {
        "level": alarm.level,
        "state": "open" if alarm.ended_at is None else one.record.get("state", "ended"),
        "first_at": alarm.first_at,
        "last_at": alarm.last_at,
        "count": alarm.count,
        "worst": alarm.worst,
        "bound": step.limit if step else None,
        "recovered_at": alarm.recovered_at,
        "ended_at": alarm.ended_at,
        "past": alarm.past,
    }


def _alarm(row: Record) -> Alarm:
    return Alarm(
        level=row["level"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        count=row["count"],
        worst=row["worst"],
        ended_at=row["ended_at"],
        recovered_at=row["recovered_at"],
        past=row["past"],
    )


def _watch(row: Record | None) -> Watch:
    if row is None:
        return Watch()
    since = tuple(at and datetime.fromisoformat(at) for at in row["since"])
    return Watch(since, row["waiting"], row["last_at"], row["last_value"])


def _watch_row(watch: Watch) -> Record:
    return {
        "since": [at and at.isoformat() for at in watch.since],
        "waiting": watch.waiting,
        "last_at": watch.last_at,
        "last_value": watch.last_value,
    }


def _deaf(device: Record) -> bool:
    """Whether a device is out of use or paused: it is heard, and raises nothing."""
    paused = device["paused_until"] is not None and device["paused_until"] >= clock.today()
    return paused or device["state"] in _DEAF


def _said(row: Incoming) -> Said:
    now, at = clock.now(), row.values.get("at") or row.as_of
    # a clock that runs ahead, or was reset to 1970, must not make an alarm unheard
    moment = now if at > now or at < now - _ODD else at
    value = row.values.get("value")
    said = row.values["signal"]
    return Said(row.source_id, row.digest, said, value, row.values.get("words"), moment)


def _last(device: UUID, said: Sequence[Said]) -> tuple[UUID, datetime | None, int | None]:
    """When it last spoke by itself, and its battery."""
    levels = [int(one.value) for one in said if one.signal == "battery" and one.value is not None]
    battery = min(100, max(0, levels[-1])) if levels else None
    spoken = [one.at for one in said if one.digest != FOUND_OUT]
    return device, max(spoken, default=None), battery


async def _speaking(source: str, batch: Batch) -> dict[str, Record]:
    """The devices of a page by number, held; those we have not heard of are entered."""
    first = {row.refs["device"]: row for row in reversed(batch.rows)}
    held = await devices.speaking(source, first)
    strangers = first.keys() - {device["source_id"] for device in held}
    if strangers:
        fresh = [_stranger(batch, number, first[number]) for number in strangers]
        await devices.ensure(source, fresh)
        held += await devices.speaking(source, strangers)
    return {device["source_id"]: device for device in held}


def _stranger(batch: Batch, number: str, row: Incoming) -> Record:
    point = row.values.get("coord") or {}
    return {
        "id": new_id(),
        "area": batch.area_of(row),
        "source_id": number,
        "place": row.values.get("place") or f"未登记的设备 {number}",
        "lng": point.get("lng"),
        "lat": point.get("lat"),
    }
