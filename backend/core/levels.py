"""What of a value somebody gets to see: the one place that masks, by level, place and duty.

Levels per field (DB31/T 310030—2025, GB/T 43697): 1 public, 2 internal, 3 sensitive, 4 high.
Those who work in the committee itself need to find the door they knock at: they see addresses,
birth dates and codes of level 3 there; numbers (证件, 电话, 金额) stay masked until revealed one
by one with a reason. Level 4 is hidden from everybody but the duty (条线) it belongs to.
"""

from dataclasses import dataclass

from backend.core.access import Actor
from backend.engine.text.masking import HIDDEN, mask

_PLAIN_ON_SITE = {"address", "date", "datetime", "code", "codes", "bool", "ref", "text", "integer"}
_CARE_DUTIES = {"老龄", "残联", "卫健", "民政", "救助"}


@dataclass(frozen=True, slots=True)
class Seen:
    text: str
    masked: bool


def seen(
    actor: Actor, area: str, *, level: int, kind: str, text: str, on_duty: bool = False
) -> Seen:
    """A value as `actor` may see it, `text` being its readable form and `kind` its field type.

    Who handles the matter itself (`on_duty`) sees of it what those on site see.
    """
    if not text or level <= 2:
        return Seen(text, masked=False)
    on_site = actor.area == area or (on_duty and level == 3)
    if level == 3 and on_site and kind in _PLAIN_ON_SITE:
        return Seen(text, masked=False)
    if level >= 4:
        if on_site and actor.duties & _CARE_DUTIES:
            return Seen(text, masked=False)
        return Seen(HIDDEN, masked=True)
    return Seen(mask(kind, text), masked=True)
