"""Rows of the base registers (R1 人, R2 户, R4 楼, R5 房). Imported by the store only.

What is searched or counted has a typed column; the other elements stand in `data` (levels 1–2
and countable codes) and `secret` (sealed tokens of levels 3–4). Provenance is a default per row
(`source`, `source_id`, `as_of`) and an entry in `prov` for each value that came from elsewhere, so
that a million rows that came by one feed stay small.
"""

from typing import Any

from tortoise import fields

from backend.core.db import Scoped


class Registered(Scoped):
    """What all registers have: who says so, since when, and the digest of the source's row."""

    id = fields.UUIDField(primary_key=True)
    grid = fields.CharField(24, null=True)
    source = fields.CharField(24)  # the feed's key, or 自采
    source_id = fields.CharField(64)
    as_of = fields.DatetimeField()
    digest = fields.BinaryField(null=True)  # of the source's row; equal digests are not written
    data: dict[str, Any] = fields.JSONField(default=dict)
    secret: dict[str, str] = fields.JSONField(default=dict)
    # element → [source, source record, as of, by]: only where it differs from the row's default
    prov: dict[str, list[str | None]] = fields.JSONField(default=dict)
    # element → [value or token, as of]: what the feed says where a committee says otherwise
    differs: dict[str, list[Any]] = fields.JSONField(default=dict)
    updated_at = fields.DatetimeField()

    class Meta:
        abstract = True


class BuildingRow(Registered):
    """R4: one row per 号."""

    estate = fields.CharField(60)
    road = fields.CharField(60)
    lane = fields.CharField(20, null=True)
    bldg_no = fields.CharField(20)
    address = fields.CharField(160)
    floors_up = fields.SmallIntField(null=True)
    has_lift = fields.BooleanField(null=True)
    built_year = fields.SmallIntField(null=True)
    lng = fields.FloatField(null=True)  # GCJ-02, of `coord`: found by place
    lat = fields.FloatField(null=True)
    # set when an area change moved the building: the feed's committee code no longer decides
    moved_on = fields.DateField(null=True)

    class Meta:
        table = "building"
        unique_together = (("source", "source_id"),)


class HouseRow(Registered):
    """R5: 小区-弄-号-室."""

    building_id = fields.UUIDField()
    unit = fields.CharField(10, null=True)
    room = fields.CharField(20)
    std_addr = fields.CharField(200)
    house_use = fields.CharField(2, null=True)
    house_prop = fields.CharField(2, null=True)
    occupancy = fields.CharField(2, null=True)
    lease_end = fields.DateField(null=True)

    class Meta:
        table = "house"
        unique_together = (("source", "source_id"),)


class HouseholdRow(Registered):
    """R2: the people who keep house together in one house."""

    hh_no = fields.CharField(40)
    hh_kind = fields.CharField(8)  # 家庭户 集体户
    house_id = fields.UUIDField()
    head_id = fields.UUIDField(null=True)

    class Meta:
        table = "household"
        unique_together = (("source", "source_id"),)


class PersonRow(Registered):
    """R1: one row per natural person living or registered here."""

    name = fields.CharField(80)
    name_py = fields.CharField(160)  # wangxiaoming
    name_pi = fields.CharField(40)  # wxm
    sex = fields.CharField(1)
    birth = fields.DateField(null=True)
    death_date = fields.DateField(null=True)
    id_type = fields.CharField(3)
    id_bi = fields.BinaryField(null=True)  # blind index of the whole number
    id_tail_bi = fields.BinaryField(null=True)  # of its last four, together with the street
    phone_bi = fields.BinaryField(null=True)
    phone_tail_bi = fields.BinaryField(null=True)
    residence_status = fields.CharField(1)
    population_kind = fields.CharField(1)
    relation = fields.CharField(2, null=True)
    house_id = fields.UUIDField(null=True)
    household_id = fields.UUIDField(null=True)
    move_in = fields.DateField(null=True)
    move_out = fields.DateField(null=True)
    permit_expiry = fields.DateField(null=True)

    class Meta:
        table = "person"
        unique_together = (("source", "source_id"),)


class ValueChangeRow(Scoped):
    """Every change of a value: what it was, what it became, who says so. Never changed itself."""

    id = fields.UUIDField(primary_key=True)
    register = fields.CharField(10)  # person house household building
    subject = fields.UUIDField()
    element = fields.CharField(40)
    before = fields.TextField(null=True)  # text, or a token where the element is sealed
    after = fields.TextField(null=True)
    source = fields.CharField(24)
    source_record = fields.CharField(80, null=True)
    as_of = fields.DatetimeField()
    by = fields.CharField(64, null=True, source_field="by_name")
    at = fields.DatetimeField()

    class Meta:
        table = "value_change"


class ConflictRow(Scoped):
    """Two open records that cannot both be right, for a person to decide; no import fails."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(12)  # id_no: two people carry one number
    person_id = fields.UUIDField()
    other_id = fields.UUIDField()
    found_at = fields.DatetimeField()

    class Meta:
        table = "register_conflict"
        unique_together = (("kind", "person_id", "other_id"),)
