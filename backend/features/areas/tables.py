"""Rows. Imported by store.py only."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from backend.core.db import Scoped


class AreaRow(Scoped):
    """One area under one code and name, for as long as both held.

    `area` is the code itself, so an area lies within its own scope. Days are half-open:
    valid from `valid_from` up to, not including, `valid_to`.
    """

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(80)
    kind = fields.CharField(12)  # district street committee
    kind_label = fields.CharField(12)  # 区 街道 镇 居委会 村委会: never computed from the code
    parent = fields.CharField(12, null=True)
    valid_from = fields.DateField(null=True)
    valid_to = fields.DateField(null=True)

    class Meta:
        table = "area"


class AreaChangeRow(Scoped):
    """A split, merger, renaming, retirement or foundation on a day; `area` is the street."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(8)  # split merge rename retire create
    on = fields.DateField(source_field="on_day")
    gone: list[str] = fields.JSONField()
    made: list[dict[str, Any]] = fields.JSONField()
    moves: list[dict[str, Any]] = fields.JSONField()
    by = fields.CharField(64, source_field="by_name")
    at = fields.DatetimeField()

    class Meta:
        table = "area_change"


class Heritage(Model):
    """Which code follows which: old → new, on a day. Both ways of reading a split and a merger."""

    id = fields.UUIDField(primary_key=True)
    old = fields.CharField(12)
    new = fields.CharField(12)
    on = fields.DateField(source_field="on_day")

    class Meta:
        table = "area_heritage"
        unique_together = (("old", "new", "on"),)


class AreaModeRow(Scoped):
    """How long a street (`area`) was in a mode other than 平时; one without an end holds now."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(4)  # 预警 应急
    level = fields.CharField(8)
    clocks = fields.BooleanField()
    pauses = fields.BooleanField()
    awake = fields.BooleanField()
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "area_mode"
