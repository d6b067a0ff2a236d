"""Reads `orders/sensors.yaml`; a mistake is told with its line and what was expected, and the
examples in the file are tried, so that nobody switches an alarm off unseen."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from backend.engine.form.yaml_nodes import MistakenFileError, Page, Table
from backend.engine.sensors.fold import Fold, Heard, Watch
from backend.engine.sensors.measures import (
    OTHER,
    UNKNOWN,
    Adjust,
    Ask,
    Danger,
    Kind,
    Measure,
    Measures,
    Reason,
    Sign,
    Step,
)

ADVICE = ("调阈值", "移位", "检修", "留意")
URGES = ("一般", "紧急", "特急")
NONE = "无"
_SAYS = re.compile(r"(\d\d):(\d\d)(?: (-?\d+(?:\.\d+)?))?")
_GAPS = {"place", "value", "limit", "unit", "hours", "count"}
_TOP = ("levels", "late", "clear", "kinds", "always", "reasons", "adjust", "warnings", "examples")
_SIGNAL = ("key", "label", "unit", "alive", "quiet", "levels", "order", "title", "content")
_SIGN = ("of", "kinds", "level", "categories", "met", "said", "points", "words")
_START = datetime(2026, 1, 1)  # noqa: DTZ001 - examples only know the time of day

Known = Callable[[str], bool]
"""Whether a code is one of the tree of categories."""


def read_measures(path: Path, known: Known) -> Measures:
    """What is in force; raises MistakenFileError with every mistake."""
    page = Page(f"{path.parent.name}/{path.name}")
    top = page.compose(path.read_text(encoding="utf-8"))
    if top is None:
        raise MistakenFileError(page.mistakes)
    top.allow(*_TOP)
    reading = _Reading(top.texts("levels"), known)
    always = {one.key: one for one in reading.signals(top, "always")}
    kinds = {kind.key: kind for kind in reading.kinds(top, always)}
    for key, where, needed in ((UNKNOWN, "always", always), (OTHER, "kinds", kinds)):
        if key not in needed:
            top.wrong(where, f"{where} has no {key}", f"`- key: {key}`")
    if page.mistakes:
        raise MistakenFileError(page.mistakes)
    measures = Measures(
        levels=reading.levels,
        late=top.whole("late"),
        clear=top.whole("clear"),
        kinds=kinds,
        reasons={reason.key: reason for reason in _reasons(top)},
        adjust=_adjust(top),
        dangers={danger.key: danger for danger in reading.dangers(top, kinds)},
    )
    for example in top.tables("examples", "kind", "signal", "says", "is"):
        _try(example, measures)
    if page.mistakes:
        raise MistakenFileError(page.mistakes)
    return measures


class _Reading:
    """The levels of the file, and what its orders may be about."""

    def __init__(self, levels: Sequence[str], known: Known) -> None:
        self.levels, self.known = tuple(levels), known

    def kinds(self, top: Table, always: dict[str, Measure]) -> Iterator[Kind]:
        for table in top.tables("kinds", "key", "label", "offline", "signals", "silence"):
            own = {one.key: one for one in self.signals(table, "signals")}
            for one in table.tables("silence", *_SIGNAL, "of"):
                if one.text("of") not in own:
                    one.wrong("of", f"no signal {one.text('of')}", "one of " + ", ".join(own))
                own[one.text("key")] = self._measure(one, silent_of=one.text("of"))
            yield Kind(table.text("key"), table.text("label"), table.whole("offline"), always | own)

    def signals(self, table: Table, name: str) -> Iterator[Measure]:
        for one in table.tables(name, *_SIGNAL):
            yield self._measure(one, silent_of=None)

    def _measure(self, table: Table, silent_of: str | None) -> Measure:
        steps = tuple(self._steps(table, hours=silent_of is not None))
        alive = table.flag("alive")
        if not steps and not alive:
            table.wrong("levels", "a signal has no levels", "`levels:` or `alive: true`")
        title, content = table.maybe("title") or "", table.maybe("content") or ""
        order = self._ask(table)
        if order and not (title and content):
            table.wrong("order", "an order needs words", "`title:` and `content:`")
        for name, text in (("title", title), ("content", content)):
            if gaps := set(re.findall(r"{(\w*)}", text)) - _GAPS:
                table.wrong(name, f"unknown gap {sorted(gaps)}", ", ".join(sorted(_GAPS)))
        return Measure(
            key=table.text("key"),
            label=table.text("label"),
            unit=table.maybe("unit") or "",
            alive=alive,
            silent_of=silent_of,
            quiet=table.whole("quiet", 0),
            steps=steps,
            order=order,
            title=title,
            content=content,
        )

    def _steps(self, table: Table, *, hours: bool) -> Iterator[Step]:
        keys = ("level", "hours") if hours else ("level", "at_least", "at_most", "minutes")
        before = 0
        for one in table.tables("levels", *keys):
            level = self._level(one, "level")
            if level <= before:
                one.wrong("level", "levels do not ascend", "the lowest level first")
            before = level
            if hours:
                yield Step(level, at_least=one.number("hours"))
            else:
                low, high = one.number("at_least"), one.number("at_most")
                yield Step(level, low, high, one.number("minutes") or 0)

    def _level(self, table: Table, name: str) -> int:
        return self.levels.index(table.choice(name, self.levels)) + 1

    def _ask(self, table: Table) -> Ask | None:
        asked = table.table("order", "from", "category", "urge")
        if asked is None:
            return None
        return Ask(self._level(asked, "from"), *self._about(asked))

    def _about(self, table: Table) -> tuple[str | None, str]:
        category = table.maybe("category")
        if category and not self.known(category):
            table.wrong("category", f"unknown category {category}", "a code of the tree")
        return category, table.choice("urge", URGES)

    def dangers(self, top: Table, kinds: dict[str, Kind]) -> Iterator[Danger]:
        keys = ("key", "label", "days", "sources", "points", "signs", "order")
        for table in top.tables("warnings", *keys):
            asked = table.table("order", "category", "urge")
            if asked is None:
                table.wrong("order", "a warning asks for no order", "`order: {urge: 紧急}`")
                continue
            yield Danger(
                table.text("key"),
                table.text("label"),
                table.whole("days"),
                table.whole("sources"),
                table.whole("points"),
                tuple(self._sign(one, kinds) for one in table.tables("signs", *_SIGN)),
                *self._about(asked),
            )

    def _sign(self, table: Table, kinds: dict[str, Kind]) -> Sign:
        for kind in table.texts("kinds"):
            if kind not in kinds:
                table.wrong("kinds", f"unknown kind {kind}", ", ".join(kinds))
        for code in table.texts("categories"):
            if not self.known(code):
                table.wrong("categories", f"unknown category {code}", "a code of the tree")
        return Sign(
            of=table.choice("of", ("alarm", "order", "visit")),  # type: ignore[arg-type]
            points=table.whole("points"),
            words=table.text("words"),
            kinds=table.texts("kinds"),
            level=self._level(table, "level") if "level" in table else 1,
            categories=table.texts("categories"),
            met=table.texts("met"),
            said=table.texts("said"),
        )


def _reasons(top: Table) -> Iterator[Reason]:
    for table in top.tables("reasons", "key", "advice", "words"):
        yield Reason(table.text("key"), table.choice("advice", ADVICE), table.text("words"))


def _adjust(top: Table) -> Adjust:
    table = top.table("adjust", "days", "judged", "rate", "margin")
    if table is None:
        top.wrong("adjust", "adjust is missing", "`adjust: {days: 90, judged: 3, rate: 0.3, …}`")
        return Adjust(1, 1, 1, 0)
    rate, margin = table.number("rate"), table.number("margin")
    return Adjust(table.whole("days"), table.whole("judged"), rate or 1, margin or 0)


def _try(example: Table, measures: Measures) -> None:
    """What is said on one day, and the level of the alarm that comes of it."""
    kind, signal, wanted = (example.text(name) for name in ("kind", "signal", "is"))
    if kind not in measures.kinds or signal not in measures.kinds[kind].measures:
        example.wrong("signal", f"{kind} has no signal {signal}", "a signal of the kind")
        return
    heard = [_heard(example, text) for text in example.texts("says")]
    fold = Fold(measures.measure(kind, signal), Watch(), [], _START).hear(heard)
    found = measures.name(fold.alarms[-1].level) if fold.alarms else NONE
    if found != wanted:
        example.wrong("is", f"{kind} {signal} comes to {found}", wanted)


def _heard(example: Table, text: str) -> Heard:
    found = _SAYS.fullmatch(text)
    if found is None:
        example.wrong("says", f"{text} is no saying", "`09:05 16.5`")
        return Heard(_START)
    at = _START + timedelta(hours=int(found[1]), minutes=int(found[2]))
    return Heard(at, float(found[3]) if found[3] else None)
