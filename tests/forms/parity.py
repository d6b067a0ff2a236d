"""What the TypeScript engine must reproduce, told by Python: the vitest files run this and compare.

python tests/forms/parity.py rules|forms [SEED]   writes one JSON object to standard output
"""

import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from backend.engine.form.check import Checker, unanswered  # noqa: E402
from backend.engine.form.definition import to_json  # noqa: E402
from backend.engine.form.load import load_all  # noqa: E402
from backend.engine.form.messages import MESSAGES  # noqa: E402
from backend.engine.rules.evaluate import evaluate  # noqa: E402
from backend.engine.rules.language import FUNCTIONS, PRECEDENCE  # noqa: E402
from backend.engine.rules.parse import parse  # noqa: E402

RULES = json.loads((ROOT / "tests/engine/rules_examples.json").read_text(encoding="utf-8"))
RANDOM_RULES = 6000
RANDOM_ANSWERS = 120


def rules(seed):
    """Every example with its tree, and random trees with the values that Python gives them."""
    examples = [
        {
            "rule": one["rule"],
            "ast": parse(one["rule"]),
            "given": RULES["given"] | one.get("with", {}),
            "is": one["is"],
        }
        for one in RULES["examples"]
        if "rule" in one
    ]
    chance = random.Random(seed)
    fuzz = []
    for _ in range(RANDOM_RULES):
        ast, given = _rule(chance), _context(chance)
        fuzz.append({"ast": ast, "given": given, "is": evaluate(ast, given)})
    return {"examples": examples, "fuzz": fuzz}


def _context(chance):
    return {
        "n": chance.choice([0, 5, 65, 70.5, -3, 1e308, 2**53 - 1, 2.675, 1.005, 0.1]),
        "m": chance.choice([0, 1, 2, 3, -7, None]),
        "s": chance.choice(["", "王小明", "a😀b", "12", "true", "11010519491231002X", "\ud7ff"]),
        "d": chance.choice(
            ["2026-02-28", "2024-02-29", "2026-13-01", "2026-11-23T10:00:00+08:00", "x", None]
        ),
        "nothing": None,
        "flag": chance.choice([True, False]),
        "tags": chance.choice([[], ["低保", "独居"], ["a", 1, None, True]]),
        "items": [
            {"q": chance.randint(0, 5), "p": chance.choice([1.5, 2.25, None])}
            for _ in range(chance.randint(0, 3))
        ],
        "map": {"k": chance.choice([1, "z", None])},
    }


VARIABLES = ["n", "m", "s", "d", "nothing", "flag", "tags", "items", "map", "missing", "toString"]
LITERALS = [0, 1, 2.5, 60, "王", "2026-11-23", "2026-02-28", True, False, None, ""]


def _rule(chance, depth=0):
    if depth > 4 or chance.random() < 0.2:
        return _leaf(chance)
    pick = chance.random()
    if pick < 0.55:
        return [
            "bin",
            chance.choice([*PRECEDENCE]),
            _rule(chance, depth + 1),
            _rule(chance, depth + 1),
        ]
    if pick < 0.65:
        return [chance.choice(["neg", "not"]), _rule(chance, depth + 1)]
    if pick < 0.72:
        return ["if", *[_rule(chance, depth + 1) for _ in range(3)]]
    if pick < 0.78:
        return ["list", *[_rule(chance, depth + 1) for _ in range(chance.randint(0, 3))]]
    name = chance.choice([*FUNCTIONS])
    known = FUNCTIONS[name]
    count = chance.randint(known.least, min(known.most, 3))
    return ["call", name, *[_rule(chance, depth + 1) for _ in range(count)]]


def _leaf(chance):
    pick = chance.random()
    if pick < 0.4:
        return ["lit", chance.choice(LITERALS)]
    if pick < 0.85:
        return ["var", chance.choice(VARIABLES)]
    return chance.choice([["get", ["var", "items"], "q"], ["get", ["var", "map"], "k"]])


def forms(seed):
    """Every definition, and checks of its examples and of answers mangled at random."""
    loaded = load_all([ROOT / "forms"])
    chance = random.Random(seed)
    cases = []
    for code, form in loaded.forms.items():
        checker = Checker(form)
        for example in loaded.examples[code]:
            context, answers = dict(example.context), dict(example.answers)
            cases.append(_checked(checker, code, answers, context, list(example.held)))
            for _ in range(RANDOM_ANSWERS // len(loaded.examples[code])):
                mangled = _mangled(chance, form, answers)
                held = [key for key in example.held if chance.random() < 0.8]
                cases.append(_checked(checker, code, mangled, context, held))
    definitions = {code: to_json(form) for code, form in loaded.forms.items()}
    return {"forms": definitions, "messages": dict(MESSAGES), "cases": cases}


def _checked(checker, code, answers, context, held):
    found = checker.check(answers, context=context, held=held)
    reasons = {found.issues[0].field: "核对过"} if found.issues else {}
    issues = [[i.field, i.code, i.message, i.kind] for i in found.issues]
    left = [[i.field, i.code] for i in unanswered(found.issues, reasons)]
    return {
        "form": code,
        "answers": answers,
        "context": context,
        "held": held,
        "want": {
            "answers": found.answers,
            "visible": sorted(found.visible),
            "required": sorted(found.required),
            "computed": found.computed,
            "issues": issues,
        },
        "reasons": reasons,
        "left": left,
    }


ODD = [
    None, "", "  ", "　王  小明　", 0, -1, 3, 2.5, 1e15, True, False, [], {}, "x" * 60, "😀" * 1001,
    "13800138000", "+86 138-0013-8000", "１３８００１３８０００", "1380013800O", "138001380",
    "(021)62345678", "021-62345678-801", "62345678", "11010519491231002X", "110105491231002",
    "１１０１０５１９４９１２３１００２ｘ", "110105194912310021", "11010520230230001X", "E12345678",
    "2026-11-23", "2026-02-30", "2026-11-23T09:30:00+08:00", "2026-11-23 24:00", "1", "2", "4", "5",
    ["独居", "独居"], ["独居"], ["助餐", "没有"], [1], "310107005001", "31010700500",
    [{"field": "姓名", "old": "a", "new": "a"}], [{"name": " 李 ", "phone": "138 0013 8000"}],
    [{"relation": "10", "age": 12, "other": 1}], [3], {"id": None, "label": "某公司"},
    {"id": 3, "label": "x"}, {"lng": 121.4, "lat": 31.2}, {"lng": 121.4, "lat": 131.2},
    {"from": "2026-01-01", "to": "2025-01-01"}, ["a"] * 12, "{label}", "成功", "调解中", "书面",
    "电话", "转工单", "9", "日常", "\u200b1\u00ad38\ufeff00138000",
]  # fmt: skip


def _mangled(chance, form, answers):
    """Answers with a few values replaced by odd ones, dropped, or given to unknown fields."""
    mangled = dict(answers)
    for _ in range(chance.randint(1, 6)):
        key = chance.choice(form.fields).key if chance.random() < 0.97 else "no_such_field"
        if chance.random() < 0.15:
            mangled.pop(key, None)
        elif field := form.field(key):
            codes = [code.code for code in field.codes or ()]
            likely = chance.choice(codes) if codes and chance.random() < 0.7 else None
            mangled[key] = likely or chance.choice(ODD)
        else:
            mangled[key] = chance.choice(ODD)
    return mangled


if __name__ == "__main__":
    kind, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 7
    told = {"rules": rules, "forms": forms}[kind](seed)
    sys.stdout.write(json.dumps(told, ensure_ascii=True))
