"""An alarm while signals are being added to it."""

from dataclasses import dataclass
from uuid import UUID

from backend.core.db import Record
from backend.engine.sensors.fold import Alarm
from backend.engine.sensors.measures import Measure


@dataclass
class Standing:
    """An alarm in hand: its row, and what it has become."""

    id: UUID
    device: Record
    measure: Measure
    record: Record
    alarm: Alarm
    was: int  # the level before, 0 for a new one

    @property
    def news(self) -> bool:
        return self.alarm.level > self.was

    @property
    def wants_order(self) -> bool:
        asked = self.measure.order
        return asked is not None and self.alarm.level >= asked.level
