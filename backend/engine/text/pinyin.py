"""Pinyin of names and places, for search by keyboard; surnames are read as surnames."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypinyin.core import Pinyin

# Surnames whose reading differs from the usual one of their characters.
SURNAMES = {
    "万俟": "mo qi",
    "单于": "chan yu",
    "尉迟": "yu chi",
    "长孙": "zhang sun",
    "澹台": "tan tai",
    "令狐": "ling hu",
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "曾": "zeng",
    "区": "ou",
    "查": "zha",
    "朴": "piao",
    "翟": "zhai",
    "盖": "ge",
    "缪": "miao",
    "乐": "yue",
    "秘": "bi",
    "种": "chong",
    "员": "yun",
    "隗": "wei",
    "郇": "xun",
    "阚": "kan",
    "祭": "zhai",
    "覃": "qin",
    "折": "she",
    "繁": "po",
    "乜": "nie",
    "能": "nai",
    "薄": "bo",
    "牟": "mu",
    "洗": "xian",
    "句": "gou",
    "黑": "he",
    "卜": "bu",
    "召": "shao",
}


@dataclass(frozen=True)
class Spelling:
    """How a text is typed: `full` 'ouyangjianguo', `initials` 'oyjg'; ü is written v."""

    full: str
    initials: str


def spell_name(name: str) -> Spelling:
    """The spelling of a person's name, polyphonic surnames (单 shan, 仇 qiu) included."""
    name = name.strip()
    for length in (2, 1):
        surname = SURNAMES.get(name[:length]) if len(name) >= length else None
        if surname is not None:
            return _spelling([*surname.split(), *_syllables(name[length:])])
    return spell(name)


def spell(text: str) -> Spelling:
    """The spelling of any text; letters and digits are kept in lower case, signs are dropped."""
    return _spelling(_syllables(text))


def _syllables(text: str) -> list[str]:
    return [syllable for phrase in _reader().seg(text) for syllable in _reading(phrase)]


@lru_cache(maxsize=20_000)
def _reading(phrase: str) -> tuple[str, ...]:
    """How a phrase is read. Names are made of few phrases, and reading one costs the most."""
    parts = (part for said in _reader().lazy_pinyin(phrase) for part in said.lower().split())
    kept = ("".join(c for c in part if c.isascii() and c.isalnum()) for part in parts)
    return tuple(part for part in kept if part)


@cache
def _reader() -> "Pinyin":
    # Imported late: the phrase table costs a quarter of a second, which most processes never need.
    from pypinyin.core import Pinyin  # noqa: PLC0415

    return Pinyin()


def _spelling(syllables: list[str]) -> Spelling:
    return Spelling("".join(syllables), "".join(part[0] for part in syllables))
