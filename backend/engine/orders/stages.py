"""The stages of a work order (GB/T 30428) and who may do what in each: one table, read by the
server for every act, by the screens for their buttons, and by the model test as the law.

A rule says from which stage an act leads where (an outcome tells them apart), who does it, and
which guards hold it up. Guards look at a `Standing`, plain facts about an order and who asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["unit", "centre", "both"]

STAGES: Final[Mapping[str, str]] = {
    "collected": "采集",
    "filed": "立案",
    "dispatched": "派遣",
    "handling": "处理",
    "answered": "反馈",
    "verifying": "核查",
    "closed": "结案",
    "refused": "不予立案",
    "merged": "并案",
}
OPEN: Final = ("collected", "filed", "dispatched", "handling", "answered", "verifying")
WITH_UNIT: Final = ("dispatched", "handling")
ENDED: Final = ("closed", "refused", "merged")

ASKED, GRANTED, DENIED, NONE = "申请中", "批准", "驳回", "无"


@dataclass(frozen=True, slots=True)
class Standing:
    """What guards look at: the order as it stands, and who asks in relation to it."""

    stage: str
    unit: bool = False  # the asker works for the unit that has the order
    part: bool = False  # the asker's unit has an open part in it
    centre: bool = False  # the asker dispatches for the street
    lead: bool = False  # the asker leads the committee that found and handles it by itself
    reported: bool = False  # there is a caller who must be contacted first
    contacted: bool = False
    called: bool = False  # the caller was called back since it was finished
    late: bool = False  # its limit of handling has run out
    parts: bool = False  # parts of other units are still open
    children: bool = False  # orders split off it are still open
    back: str = NONE
    extend: str = NONE
    pause: str = NONE
    appeal: str = NONE
    designated: bool = False
    returned: int = 0
    redo: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold, and the sentence for whoever it holds up."""

    holds: Callable[[Standing], bool]
    why: str


