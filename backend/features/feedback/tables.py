"""Rows. Imported by store only."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from backend.core.db import Scoped


class FindingRow(Scoped):
    """What an experience officer has found (体验反馈), or a complaint about Jucun (投诉建议).

    `area` is the committee, or the street while nobody knows which. `content`, `answers` and
    `judgement` are sealed: people write names into them. What the public reads was written apart:
    `summary` says what the matter is, `reply` what was done; `shown_before` and `shown_after` are
    covered copies. `solved` stays empty until the sender has judged: silence is not satisfied.
    """

    id = fields.UUIDField(primary_key=True)
    no = fields.CharField(24, unique=True)
    kind = fields.CharField(12)  # finding complaint
    officer_id = fields.UUIDField(null=True)
    staff_id = fields.UUIDField(null=True)
    sender = fields.CharField(64)
    scene = fields.CharField(16)
    content = fields.TextField()
    answers = fields.TextField(null=True)
    screen = fields.CharField(200, null=True)
    place = fields.CharField(200)
    building_id = fields.UUIDField(null=True)
    lng = fields.FloatField(null=True)  # GCJ-02
    lat = fields.FloatField(null=True)
    handy = fields.SmallIntField(null=True)  # 好用
    useful = fields.SmallIntField(null=True)  # 管用
    liked = fields.SmallIntField(null=True)  # 爱用
    mission_id = fields.UUIDField(null=True)
    photos: list[str] = fields.JSONField()
    state = fields.CharField(12)
    decision = fields.CharField(8, null=True)  # adopted partly declined
    reason = fields.CharField(500, null=True)
    order_id = fields.UUIDField(null=True)
    reply = fields.CharField(1000, null=True)
    summary = fields.CharField(200, null=True)
    public = fields.BooleanField(default=False)
    shown_before: list[str] = fields.JSONField()
    shown_after: list[str] = fields.JSONField()
    sent_at = fields.DatetimeField()
    register_due = fields.DatetimeField(null=True)
    registered_at = fields.DatetimeField(null=True)
    decide_due = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)
    judged_at = fields.DatetimeField(null=True)
    solved = fields.BooleanField(null=True)
    satisfied = fields.CharField(8, null=True)  # 满意 基本满意 不满意
    judgement = fields.TextField(null=True)
    unsolved = fields.IntField(default=0)  # how often the sender said so
    rev = fields.IntField(default=0)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "finding"


class FindingStepRow(Model):
    """What happened to a finding: `words` for its sender, `note` (sealed) for the house."""

    id = fields.UUIDField(primary_key=True)
    finding_id = fields.UUIDField()
    act = fields.CharField(16)
    at = fields.DatetimeField()
    by = fields.CharField(64, source_field="by_name")
    words = fields.CharField(1000, null=True)
    note = fields.TextField(null=True)

    class Meta:
        table = "finding_step"


class FollowRow(Model):
    """An officer follows a case that is known already, instead of reporting it again."""

    id = fields.UUIDField(primary_key=True)
    case_id = fields.UUIDField()
    kind = fields.CharField(8)  # finding order
    officer_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "finding_follow"
        unique_together = (("officer_id", "case_id"),)


class MissionRow(Scoped):
    """A mission (体验任务) of a street: "please walk …", for a time, at places, with questions."""

    id = fields.UUIDField(primary_key=True)
    title = fields.CharField(60)
    words = fields.CharField(1000)
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    places: list[dict[str, Any]] = fields.JSONField()
    questions: list[dict[str, Any]] = fields.JSONField()
    state = fields.CharField(8)  # draft open ended
    by = fields.CharField(64, source_field="by_name")
    published_at = fields.DatetimeField(null=True)
    rev = fields.IntField(default=0)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "mission"


class MissionTakenRow(Model):
    """An officer has taken a mission."""

    id = fields.UUIDField(primary_key=True)
    mission_id = fields.UUIDField()
    officer_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "mission_taken"
        unique_together = (("mission_id", "officer_id"),)


class FindingListRow(Scoped):
    """A quarter's list (采纳、整改、复评) as a street published it: public words, no names."""

    id = fields.UUIDField(primary_key=True)
    period = fields.CharField(8)  # 2026Q3
    words = fields.CharField(1000)
    content: dict[str, Any] = fields.JSONField()
    state = fields.CharField(12)  # published withdrawn
    by = fields.CharField(64, source_field="by_name")
    published_at = fields.DatetimeField()

    class Meta:
        table = "finding_list"
        unique_together = (("area", "period"),)
