"""Rows. Imported by store only."""

from tortoise import fields
from tortoise.models import Model

from backend.core.db import Scoped


class StaffRow(Scoped):
    """Somebody in the roster (名册), known by corp and userid and nothing else.

    `userid_key` is the userid in lower case, which is how WeCom compares them. `barred` says that
    an administrator, not the contacts, disabled the account. `implied` is the area that the
    contacts pointed to last: the person moves when that changes, not when it merely differs from
    what an administrator said. `missed` counts the syncs in a row without this person.
    """

    id = fields.UUIDField(primary_key=True)
    corp_id = fields.CharField(64)
    userid = fields.CharField(64)
    userid_key = fields.CharField(64)
    name = fields.CharField(64)
    roles: list[str] = fields.JSONField()
    duties: list[str] = fields.JSONField()
    status = fields.CharField(8)  # active disabled left
    barred = fields.BooleanField(default=False)
    source = fields.CharField(8)  # wecom import
    departments: list[int] = fields.JSONField()
    implied = fields.CharField(12, null=True)
    missed = fields.IntField(default=0)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "staff"
        unique_together = (("corp_id", "userid_key"),)


class SessionRow(Model):
    """One device that is signed in: a family of refresh tokens, of which only the last is good.

    `holder_id` is somebody of the roster or an experience officer. It ends when it has rested for
    `idle_days`, and at `ends_at` at the latest.
    `repeated` says that it was handed out a second time, because the first answer was lost.
    """

    id = fields.UUIDField(primary_key=True)
    holder_id = fields.UUIDField()
    way = fields.CharField(8)  # mini h5 desk
    device = fields.CharField(80)
    token_hash = fields.BinaryField()
    created_at = fields.DatetimeField()
    rotated_at = fields.DatetimeField()
    repeated = fields.BooleanField(default=False)
    last_seen_at = fields.DatetimeField()
    idle_days = fields.SmallIntField()
    ends_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    reason = fields.CharField(16, null=True)  # signed_out revoked reused left disabled ended

    class Meta:
        table = "session"


class SignInStateRow(Model):
    """A sign-in under way: which corp, where to afterwards, and which browser began it."""

    id = fields.CharField(40, primary_key=True)
    corp_id = fields.CharField(64)
    way = fields.CharField(8)
    next = fields.CharField(600, source_field="next_path")
    browser = fields.BinaryField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "sign_in_state"


class StrangerRow(Model):
    """Somebody of a corp who tried to sign in and is not in the roster."""

    id = fields.UUIDField(primary_key=True)
    corp_id = fields.CharField(64)
    userid = fields.CharField(64)
    times = fields.IntField()
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField()

    class Meta:
        table = "stranger"
        unique_together = (("corp_id", "userid"),)


class DepartmentRow(Model):
    """A department of a corp and the area it stands for; null until somebody says which.

    Names are no keys: they are looked at once, when a department is first seen.
    """

    id = fields.UUIDField(primary_key=True)
    corp_id = fields.CharField(64)
    dept_id = fields.BigIntField()
    parent = fields.BigIntField()
    name = fields.CharField(128)
    place = fields.CharField(12, null=True)
    by_hand = fields.BooleanField(default=False)
    people = fields.IntField(default=0)
    seen_at = fields.DatetimeField()

    class Meta:
        table = "department"
        unique_together = (("corp_id", "dept_id"),)


class CallbackRow(Model):
    """A callback that was dealt with; its mark stands here so that a replay does nothing."""

    mark = fields.CharField(64, primary_key=True)
    at = fields.DatetimeField()

    class Meta:
        table = "wecom_callback"


class OfficerRow(Scoped):
    """An experience officer (治理体验官) of a street: no corp account, a term and a field.

    `phone` is sealed. What they may do ends with `term_until`, or at once when revoked.
    """

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(32)
    field = fields.CharField(12)  # FIELDS in officers.py
    phone = fields.TextField(null=True)
    term_from = fields.DateField()
    term_until = fields.DateField()
    state = fields.CharField(8)  # active revoked
    reason = fields.CharField(200, null=True)
    by = fields.CharField(64, source_field="by_name")
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "officer"


class InvitationRow(Scoped):
    """An invitation (邀请) of a street: good for so many people until a moment.

    With `officer_id` it is a way back in for somebody who is an officer already.
    """

    id = fields.UUIDField(primary_key=True)
    officer_id = fields.UUIDField(null=True)
    name = fields.CharField(32, null=True)
    field = fields.CharField(12)
    term_from = fields.DateField()
    term_until = fields.DateField()
    uses = fields.IntField()
    used = fields.IntField(default=0)
    expires_at = fields.DatetimeField()
    by = fields.CharField(64, source_field="by_name")
    created_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "officer_invitation"


class AcceptanceRow(Model):
    """Somebody took an invitation. `mark` is a secret of their phone, so that a repeated attempt
    is the same one."""

    id = fields.UUIDField(primary_key=True)
    invitation_id = fields.UUIDField()
    mark = fields.BinaryField()
    officer_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "officer_acceptance"
        unique_together = (("invitation_id", "mark"),)


class HolderRow(Model):
    """Whose phone it is: an officer as one mini program knows them. `openid` is sealed, and found
    by its blind index."""

    id = fields.UUIDField(primary_key=True)
    appid = fields.CharField(32)
    openid = fields.TextField()
    openid_bi = fields.BinaryField()
    officer_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "wechat_holder"
        unique_together = (("appid", "openid_bi"),)
