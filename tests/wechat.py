"""The ordinary WeChat of the tests: a mini program of people without a corp account."""

from typing import Any

from backend.sandbox.wecom import seed

APPID, APP_SECRET = "wx0123456789abcdef", "wechat-secret-of-the-tests"
_MESSAGES = (
    ("finding_registered", "反馈登记", {"thing1": "反馈", "phrase2": "状态", "date3": "答复期限"}),
    ("finding_decided", "采纳结果", {"thing1": "反馈", "phrase2": "结果", "thing3": "说明"}),
    ("finding_answered", "处理答复", {"thing1": "反馈", "phrase2": "状态", "thing3": "提示"}),
)
SUBSCRIPTIONS = {
    name: seed.Template(id=f"tmpl-{name}-0001", title=title, keys=keys)
    for name, title, keys in _MESSAGES
}
ZHOU, WU = "oZhouMin00001", "oWuHao0000002"
PROGRAM = seed.Program(
    appid=APPID,
    name="曹杨体验官",
    secret=APP_SECRET,
    templates=tuple(SUBSCRIPTIONS.values()),
    people=(seed.Holder(openid=ZHOU, name="周敏"), seed.Holder(openid=WU, name="吴昊")),
)


def settings(base: str) -> dict[str, Any]:
    """Our side of it, as it stands in the corps file."""
    templates = {name: template.id for name, template in SUBSCRIPTIONS.items()}
    return {"appid": APPID, "secret": APP_SECRET, "templates": templates, "api_base": base}
