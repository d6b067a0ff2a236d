"""The error answers of the imitated API: HTTP 200, a code, and a text with the hint that the real
one appends, so that nobody is tempted to match on the text."""

import secrets

from aiohttp import web

TEXTS = {
    -1: "system busy",
    40001: "invalid credential",
    40002: "invalid grant_type",
    40003: "invalid userid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid code",
    40031: "invalid userid list",
    40032: "invalid userid list size",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    40063: "some parameters are empty",
    40066: "invalid party list",
    40068: "invalid tagid",
    40125: "invalid appsecret",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "corpsecret missing",
    41008: "oauth code missing",
    41009: "userid missing",
    41030: "invalid page",
    42001: "access_token expired",
    42014: "invalid task_id",
    42027: "template_card.horizontal_content_list.keyname missing",
    42028: "template_card.url missing",
    42029: "template_card.media_id missing",
    42030: "template_card.appid missing",
    42031: "invalid template_card.card_type",
    42033: "template_card title missing",
    42035: "invalid template_card.horizontal_content_list size",
    42036: "invalid template_card.vertical_content_list size",
    42037: "invalid template_card.option_list size",
    42038: "template_card.button_list.text missing",
    42039: "template_card.button_list.key missing",
    42040: "template_card.option_list.id missing",
    42041: "template_card.option_list.text missing",
    42042: "invalid template_card.jump_list size",
    42043: "template_card.question_key missing",
    42044: "template_card.card_image.url missing",
    42045: "template_card.card_action missing",
    42046: "template_card.submit_button.key missing",
    42047: "invalid template_card.select_list size",
    42049: "template_card.submit_button.text missing",
    42050: "template_card.horizontal_content_list.userid missing",
    42051: "duplicate template_card.action_menu.key",
    43012: "callback url required",
    43101: "user refuse to accept the msg",
    44001: "empty media data",
    44004: "text content is empty",
    45002: "message content size out of limit",
    45009: "api freq out of limit",
    45033: "api concurrency out of limit",
    47003: "argument invalid! data.key.value invalid",
    48002: "API forbidden",
    50001: "redirect_url domain not match",
    50002: "member not in app scope",
    60003: "department not found",
    60004: "parent department not found",
    60005: "department contains user",
    60006: "department contains sub department",
    60008: "department existed",
    60009: "invalid department name",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60102: "userid existed",
    60104: "mobile existed",
    60111: "userid not found",
    60123: "invalid department id",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    82001: "All touser & toparty & totag empty",
    82002: "too many parties",
    82003: "too many tags",
    84014: "user_ticket expired",
    84015: "invalid user_ticket",
    92002: "not allow to cross corp",
    301002: "not allow operate another agent with this accesstoken",
}


class Refusal(Exception):
    """An answer with an errcode other than 0."""

    def __init__(self, errcode: int, **fields: object) -> None:
        super().__init__(errcode)
        self.errcode, self.fields = errcode, fields

    def body(self, address: str, at: float) -> dict[str, object]:
        hint = f"[{int(at)}_{secrets.randbelow(900) + 100}_{secrets.token_hex(16)}]"
        more = f"https://open.work.weixin.qq.com/devtool/query?e={self.errcode}"
        text = f"{TEXTS[self.errcode]}, hint: {hint}, from ip: {address}, more info at {more}"
        return {"errcode": self.errcode, "errmsg": text, **self.fields}


def answer(errmsg: str = "ok", /, **fields: object) -> web.Response:
    """A good answer; writes say created, updated or deleted instead of ok."""
    return web.json_response({"errcode": 0, "errmsg": errmsg, **fields})
