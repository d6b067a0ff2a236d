"""Dates and times as they are written in Chinese documents (GB/T 9704: no zero padding)."""

from datetime import date, datetime

WEEKDAYS = "一二三四五六日"


def date_text(day: date) -> str:
    """2026年8月7日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date_text(day: date) -> str:
    """8月7日, for lists in which the year is clear."""
    return f"{day.month}月{day.day}日"


def weekday_text(day: date) -> str:
    """星期五."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def time_text(at: datetime) -> str:
    """2026年8月7日 09:05."""
    return f"{date_text(at)} {at:%H:%M}"


def span_text(first: date, last: date) -> str:
    """2026年8月1日至8月31日; the year of the end is only said when it differs."""
    if first == last:
        return date_text(first)
    ending = short_date_text(last) if first.year == last.year else date_text(last)
    return f"{date_text(first)}至{ending}"
