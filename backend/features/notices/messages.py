"""The texts of messages, templates/messages/*.yaml, rendered within the limits of WeCom's cards."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from backend.core.shape import Shape
from backend.settings import HOME

FOLDER = HOME / "templates" / "messages"
SOURCE = "居村通"
# What WeCom shows of a card (document 90236); longer texts are cut with an ellipsis.
TITLE, DESC, VALUE, QUOTE, TEXT = 36, 44, 30, 160, 600

Facts = Mapping[str, str | int]


class Line(Shape):
    """One line of a card: at most five characters of label, and what it says."""

    label: str = Field(min_length=1, max_length=5)
    value: str


class Template(Shape):
    """One kind of message. `link` is a page of ours; `urgent` ones are sent at night too.

    `example` shows what it is told with; a test renders it.
    """

    kind: Literal["card", "text"] = "card"
    title: str = Field(min_length=1)
    desc: str = ""
    lines: tuple[Line, ...] = Field((), max_length=6)
    quote: str = ""
    link: str = Field(pattern=r"^/[^/]")
    urgent: bool = False
    example: dict[str, str | int]

    @property
    def wants(self) -> set[str]:
        """The facts that its texts mention."""
        texts = [self.title, self.desc, self.quote, self.link, *(one.value for one in self.lines)]
        return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


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


def body(name: str, facts: Facts, address: str) -> dict[str, Any]:
    """The message as WeCom takes it; `address` is where people reach us."""
    template = checked(name, facts)
    link = address + template.link.format_map(facts)
    if template.kind == "text":
        said = _cut(template.title.format_map(facts), TEXT)
        return {"msgtype": "text", "text": {"content": f'{said}\n<a href="{link}">打开居村通</a>'}}
    return {"msgtype": "template_card", "template_card": _card(template, facts, link)}


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
