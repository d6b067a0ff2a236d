"""One spelling for addresses as people write them, so that a door of the register is found in the
words of an order: 梅川路 ０３号楼, 3 幢 and 3栋 are all 3号."""

import re

from backend.engine.text.normal import tidy_code

_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_DOOR = re.compile(r"(?<=\d)(?:号楼|号门|栋楼?|幢楼?|座)")
_CHINESE = re.compile(r"[一二三四五六七八九十]+(?=单元|门洞)")
_DIGITS = {word: value for value, word in enumerate("一二三四五六七八九", 1)}


def plain_place(text: str) -> str:
    """Half-width without blanks; numbers without leading zeros; 号楼, 栋 and 幢 as 号; 二单元 as
    2单元. Names of villages keep their numerals (曹杨一村)."""
    plain = _ZEROS.sub("", tidy_code(text))
    plain = _DOOR.sub("号", plain)
    return _CHINESE.sub(lambda found: str(_value(found[0])), plain)


def _value(numeral: str) -> int:
    """一 to 九十九."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS.get(numeral[-1], 0)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
