"""The checks of template cards (模板卡片消息), each with the code that the real API answers."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from backend.sandbox.wecom.refusal import Refusal

TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
INTERACTIVE = {"button_interaction", "vote_interaction", "multiple_interaction"}
URL, MINI_PROGRAM, FILE, MEMBER = 1, 2, 2, 3

Card = Mapping[str, Any]


def check(card: Card, *, callback: bool, fresh: bool = True) -> None:
    """Refuse a card that the real API would refuse; `callback`: the app has an address for it.

    One that takes the place of another is not `fresh`: it keeps that one's task.
    """
    kind = card.get("card_type")
    if kind not in _CHECKS:
        raise Refusal(42031)
    if kind in INTERACTIVE and not callback:
        raise Refusal(43012)
    _task(card, needed=fresh and (kind in INTERACTIVE or "action_menu" in card))
    _lines(card)
    _jumps(card)
    _menu(card)
    _CHECKS[kind](card)


def interactive(card: Card) -> bool:
    """Whether sending it gives a response_code."""
    return card.get("card_type") in INTERACTIVE


def _need(value: object, errcode: int) -> None:
    if not value:
        raise Refusal(errcode)


def _size(values: Any, most: int, errcode: int, least: int = 0) -> list[dict[str, Any]]:
    values = values or []
    if not isinstance(values, list) or not least <= len(values) <= most:
        raise Refusal(errcode)
    return values


def _task(card: Card, *, needed: bool) -> None:
    task = card.get("task_id")
    if (needed and not task) or (task and not TASK_ID.fullmatch(str(task))):
        raise Refusal(42014)


def _lines(card: Card) -> None:
    for line in _size(card.get("horizontal_content_list"), 6, 42035):
        _need(line.get("keyname"), 42027)
        kind = line.get("type", 0)
        if kind == URL:
            _need(line.get("url"), 42028)
        if kind == FILE:
            _need(line.get("media_id"), 42029)
        if kind == MEMBER:
            _need(line.get("userid"), 42050)


def _jumps(card: Card) -> None:
    for jump in _size(card.get("jump_list"), 3, 42042):
        _need(jump.get("title"), 42033)
        _target(jump)


def _target(jump: Card) -> None:
    if jump.get("type", 0) == URL:
        _need(jump.get("url"), 42028)
    if jump.get("type", 0) == MINI_PROGRAM:
        _need(jump.get("appid"), 42030)


def _menu(card: Card) -> None:
    if "action_menu" not in card:
        return
    actions = _size(card["action_menu"].get("action_list"), 3, 42037, least=1)
    keys = [action.get("key") for action in actions]
    if len(set(keys)) != len(keys):
        raise Refusal(42051)


def _titled(card: Card) -> None:
    title = card.get("main_title") or {}
    _need(title.get("title") or card.get("sub_title_text"), 42033)


def _opens(card: Card) -> None:
    """Notices must lead somewhere when they are tapped."""
    action = card.get("card_action") or {}
    if action.get("type") not in (URL, MINI_PROGRAM):
        raise Refusal(42045)
    _target(action)


def _text_notice(card: Card) -> None:
    _titled(card)
    _opens(card)


def _news_notice(card: Card) -> None:
    _titled(card)
    _need((card.get("card_image") or {}).get("url") or card.get("image_text_area"), 42044)
    for line in _size(card.get("vertical_content_list"), 4, 42036):
        _need(line.get("title"), 42033)
    _opens(card)


def _buttons(card: Card) -> None:
    _titled(card)
    for button in _size(card.get("button_list"), 6, 42037, least=1):
        _need(button.get("text"), 42038)
        if button.get("type", 0) == URL:
            _need(button.get("url"), 42028)
        else:
            _need(button.get("key"), 42039)
    if "button_selection" in card:
        _choice(card["button_selection"], 10)


def _choice(choice: Card, most: int) -> None:
    _need(choice.get("question_key"), 42043)
    for option in _size(choice.get("option_list"), most, 42037, least=1):
        _need(option.get("id"), 42040)
        _need(option.get("text"), 42041)


def _submit(card: Card) -> None:
    button = card.get("submit_button") or {}
    _need(button.get("key"), 42046)
    _need(button.get("text"), 42049)


def _vote(card: Card) -> None:
    _titled(card)
    _choice(card.get("checkbox") or {}, 20)
    _submit(card)


def _multiple(card: Card) -> None:
    _titled(card)
    for choice in _size(card.get("select_list"), 3, 42047, least=1):
        _choice(choice, 10)
    _submit(card)


_CHECKS: dict[str, Callable[[Card], None]] = {
    "text_notice": _text_notice,
    "news_notice": _news_notice,
    "button_interaction": _buttons,
    "vote_interaction": _vote,
    "multiple_interaction": _multiple,
}
