"""Emergencies on paper: the lists by building, the stores, and the closing report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.engine.pdf.papers import (
    AccountPaper,
    Column,
    Group,
    GroupedPaper,
    Section,
    Signer,
)
from backend.features.catalogue.catalogue import Catalogue
from backend.features.documents.issue import Issue
from backend.features.duty.actions import caring
from backend.features.duty.emergencies import Emergency, Supply
from backend.features.duty.plan import Plan

_BOX = "□平安　□不在\n□已转移"
_KEEP = "本单含个人信息，仅限本次应急值守使用；用后收回，当场销毁。"
_DRILL = "（演练）"

PEOPLE = (
    Column("room", "室号", 16, kind="code", pinned=True),
    Column("name", "姓名", 30),
    Column("age", "性别年龄", 20, kind="code"),
    Column("kinds", "情况", 46, kind="codes"),
    Column("phone", "电话", 0, kind="phone"),
    Column("contact", "紧急联系人", 42),
    Column("done", "联系结果", 52),
)
STORES = (
    Column("what", "物资", 26),
    Column("spec", "规格", 34),
    Column("quantity", "现有", 24, kind="decimal"),
    Column("least", "最低储备", 24, kind="decimal"),
    Column("expire", "有效期至", 0, kind="date"),
    Column("keeper", "保管人", 26),
    Column("out", "领用（数量、签名）", 60),
)


@dataclass(frozen=True)
class Desk:
    """Who prints of which emergency, for which place; `trusted` with whole numbers or not."""

    actor: Actor
    catalogue: Catalogue
    plan: Plan
    held: Record
    issue: Issue
    place: str
    trusted: bool = False

    def number(self, row: Record, element: str) -> str:
        return caring.number_seen(self.actor, self.catalogue, row, element, trusted=self.trusted)

    def title(self, what: str) -> str:
        return f"{self.held['kind']}{what}{_DRILL if self.held['drill'] else ''}"

    @property
    def heading(self) -> str:
        return f"{self.place}　{self.plan.label(self.held['level'])}"


def people_paper(desk: Desk, people: Sequence[Record], called: Mapping[str, str]) -> GroupedPaper:
    """Those in need, building by building, in large print."""
    issue = desk.issue

    def cells(row: Record) -> list[str]:
        kinds = caring.kinds_seen(desk.actor, desk.plan, row, trusted=desk.trusted)
        contact = (row["data"].get("contact_name") or "", desk.number(row, "contact_phone"))
        return [
            row["room"] or "",
            row["name"],
            _who(desk.catalogue, row),
            "、".join(kinds),
            desk.number(row, "phone"),
            "\n".join(part for part in contact if part),
            _BOX,
        ]

    doors = [list(rows) for _, rows in groupby(people, lambda row: row["building_id"])]
    several = len({row["area"] for row in people}) > 1
    return GroupedPaper(
        title=desk.title("应急人员名单"),
        columns=PEOPLE,
        groups=[
            Group(_building(rows[0], len(rows), called if several else {}), list(map(cells, rows)))
            for rows in doors
        ],
        subtitle=desk.heading,
        unit_line=f"共 {len(doors)} 幢 {len(people)} 人　截至 {_when(issue.at)}",
        signature=(Signer("联系人"), Signer("完成时间")),
        notes=(_KEEP,),
        footer=issue.footer,
        copy=issue.copy,
    )


def stores_paper(desk: Desk, supplies: Sequence[Supply]) -> GroupedPaper:
    """What the stores hold, store by store, in large print."""

    def cells(one: Supply) -> list[str]:
        least = "" if one.least is None else f"{one.least:g}"
        quantity = f"{one.quantity:g}{one.unit}"
        return [one.what, one.spec or "", quantity, least, one.expire or "", one.keeper, ""]

    stores = groupby(supplies, lambda one: (one.area.name, one.store_place))
    return GroupedPaper(
        title=desk.title("应急物资清单"),
        columns=STORES,
        groups=[
            Group(f"{area}　{store}", [cells(one) for one in found])
            for (area, store), found in stores
        ],
        subtitle=desk.heading,
        unit_line=f"截至 {_when(desk.issue.at)}",
        footer=desk.issue.footer,
        copy=desk.issue.copy,
    )


def closing_paper(page: Emergency, gathered: Mapping[str, Any], issue: Issue) -> AccountPaper:
    """The closing report: what happened, in order, and what is still out."""
    until = page.until or clock.now()
    drill = _DRILL if page.drill else ""
    return AccountPaper(
        title=f"{page.kind}应急处置总结报告{drill}",
        sections=(
            Section("一、总体情况", _summed_up(page)),
            Section("二、处置经过", columns=_STEPS, rows=_steps(page)),
            Section("三、期间工单", columns=_ORDERS, rows=gathered["orders"]),
            Section("四、人员联系和转移安置", _moved_words(page), _MOVED, gathered["moved"]),
            Section("五、物资借用", _lent_words(page), _LOANS, _loans(page)),
            Section("六、快报", columns=_FLASH, rows=_flashes(page)),
            Section("七、全员通知", columns=_CALLS, rows=_calls(page)),
            Section("八、值班接报", columns=_LINES, rows=gathered["lines"]),
        ),
        subtitle=gathered["place"],
        unit_line=f"{_when(page.since)} 至 {_when(until)}",
        signature=(Signer("编制人"), Signer("审核人"), Signer("负责人"), Signer("日期")),
        stamp=gathered["place"],
        footer=issue.footer,
        copy=issue.copy,
    )


_STEPS = (
    Column("at", "时间", 30, kind="datetime"),
    Column("label", "事项", 24, kind="code"),
    Column("words", "内容", 90),
    Column("by", "经办", 22, kind="code"),
)
_ORDERS = (
    Column("no", "来源", 40),
    Column("n", "受理", 24, kind="integer"),
    Column("open", "未办结", 24, kind="integer"),
    Column("late", "超时", 24, kind="integer"),
)
_MOVED = (
    Column("area", "居村委", 50),
    Column("moved", "已转移", 24, kind="integer"),
    Column("back", "已返回", 24, kind="integer"),
)
_LOANS = (
    Column("area", "居村委", 30),
    Column("what", "物资", 30),
    Column("borrower", "借用人", 40),
    Column("quantity", "借出", 20, kind="decimal"),
    Column("out", "未归还", 20, kind="decimal"),
    Column("at", "借出时间", 30, kind="datetime"),
)
_FLASH = (
    Column("label", "期次", 40),
    Column("due", "应报时间", 34, kind="datetime"),
    Column("total", "应报", 20, kind="integer"),
    Column("handed", "已报", 20, kind="integer"),
)
_CALLS = (
    Column("at", "时间", 30, kind="datetime"),
    Column("words", "内容", 70),
    Column("total", "通知", 18, kind="integer"),
    Column("confirmed", "确认", 18, kind="integer"),
    Column("failed", "未送达", 18, kind="integer"),
)


_LINES = (
    Column("at", "时间", 30, kind="datetime"),
    Column("area", "单位", 30),
    Column("content", "来源和内容", 66),
    Column("handled", "处置", 46),
)


def lines(found: Sequence[Record], called: Mapping[str, str]) -> list[list[str]]:
    """What was reported to those on duty, as it stands in the closing report."""
    return [
        [
            _when(row["at"]),
            called.get(row["area"], row["area"]),
            f"{row['source']}：{row['content']}",
            row["handled"] or "",
        ]
        for row in found
    ]


def _summed_up(page: Emergency) -> str:
    began = f"{_when(page.since)}由{page.by}启动{page.kind}响应"
    words = [f"{began}（结束前为{page.level_label}）：{page.reason.rstrip('。')}。"]
    for name, first in (("口头首报", page.oral), ("书面首报", page.written)):
        if first.due_at:
            made = f"{_when(first.at)}完成" if first.at else "没有记录"
            words.append(f"{name}{made}{'（超时）' if first.late else ''}。")
    if page.rested:
        words.append(f"期间 {page.rested} 项例行报表暂停，结束后顺延。")
    if page.until:
        words.append(f"{_when(page.until)}由{page.ended_by}宣布结束，恢复平时状态。")
    return "".join(words) + (f"\n{page.summary}" if page.summary else "")


def _steps(page: Emergency) -> list[list[str]]:
    return [[_when(one.at), one.label, one.words, one.by] for one in page.steps]


def _moved_words(page: Emergency) -> str:
    states = page.states
    total, waiting = sum(states.values()), states.get("listed", 0)
    reached = total - waiting - states.get("unreached", 0)
    return (
        f"名单 {total} 人，已联系 {reached} 人，联系不上 {states.get('unreached', 0)} 人，"
        f"没有登记 {waiting} 人。"
    )


def _lent_words(page: Emergency) -> str:
    out = [one for one in page.loans if one.back < one.quantity]
    if not page.loans:
        return "没有借出物资。"
    if not out:
        return "借出的物资已全部归还。"
    return f"借出 {len(page.loans)} 笔，其中 {len(out)} 笔还没有还清。"


def _loans(page: Emergency) -> list[list[str]]:
    return [
        [
            one.area.name,
            f"{one.what}{one.spec or ''}",
            one.borrower,
            f"{one.quantity:g}{one.unit}",
            f"{one.quantity - one.back:g}{one.unit}" if one.back < one.quantity else "",
            _when(one.at),
        ]
        for one in page.loans
    ]


def _flashes(page: Emergency) -> list[list[str]]:
    return [
        [one.label, _when(one.due_at), str(one.total), str(one.handed)]
        for one in reversed(page.flash)
    ]


def _calls(page: Emergency) -> list[list[str]]:
    return [
        [_when(one.at), one.words, str(one.total), str(one.confirmed), str(one.failed)]
        for one in reversed(page.calls)
    ]


def _building(row: Record, count: int, called: Mapping[str, str]) -> str:
    """兰溪小区　兰溪路3010弄5号　6层无电梯　4人."""
    floors = f"{row['floors_up']}层" if row["floors_up"] else ""
    lift = {True: "有电梯", False: "无电梯"}.get(row["has_lift"], "")
    parts = (called.get(row["area"], ""), row["estate"], _short(row["address"]), floors + lift)
    return "　".join(part for part in (*parts, f"{count} 人") if part)


def _short(address: str | None) -> str:
    """Without the city and district, which everybody knows."""
    return (address or "住址不详").removeprefix("上海市").removeprefix("普陀区")


def _who(catalogue: Catalogue, row: Record) -> str:
    age = caring.age_of(row["birth"])
    return catalogue.label("sex", row["sex"]) + (f" {age}" if age is not None else "")


def _when(moment: datetime | None) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(clock.SHANGHAI)
    return f"{here.month}月{here.day}日 {here:%H:%M}"
