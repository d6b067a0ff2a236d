"""The texts of messages, templates/messages/*.yaml, rendered within the limits of WeCom's cards."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from backend.core.shape import Shape
from backend.settings import HOME

FOLDER = HOME / "templates" / "messages"
SOURCE = "居村通"
# What WeCom shows of a card (document 90236); longer texts are cut with an ellipsis.
TITLE, DESC, VALUE, QUOTE, SAID, TEXT = 36, 44, 30, 160, 160, 600
LABEL = 8  # of the grey button in place of the others
# What WeChat takes as a value of a subscription message, by the kind in its key's name.
_VALUES = {"thing": 20, "phrase": 5, "name": 10, "character_string": 32}

Facts = Mapping[str, str | int]


class Line(Shape):
    """One line: at most five characters of label, and what it says. In a subscription message
    `key` is its name in the template that was chosen in the mini program's console."""

    label: str = Field(min_length=1, max_length=5)
    value: str
    key: str = Field("", pattern=r"^([a-z_]+\d+)?$")


class Button(Shape):
    """A button of a card: its key goes to the act; styles are those of WeCom, 1 stands out."""

    key: str = Field(pattern=r"^[a-z_]{1,20}$")
    text: str = Field(min_length=1, max_length=10)
    style: int = Field(1, ge=1, le=4)


class Template(Shape):
    """One kind of message. `link` is a page of ours; `urgent` ones are sent at night too.
    `subscribe` is one of the ordinary mini program, for experience officers.

    `buttons` are those of the acts on a `card`, as slices above name them: then one of the facts,
    `about`, is the id of what they act on. `example` shows what it is told with; a test renders it.
    """

    kind: Literal["card", "text", "subscribe"] = "card"
    title: str = Field(min_length=1)
    desc: str = ""
    lines: tuple[Line, ...] = Field((), max_length=6)
    quote: str = ""
    link: str = Field(pattern=r"^/[^/]")
    urgent: bool = False
    card: str = Field("", pattern=r"^[a-z]{0,16}$")
    buttons: tuple[Button, ...] = Field((), max_length=6)
    example: dict[str, str | int]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.card) != bool(self.buttons):
            raise ValueError("a card has buttons, and buttons have a card")
        if any(bool(line.key) != (self.kind == "subscribe") for line in self.lines):
            raise ValueError("lines of a subscription message have a key, others have none")
        return self

    @property
    def wants(self) -> set[str]:
        """The facts that its texts mention, and what its buttons are about."""
        texts = [self.title, self.desc, self.quote, self.link, *(one.value for one in self.lines)]
        named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        return named | ({"about"} if self.card else set())


@cache
def templates(folder: Path = FOLDER) -> dict[str, Template]:
    """All templates by name; ValueError names the file and the field that is wrong."""
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.yaml")):
        for name, given in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{path.name}: {name} stands twice")
            found[name] = _template(path, name, given)
    return found


def _template(path: Path, name: str, given: Any) -> Template:
    try:
        template = Template.model_validate(given)
    except ValidationError as error:
        issue = error.errors(include_url=False)[0]
        where = ".".join(map(str, (name, *issue["loc"])))
        raise ValueError(f"{path.name}: {where}: {issue['msg']}") from None
    if missing := template.wants - template.example.keys():
        raise ValueError(f"{path.name}: {name}.example lacks {', '.join(sorted(missing))}")
    return template


def checked(name: str, facts: Facts) -> Template:
    """The template, sure to find every fact it mentions."""
    template = templates()[name]
    if missing := template.wants - facts.keys():
        raise ValueError(f"message {name} lacks {', '.join(sorted(missing))}")
    return template


def body(
    name: str,
    facts: Facts,
    address: str,
    task: str | None = None,
    left: Collection[str] | None = None,
) -> dict[str, Any]:
    """The message as WeCom takes it; `address` is where people reach us.

    One with buttons has a `task` of its own; `left` are the buttons that are still to be pressed.
    """
    template = checked(name, facts)
    link = address + template.link.format_map(facts)
    if template.kind == "text":
        said = _cut(template.title.format_map(facts), TEXT)
        return {"msgtype": "text", "text": {"content": f'{said}\n<a href="{link}">打开居村通</a>'}}
    card = _card(template, facts, link)
    if template.card:
        card |= {"task_id": task or f"{template.card}-0"} | _pressed(template, left)
    return {"msgtype": "template_card", "template_card": card}


def subscription(name: str, facts: Facts) -> tuple[str, dict[str, str]]:
    """A subscription message: the page that it opens, and its values by their keys."""
    template = checked(name, facts)
    page = template.link.format_map(facts).partition("#/")[2]
    values = {one.key: one.value.format_map(facts).strip() for one in template.lines}
    return page, {key: _cut(text, _most(key)) for key, text in values.items()}


def _most(key: str) -> int:
    return _VALUES.get(key.rstrip("0123456789"), TEXT)


def answered(
    name: str, facts: Facts, address: str, said: str, label: str, left: Collection[str]
) -> dict[str, Any]:
    """The card in place of one that was pressed: what came of it, and the buttons that are left;
    where none is, a grey one with the `label`."""
    template = checked(name, facts)
    card = _card(template, facts, address + template.link.format_map(facts))
    card |= {"sub_title_text": _cut(said, SAID)} | _pressed(template, left)
    return card if left else card | {"replace_text": _cut(label, LABEL)}


def _pressed(template: Template, left: Collection[str] | None) -> dict[str, Any]:
    shown = [one for one in template.buttons if not left or one.key in left]
    return {
        "card_type": "button_interaction",
        "button_list": [{"text": one.text, "style": one.style, "key": one.key} for one in shown],
    }


def _card(template: Template, facts: Facts, link: str) -> dict[str, Any]:
    title = {"title": _cut(template.title.format_map(facts), TITLE)}
    if desc := template.desc.format_map(facts).strip():
        title["desc"] = _cut(desc, DESC)
    card: dict[str, Any] = {
        "card_type": "text_notice",
        "source": {"desc": SOURCE},
        "main_title": title,
        "card_action": {"type": 1, "url": link},
    }
    lines = [(one.label, one.value.format_map(facts).strip()) for one in template.lines]
    if shown := [{"keyname": key, "value": _cut(text, VALUE)} for key, text in lines if text]:
        card["horizontal_content_list"] = shown
    if quote := template.quote.format_map(facts).strip():
        card["quote_area"] = {"type": 0, "quote_text": _cut(quote, QUOTE)}
    return card


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