GUARDS: Final[Mapping[str, Guard]] = {
    "unit": Guard(lambda s: s.unit, "这件工单由别的单位承办，请由承办单位的人员办理"),
    "part": Guard(lambda s: s.part, "您的单位在这件工单里没有待办的联办任务"),
    "unit_or_centre": Guard(
        lambda s: s.unit or s.centre, "这件工单由别的单位承办，请由承办单位或城运中心办理"
    ),
    "overseer": Guard(
        lambda s: s.centre or s.lead, "这件工单由城运中心核查；居村自行发现处置的由书记核查"
    ),
    "no_back": Guard(lambda s: s.back != ASKED, "退单申请正在等城运中心决定，请稍候"),
    "back": Guard(lambda s: s.back == ASKED, "这件工单没有待决定的退单申请"),
    "not_designated": Guard(lambda s: not s.designated, "这件工单已由城运中心指定承办，不能再退单"),
    "no_extend": Guard(lambda s: s.extend != ASKED, "延期申请已经提出，正在等城运中心决定"),
    "extend": Guard(lambda s: s.extend == ASKED, "这件工单没有待决定的延期申请"),
    "in_time": Guard(lambda s: not s.late, "办理时限已过，不能再申请延期；请尽快办结并说明原因"),
    "no_pause": Guard(
        lambda s: s.pause not in (ASKED, GRANTED), "计时已经暂停，或者暂停申请正在等决定"
    ),
    "pause": Guard(lambda s: s.pause == ASKED, "这件工单没有待决定的暂停申请"),
    "paused": Guard(lambda s: s.pause == GRANTED, "这件工单的计时没有暂停"),
    "running": Guard(lambda s: s.pause != GRANTED, "这件工单已暂停计时，请先恢复计时"),
    "contacted": Guard(
        lambda s: s.contacted or not s.reported, "请先与诉求人联系（先行联系），再办结"
    ),
    "parts": Guard(lambda s: not s.parts, "还有联办单位没有办好自己的部分，请等它们办好再办结"),
    "children": Guard(lambda s: not s.children, "拆分出去的工单还没有全部办结，请等它们结案"),
    "called": Guard(lambda s: s.called or not s.reported, "请先回访诉求人并记下结果，再结案"),
    "no_appeal": Guard(
        lambda s: s.appeal != ASKED, "诉求人再次表示没有解决，请等街镇分管领导决定是否重办"
    ),
    "appeal": Guard(
        lambda s: s.appeal == ASKED or s.stage == "closed", "这件工单没有待决定的重办请求"
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """From these stages an act (with this outcome) leads to `to`, or leaves the stage as it is."""

    act: str
    label: str
    stages: tuple[str, ...]
    to: str | None = None
    guards: tuple[str, ...] = ()
    outcome: str = ""

    def leads(self, stage: str) -> str:
        return self.to or stage


RULES: Final[tuple[Rule, ...]] = (
    Rule("file", "立案", ("collected",), "filed"),
    Rule("refuse", "不予立案", ("collected", "filed"), "refused"),
    Rule("classify", "更正分类", OPEN),
    Rule("dispatch", "派遣", ("collected", "filed"), "dispatched"),
    Rule("sign", "签收", ("dispatched",), "handling", ("unit", "no_back")),
    Rule(
        "send_back",
        "退单",
        ("dispatched",),
        guards=("unit", "no_back", "not_designated"),
    ),
    Rule("decide_back", "决定退单", ("dispatched",), guards=("back",)),
    Rule("contact", "先行联系", WITH_UNIT, "handling", ("unit", "no_back")),
    Rule("note", "记录进展", OPEN),
    Rule("help", "请求支援", WITH_UNIT, guards=("unit",)),
    Rule("assign", "交给同事", WITH_UNIT, guards=("unit", "no_back")),
    Rule("transfer", "转派", WITH_UNIT, "dispatched"),
    Rule("join", "联合办理", WITH_UNIT),
    Rule("finish_part", "办好联办部分", WITH_UNIT, guards=("part",)),
    Rule("extend", "申请延期", ("handling",), guards=("unit", "no_extend", "running", "in_time")),
    Rule("decide_extend", "决定延期", ("handling",), guards=("extend",)),
    Rule("pause", "申请暂停计时", ("handling",), guards=("unit", "no_pause")),
    Rule("decide_pause", "决定暂停计时", ("handling",), guards=("pause",)),
    Rule("resume", "恢复计时", ("handling",), guards=("unit_or_centre", "paused")),
    Rule(
        "finish",
        "办结反馈",
        ("handling",),
        "answered",
        ("unit", "running", "contacted", "parts"),
    ),
    Rule("verify", "核查通过", ("answered",), "verifying", ("overseer",), "pass"),
    Rule("verify", "核查不通过", ("answered",), "handling", ("overseer",), "fail"),
    Rule("call_back", "回访", ("verifying", "closed"), outcome="heard"),
    Rule("call_back", "回访：没有解决", ("verifying", "closed"), "handling", outcome="again"),
    Rule("call_back", "回访：仍未解决", ("verifying", "closed"), outcome="appeal"),
    Rule(
        "close",
        "结案",
        ("verifying",),
        "closed",
        ("overseer", "called", "children", "no_appeal"),
    ),
    Rule("reopen", "重新办理", ("verifying", "closed"), "handling", ("appeal",), "again"),
    Rule("reopen", "维持结果", ("verifying", "closed"), guards=("appeal",), outcome="stay"),
    Rule("merge", "并案", ("collected", "filed", "dispatched", "handling"), "merged"),
    Rule("split", "拆分", ("filed", "dispatched", "handling")),
)

LABELS: Final[Mapping[str, str]] = {rule.act: rule.label.split("：")[0] for rule in RULES} | {
    "report": "上报",
    "take": "接入",
    "update": "来源更新",
    "verify": "核查",
    "reopen": "重新办理",
    "follow": "并案",
    "alarm": "时限提醒",
    "call_back": "回访",
}
ACTS: Final = tuple(dict.fromkeys(rule.act for rule in RULES))


def verb_of(act: str) -> str:
    """The verb that a role must have for an act."""
    return f"order.{act}"


_RULES: Final[Mapping[tuple[str, str], tuple[Rule, ...]]] = {
    (act, stage): found
    for act in ACTS
    for stage in STAGES
    if (found := tuple(rule for rule in RULES if rule.act == act and stage in rule.stages))
}
_ACTS_IN: Final[Mapping[str, tuple[str, ...]]] = {
    stage: tuple(act for act in ACTS if (act, stage) in _RULES) for stage in STAGES
}


def rule_for(act: str, stage: str, outcome: str = "") -> Rule | None:
    """The rule of an act in a stage; None when it cannot be done there."""
    return next((r for r in _RULES.get((act, stage), ()) if r.outcome in ("", outcome)), None)


def held_up(rule: Rule, standing: Standing) -> str | None:
    """The first guard that does not hold, by name."""
    return next((name for name in rule.guards if not GUARDS[name].holds(standing)), None)


def allowed(standing: Standing, may: Callable[[str], bool]) -> tuple[str, ...]:
    """The acts that somebody with these verbs may do now, in the order of the table."""
    stage = standing.stage
    return tuple(
        act
        for act in _ACTS_IN[stage]
        if may(verb_of(act)) and any(held_up(rule, standing) is None for rule in _RULES[act, stage])
    )
