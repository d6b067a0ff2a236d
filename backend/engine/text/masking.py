"""Masks for what may not be shown in full (GB/T 35273, levels 3 and 4): one rule per kind.

A masked value must stay recognisable to the person who knows it, and useless to all others.
"""

import re
from collections.abc import Callable

HIDDEN = "***"
# A run of digits, letters, 甲乙丙丁 and the signs that join them: 12-3, 2甲, 502-503, A.
_MARK = "[0-9０-９A-Za-zＡ-Ｚａ-ｚ甲乙丙丁]"
_JOIN = "[-—–－~～、,，/／.．+]"
# What such a run may name without pointing at one home: the lane and the main road.
_COARSE = re.compile(rf"{_MARK}+(?=弄|国道|省道|公里)")
_FINE = re.compile(
    rf"{_MARK}+(?:{_JOIN}*{_MARK}+)*|[一二三四五六七八九十百零〇]+(?=号|室|单元|幢|栋|座|楼|层|支弄|户)"
)


def mask_name(name: str) -> str:
    """李四 → 李*, 欧阳建国 → 欧**国."""
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id_no(number: str, *, strict: bool = False) -> str:
    """310199195001010018 → 310199********0018; strict → 3****************8.

    Strict is for use beside the date of birth or on level 4 lists, where division and tail
    would give the person away. Passports and other short numbers are always masked strictly.
    """
    number = number.strip()
    if strict or len(number) < 15:
        return _ends(number, 1, 1)
    return _ends(number, 6, 4)


def mask_phone(number: str) -> str:
    """13800138000 → 138****8000, 021-62345678 → 021-****5678, 62345678 → ****5678."""
    number = number.strip()
    if re.fullmatch(r"1\d{10}", number):
        return _ends(number, 3, 4)
    extension = re.search(r"(?<=\d{7})[-转]\d{1,6}$", number)
    trunk = number[: extension.start()] if extension else number
    if len(trunk) <= 6:
        return "*" * len(trunk)
    return trunk[:-8] + "*" * (len(trunk[-8:]) - 4) + trunk[-4:]


def mask_address(address: str) -> str:
    """…1040弄12号502室 → …1040弄**号**室: the lane stays, house, unit and room do not."""
    spared = {found.start(): found.end() for found in _COARSE.finditer(address)}

    def hide(found: re.Match[str]) -> str:
        return found[0] if spared.get(found.start()) == found.end() else "**"

    return _FINE.sub(hide, address)


def mask_account(number: str) -> str:
    """A bank account or card: only the last four digits stay."""
    return _ends(number.strip(), 0, 4)


def mask_date(iso_date: str) -> str:
    """1950-01-01 → 1950-**-**: enough to tell an elder from a child."""
    return f"{iso_date[:4]}-**-**" if re.match(r"\d{4}-\d\d-\d\d", iso_date) else HIDDEN


def mask_anything(text: str) -> str:
    """For kinds without a rule of their own: nothing of the value shows, only that there is one."""
    return HIDDEN if text else ""


MASKS: dict[str, Callable[[str], str]] = {
    "id_no": mask_id_no,
    "phone": mask_phone,
    "tel": mask_phone,
    "address": mask_address,
    "name": mask_name,
    "account": mask_account,
    "date": mask_date,
}


def mask(kind: str, text: str) -> str:
    """The masked form of `text`, a value of field type `kind`; kinds without a rule hide it all."""
    return MASKS.get(kind, mask_anything)(text)


def _ends(text: str, head: int, tail: int) -> str:
    """Keep `head` and `tail` characters; of a short value less, so that four stay hidden."""
    if len(text) - head - tail < 4:
        head, tail = min(head, len(text) // 4), min(tail, len(text) // 4)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
