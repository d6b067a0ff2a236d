"""Money is an integer number of 分 everywhere; here it becomes 元 or 万元 to be read."""

import re
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
AMOUNT = re.compile(r"[-+]?\d{1,15}(\.\d+)?")


def yuan(fen: int) -> str:
    """1234567 → '12,345.67' (元, always two places)."""
    return f"{Decimal(fen) / 100:,.2f}"


def yuan_short(fen: int) -> str:
    """Like `yuan`, but whole amounts lose their zeros: 120000 → '1,200'."""
    text = yuan(fen)
    return text.removesuffix(".00")


def wan_yuan(fen: int) -> str:
    """In 万元, half up to two places: 123456789 → '123.46'."""
    return f"{(Decimal(fen) / 1_000_000).quantize(CENT, ROUND_HALF_UP):,.2f}"


def parse_yuan(text: str) -> int:
    """元 as typed ('1,234.5', '￥1234.50元') in 分; ValueError when it is no exact amount of 分."""
    plain = text.strip().removeprefix("￥").removeprefix("¥").removesuffix("元").replace(",", "")
    if AMOUNT.fullmatch(plain.strip()) is None:
        raise ValueError(f"{text!r} is no amount of money")
    fen = Decimal(plain.strip()) * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"{text!r} is an amount finer than 分")
    return int(fen)
