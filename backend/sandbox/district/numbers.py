"""Numbers people carry: ID, phone, residence permit, passport. All valid in form, none real."""

from datetime import date, timedelta
from random import Random

DIVISION = "310199"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE = (130, 131, 133, 135, 136, 137, 138, 139, 150, 151, 153, 156, 158, 159)
_NEWER = (180, 181, 186, 188, 189)
_SLOTS = 285
_PER_DAY = 500


def check_digit(seventeen: str) -> str:
    """GB 11643-1999: the last character of an identity number."""
    return _CHECKS[sum(int(d) * w for d, w in zip(seventeen, _WEIGHTS, strict=True)) % 11]


class IdNumbers:
    """Hands out ID numbers that no other committee hands out.

    A day has 500 sequence numbers per sex; committee `slot` owns those that are congruent to it
    modulo 285 on that day. When they are used up the birthday moves by a day.
    """

    def __init__(self, slot: int) -> None:
        self._slot = slot % _SLOTS
        self._used: set[str] = set()

    def take(self, birth: date, sex: str) -> tuple[str, date]:
        """A fresh number and the birthday it states."""
        while True:
            first = (self._slot + birth.toordinal()) % _SLOTS
            for turn in range(first, _PER_DAY, _SLOTS):
                number = self._number(birth, 2 * turn + int(sex == "1"))
                if number not in self._used:
                    self._used.add(number)
                    return number, birth
            birth -= timedelta(days=1)

    @staticmethod
    def _number(birth: date, sequence: int) -> str:
        seventeen = f"{DIVISION}{birth:%Y%m%d}{sequence:03d}"
        return seventeen + check_digit(seventeen)


def mobile(rng: Random) -> str:
    return f"{rng.choice(_MOBILE + _NEWER)}{rng.randrange(10**8):08d}"


def landline(rng: Random) -> str:
    return f"021-{rng.choice('56')}{rng.randrange(10**7):07d}"


def permit(rng: Random) -> str:
    """上海市居住证: eighteen digits beginning with the division, our made-up one."""
    return f"{DIVISION}{rng.randrange(10**12):012d}"


def passport(rng: Random) -> str:
    return f"{rng.choice('CGKMPX')}{rng.randrange(10**8):08d}"
