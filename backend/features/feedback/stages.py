"""The life of a finding as a table: which act leads from where to where, and how it is called."""

from collections.abc import Mapping
from typing import Final

from backend.core import problems

STATES: Final[Mapping[str, str]] = {
    "sent": "已提交",
    "registered": "已登记",
    "working": "整改中",
    "declined": "未采纳",
    "answered": "待评价",
    "appealed": "待街镇决定",
    "settled": "已办结",
}
ACTS: Final[Mapping[str, str]] = {
    "send": "提交",
    "register": "登记",
    "decide": "答复是否采纳",
    "answer": "公开答复",
    "judge": "评价",
    "reopen": "决定是否重新办理",
    "publish": "公开摘要",
    "note": "内部备注",
    "order": "工单进展",
}
DECISIONS: Final[Mapping[str, str]] = {
    "adopted": "采纳",
    "partly": "部分采纳",
    "declined": "未采纳",
}
# from which states an act can be done; a complaint is answered without being decided on
FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "register": ("sent",),
    "decide": ("sent", "registered"),
    # until it is judged, an answer can be put right
    "answer": ("working", "appealed", "answered"),
    "answer_complaint": ("sent", "registered", "working", "answered"),
    "judge": ("answered",),
    "reopen": ("appealed",),
    "publish": ("registered", "working", "declined", "answered", "appealed", "settled"),
}
OPEN: Final = ("sent", "registered", "working", "answered", "appealed")


def make_sure(state: str, act: str, what: str) -> None:
    """A problem unless the act can be done in this state."""
    if state not in FROM[act]:
        raise problems.wrong_state(state=state, state_label=STATES[state], what=what)
