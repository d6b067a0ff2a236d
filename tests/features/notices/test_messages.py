"""Every template renders its example within WeCom's limits, and the sandbox takes it."""

from datetime import datetime

import pytest

from backend.clients.wecom import Message, Wecom
from backend.core.clock import SHANGHAI
from backend.features.notices import hours, messages
from tests import wecom

ADDRESS = "https://jucun.example.gov.cn"
TEMPLATES = messages.templates()


@pytest.mark.parametrize("name", TEMPLATES)
async def test_it_works(name):
    body = messages.body(name, TEMPLATES[name].example, ADDRESS)
    async with wecom.sandbox(wecom.planted(app_url="http://127.0.0.1:1")) as running:
        port = Wecom([wecom.corp(running.base)], threads=1)
        await port.send(wecom.CORP, Message(("shen.min",), body))
        page = await (await running.client.get("/outbox")).text()
        port.close()
    assert "{" not in str(body).replace("{'", "") and ADDRESS in page


def test_long_texts_are_cut():
    facts = TEMPLATES["return_sent_back"].example | {"fields": "字" * 99, "form": "表" * 99}
    card = messages.body("return_sent_back", facts, ADDRESS)["template_card"]
    assert len(card["main_title"]["title"]) == messages.TITLE
    assert card["horizontal_content_list"][0]["value"] == "字" * 29 + "…"


def test_a_pressed_card_says_what_came_of_it():
    facts = TEMPLATES["call"].example
    card = messages.answered("call", facts, ADDRESS, "字" * 200, "已确认", ["help"])
    assert [button["key"] for button in card["button_list"]] == ["help"]
    assert len(card["sub_title_text"]) == messages.SAID and "replace_text" not in card
    card = messages.answered("call", facts, ADDRESS, "已确认", "已确认", [])
    assert card["replace_text"] == "已确认" and card["main_title"]["title"]


def test_empty_lines_are_left_out():
    facts = TEMPLATES["return_sent_back"].example | {"by": ""}
    card = messages.body("return_sent_back", facts, ADDRESS)["template_card"]
    assert [line["keyname"] for line in card["horizontal_content_list"]] == ["退回的", "截止"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: {title: x, link: /m/, example: {}, colour: red}", "a.colour"),
        ("a: {title: x, link: //evil, example: {}}", "a.link"),
        ("a: {title: x, link: /m/, example: {}, card: order}", "buttons"),
        (
            "a: {title: x, link: /m/, card: a, buttons: [{key: b, text: c}], example: {}}",
            "lacks about",
        ),
        ("a: {title: '{b}', link: /m/, example: {}}", "a.example lacks b"),
        (
            "a: {title: x, link: /m/, example: {}, lines: [{label: 六个字的标签, value: x}]}",
            "label",
        ),
    ],
)
def test_mistakes_are_named(tmp_path, text, told):
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"bad\.yaml") as caught:
        messages.templates(tmp_path)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("given", "urgent", "expected"),
    [
        ("2026-10-08 20:59", False, "2026-10-08 20:59"),
        ("2026-10-08 21:00", False, "2026-10-09 07:36"),
        ("2026-10-08 23:59", False, "2026-10-09 07:36"),
        ("2026-10-09 00:00", False, "2026-10-09 07:36"),
        ("2026-10-09 07:29", False, "2026-10-09 07:36"),
        ("2026-10-09 07:30", False, "2026-10-09 07:30"),
        ("2026-10-08 23:00", True, "2026-10-08 23:00"),
    ],
)
def test_quiet_hours(given, urgent, expected):
    moment, then = (datetime.fromisoformat(t).replace(tzinfo=SHANGHAI) for t in (given, expected))
    assert hours.allowed(moment, urgent=urgent, share=0.5) == then
