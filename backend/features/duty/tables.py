"""Rows of duty and emergency. Imported by store only.

`area` is the committee or street that stands the shift; of an emergency, its calls and its steps
it is the street, of the people on its lists and of what was lent the committee.
"""

from typing import Any

from tortoise import fields

from backend.core.db import Scoped


class ShiftRow(Scoped):
    """One shift of one place. People are `{id, label}`: as named when the roster was made.

    It ends with its hand-over: offered in words by who stood it, signed by the taker, and then
    written into the duty log (L21), whose entry is `entry_id`.
    """

    id = fields.UUIDField(primary_key=True)
    day = fields.DateField()
    shift = fields.CharField(8)  # 日班 夜班 24小时
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    leader: dict[str, Any] = fields.JSONField()
    people: list[dict[str, Any]] = fields.JSONField()
    phone = fields.CharField(20)
    weather = fields.CharField(60, null=True)
    patrol = fields.CharField(200, null=True)
    handover = fields.CharField(300, null=True)
    offered_by: dict[str, Any] | None = fields.JSONField(null=True)
    offered_at = fields.DatetimeField(null=True)
    taker: dict[str, Any] | None = fields.JSONField(null=True)
    signed_at = fields.DatetimeField(null=True)
    entry_id = fields.UUIDField(null=True)
    rev = fields.IntField(default=0)

    class Meta:
        table = "duty_shift"
        unique_together = (("area", "day", "shift"),)


class LineRow(Scoped):
    """What was reported during a shift, and what was done about it."""

    id = fields.UUIDField(primary_key=True)
    shift_id = fields.UUIDField()
    at = fields.DatetimeField()
    source = fields.CharField(60)
    content = fields.CharField(500)
    handled = fields.CharField(500, null=True)
    reported_at = fields.DatetimeField(null=True)
    order_id = fields.UUIDField(null=True)
    by_id = fields.UUIDField(null=True)
    by = fields.CharField(64, source_field="by_name")
    created_at = fields.DatetimeField()

    class Meta:
        table = "duty_line"


class EmergencyRow(Scoped):
    """From the switch away from 平时 until it is over: its level now, and the first reports."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(20)
    drill = fields.BooleanField()
    level = fields.CharField(8)
    reason = fields.CharField(300)
    since = fields.DatetimeField()
    by = fields.CharField(64, source_field="by_name")
    acute_since = fields.DatetimeField(null=True)  # when it first became 应急
    oral_at = fields.DatetimeField(null=True)
    written_at = fields.DatetimeField(null=True)
    listed_at = fields.DatetimeField(null=True)
    until = fields.DatetimeField(null=True)
    ended_by = fields.CharField(64, null=True)
    summary = fields.CharField(1000, null=True)
    rested = fields.IntField(default=0)
    rev = fields.IntField(default=0)

    class Meta:
        table = "emergency"


class EmergencyStepRow(Scoped):
    """What happened in an emergency, in order; the time line of the closing report."""

    id = fields.UUIDField(primary_key=True)
    emergency_id = fields.UUIDField()
    at = fields.DatetimeField()
    what = fields.CharField(12)
    level = fields.CharField(8)
    words = fields.CharField(500)
    by = fields.CharField(64, source_field="by_name")

    class Meta:
        table = "emergency_step"


class InNeedRow(Scoped):
    """Somebody on the lists of an emergency, put there at the switch, and how they are.

    Names, addresses and numbers stay in the registers. `note` is sealed.
    """

    id = fields.UUIDField(primary_key=True)
    emergency_id = fields.UUIDField()
    person_id = fields.UUIDField()
    kinds: list[str] = fields.JSONField()
    state = fields.CharField(10)  # listed reached unreached moving moved back
    place = fields.CharField(60, null=True)
    note = fields.TextField(null=True)
    reached_at = fields.DatetimeField(null=True)
    moved_at = fields.DatetimeField(null=True)
    back_at = fields.DatetimeField(null=True)
    by = fields.CharField(64, null=True, source_field="by_name")
    changed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "emergency_person"
        unique_together = (("emergency_id", "person_id"),)


class CallRow(Scoped):
    """Everybody of a street is called upon, and asked to confirm until a moment."""

    id = fields.UUIDField(primary_key=True)
    emergency_id = fields.UUIDField()
    words = fields.CharField(160)
    at = fields.DatetimeField()
    until = fields.DatetimeField()
    by = fields.CharField(64, source_field="by_name")

    class Meta:
        table = "emergency_call"


class CalledRow(Scoped):
    """One person who was called upon. `how` they confirmed: card, app, or by telephone."""

    id = fields.UUIDField(primary_key=True)
    call_id = fields.UUIDField()
    staff_id = fields.UUIDField()
    name = fields.CharField(64)
    confirmed_at = fields.DatetimeField(null=True)
    how = fields.CharField(8, null=True)
    help_at = fields.DatetimeField(null=True)
    reminded = fields.SmallIntField(default=0)

    class Meta:
        table = "emergency_called"
        unique_together = (("call_id", "staff_id"),)


class LoanRow(Scoped):
    """Supplies lent out in an emergency; `back` is how much has come back."""

    id = fields.UUIDField(primary_key=True)
    emergency_id = fields.UUIDField()
    what = fields.CharField(10)
    spec = fields.CharField(60, null=True)
    unit = fields.CharField(10)
    store_place = fields.CharField(100)
    quantity = fields.FloatField()
    back = fields.FloatField(default=0)
    borrower = fields.CharField(100)
    reason = fields.CharField(100)
    at = fields.DatetimeField()
    by = fields.CharField(64, source_field="by_name")
    returned_at = fields.DatetimeField(null=True)
    rev = fields.IntField(default=0)

    class Meta:
        table = "emergency_loan"
