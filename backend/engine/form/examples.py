"""The examples every definition carries: run when it is loaded, and again in TypeScript."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.engine.form.check import Checked, Checker
from backend.engine.form.definition import FormDef
from backend.engine.form.membership import standing
from backend.engine.form.read_form import Draft
from backend.engine.form.yaml_nodes import Table
from backend.engine.rules.evaluate import evaluate

FEWEST = 2
_EXPECTED = ("visible", "hidden", "required", "computed", "issues", "answers")


@dataclass(frozen=True)
class Example:
    """Answers in a context, and what checking them must give (only what is named is compared)."""

    name: str
    line: int
    context: Mapping[str, Any]
    answers: Mapping[str, Any]
    held: tuple[str, ...]
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class MemberExample:
    """A person's row and the labels and membership that follow."""

    name: str
    line: int
    row: Mapping[str, Any]
    kinds: tuple[str, ...]
    member: bool


def read_examples(draft: Draft) -> tuple[tuple[Example, ...], tuple[MemberExample, ...]]:
    plain: list[Example] = []
    members: list[MemberExample] = []
    for table in draft.top.tables("examples"):
        if "row" in table:
            members.append(_member(table))
        else:
            plain.append(_example(table))
    if len(plain) < FEWEST:
        draft.top.wrong("examples", f"{len(plain)} examples", f"at least {FEWEST}")
    return tuple(plain), tuple(members)


def _example(table: Table) -> Example:
    table.allow("name", "context", "answers", "held", "expect")
    expect = table.table("expect", *_EXPECTED)
    if expect is None:
        table.text("expect")
    return Example(
        name=table.text("name"),
        line=table.line,
        context=table.plain("context") or {},
        answers=table.plain("answers") or {},
        held=table.texts("held"),
        expect=table.plain("expect") or {},
    )


def _member(table: Table) -> MemberExample:
    table.allow("name", "row", "kinds", "member")
    return MemberExample(
        name=table.text("name"),
        line=table.line,
        row=table.plain("row") or {},
        kinds=table.texts("kinds"),
        member=table.flag("member"),
    )


def run_examples(
    draft: Draft, plain: tuple[Example, ...], members: tuple[MemberExample, ...], of: FormDef | None
) -> None:
    """Note every example that does not hold, with what came out instead; `of` is the register
    whose rows a derived ledger takes its members from."""
    checker = Checker(draft.form)
    for example in plain:
        found = checker.check(example.answers, context=example.context, held=example.held)
        for name, got in outcome(example, found).items():
            want = example.expect[name]
            if got != want:
                wrong = f"example {example.name}: {name} is {got}"
                draft.top.page.wrong(example.line, wrong, str(want))
    for member in members:
        _run_member(draft, member, of)


def outcome(example: Example, found: Checked) -> dict[str, Any]:
    """What an example asks about, in the shape it is written in."""
    shapes: dict[str, Any] = {
        "visible": [key for key in example.expect.get("visible", ()) if key in found.visible],
        "hidden": [key for key in example.expect.get("hidden", ()) if key not in found.visible],
        "required": [key for key in example.expect.get("required", ()) if key in found.required],
        "computed": {key: found.computed.get(key) for key in example.expect.get("computed", ())},
        "answers": {key: found.answers.get(key) for key in example.expect.get("answers", ())},
        "issues": [f"{issue.field} {issue.code}" for issue in found.issues],
    }
    return {name: shapes[name] for name in example.expect}


def _run_member(draft: Draft, example: MemberExample, of: FormDef | None) -> None:
    membership = draft.form.membership
    if membership is None or of is None:
        draft.top.page.wrong(example.line, "a row without membership", "`membership:`")
        return
    row = dict(example.row)
    for name, rule in of.derived.items():
        row.setdefault(name, evaluate(rule.ast, row))
    found = standing(membership, row)
    got = (sorted(found.kinds), found.member)
    if got != (sorted(example.kinds), example.member):
        wrong = f"example {example.name}: {got[0]}, member {got[1]}"
        draft.top.page.wrong(example.line, wrong, f"{list(example.kinds)}, {example.member}")
