"""When people may be told something: not between nine in the evening and half past seven."""

from datetime import datetime, time, timedelta

QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 30)
# Everybody's messages of a night would leave in one second; WeCom asks not to send at :00 and :30.
SPREAD = timedelta(minutes=10)


def allowed(moment: datetime, *, urgent: bool, share: float) -> datetime:
    """The first moment at which a message may go. `share` (0–1) spreads the morning's messages."""
    if urgent or QUIET_UNTIL <= moment.time() < QUIET_FROM:
        return moment
    late = moment.time() >= QUIET_FROM
    day = moment.date() + timedelta(days=1) if late else moment.date()
    morning = datetime.combine(day, QUIET_UNTIL, moment.tzinfo)
    return morning + timedelta(minutes=1) + SPREAD * share
