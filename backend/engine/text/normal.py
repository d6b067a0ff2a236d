"""Bringing typed text into one form before it is stored, compared or searched."""

import re

# Full-width ASCII (！ to ～) and the ideographic space, as typed by a Chinese keyboard.
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Of these only letters and digits are changed in prose: ， and （ are right in Chinese there.
_HALF_WORDS = {wide: half for wide, half in _HALF.items() if chr(half).isalnum() or half == 0x20}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
# Soft hyphen, zero-width and direction marks, byte order mark: they break equality unseen.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"[^\S\n]+")


def half_width(text: str) -> str:
    """Full-width ASCII to half-width: １２３ＡＢＣ（）－ → 123ABC()-. Nothing else changes."""
    return text.translate(_HALF)


def tidy_code(text: str) -> str:
    """For numbers and codes: half-width, plain hyphens, no blanks or unseen characters at all."""
    if text.isascii() and text.isalnum():
        return text  # as nearly all are
    text = _CONTROL.sub("", _UNSEEN.sub("", text)).translate(_HALF).translate(_DASHES)
    return "".join(text.split())


def tidy_line(text: str) -> str:
    """For a one-line value (name, address): half-width letters and digits, single blanks."""
    return " ".join(tidy_text(text).split())


def tidy_text(text: str) -> str:
    """For prose: keeps line ends and Chinese punctuation, drops what nobody can see."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _CONTROL.sub("", _UNSEEN.sub("", text)).translate(_HALF_WORDS)
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip("\n")
