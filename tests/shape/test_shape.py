"""The shape of the code is a promise too: sizes, doors, verbs, and what must not exist."""

import ast
import re
from pathlib import Path

import pytest

from backend.app import ENDPOINTS
from backend.core.access import VERBS
from backend.features.accounts.roles import LABELS, VERBS_OF

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(f for f in (ROOT / "backend").rglob("*.py") if "0001_initial" not in f.name)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
FUNCTIONS = {
    f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
    for path, tree in TREES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
}
READS = {"all", "filter", "get", "get_or_none", "first", "exclude", "raw", "create", "bulk_create"}
SCOPED = {
    node.name
    for tree in TREES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.ClassDef) and "Scoped" in map(ast.unparse, node.bases)
}


def names(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=names)
def test_files_are_short_and_say_why_they_exist(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert not text.strip() or ast.get_docstring(TREES[path])


def test_functions_are_short():
    lengths = sorted(FUNCTIONS.values())
    assert {name: n for name, n in FUNCTIONS.items() if n > 40} == {}
    assert lengths[int(len(lengths) * 0.95)] <= 25


def test_no_junk_drawers():
    banned = {"utils", "helpers", "common", "base", "manager", "service", "services"}
    assert [
        names(path) for path in FILES if path.stem in banned or path.parent.name in banned
    ] == []


def test_tables_are_imported_by_their_own_store_only():
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".tables"):
                if node.module == "backend.tables":
                    continue  # only the names of the modules
                slice_name = node.module.split(".")[-2]
                inside = "store" in (path.stem, path.parent.name)
                assert inside and slice_name in path.parts, f"{names(path)} imports {node.module}"


def test_scoped_tables_are_reached_through_a_scope_only():
    assert [
        f"{names(path)}:{node.lineno} {ast.unparse(node)}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in SCOPED
        and node.attr in READS
    ] == []


def test_one_importer_each():
    homes = {
        "cryptography": ("core/crypto.py", "sandbox/"),
        "wechatpy": ("clients/wecom",),
        "reportlab": ("engine/pdf",),
        "backend.sandbox": ("sandbox/", "machine/"),
    }
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            for library, allowed in homes.items():
                if module and (module == library or module.startswith(library + ".")):
                    assert any(home in names(path) for home in allowed), f"{names(path)}: {module}"


def test_every_endpoint_has_a_verb_in_some_role():
    given = frozenset().union(*VERBS_OF.values())
    for endpoint in ENDPOINTS:
        assert endpoint.public or endpoint.verb in given, f"{endpoint.method} {endpoint.path}"
    assert given <= VERBS.keys(), f"verbs that nothing asks for: {given - VERBS.keys()}"
    assert VERBS_OF.keys() == LABELS.keys()


def test_no_role_is_asked_for():
    assert [
        names(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and ast.unparse(node.left).endswith(("role", ".role"))
    ] == []


def test_what_must_not_exist():
    """国办函〔2026〕12号: no check-in, points, ranking of persons or time-online counter."""
    words = r"\bcheck_?in\b|打卡|签到|积分|排名|排行|在线时长|\bonline_time|\bleaderboard"
    places = [*(ROOT / "backend").rglob("*.py"), *(ROOT / "forms").rglob("*.yaml")]
    for folder in ("shared/src", "phone/src", "console/src"):
        found = (ROOT / "miniapp" / folder).rglob("*")
        places += [path for path in found if path.suffix in {".ts", ".vue"}]
    found = {
        names(path): re.findall(words, path.read_text(encoding="utf-8"), re.IGNORECASE)
        for path in places
    }
    assert {path: these for path, these in found.items() if these} == {}


def _scoped_table_names():
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            bases = set(map(ast.unparse, node.bases)) if isinstance(node, ast.ClassDef) else set()
            if bases & {"Scoped", "Registered"} and path.stem == "tables":
                text = ast.unparse(node)
                yield from re.findall(r"table = '(\w+)'", text)


# Reads of scoped tables that may leave the scope out, and why
UNSCOPED = {
    "areas/store.py": "names and codes of areas are public (level 1)",
    "accounts/store/staff.py": "whom to tell is asked by the system for one area",
}


def test_statements_over_scoped_tables_use_the_scope_or_name_a_row():
    """`sql` and `later` take a row that was found within a scope; anything wider is `select`."""
    tables = "|".join(_scoped_table_names())
    wide = re.compile(rf"\b(?:from|join|update)\s+(?:{tables})\b")
    one = re.compile(r"(?:id|key)\s*=\s*(?:any\()?:")
    found = []
    for path, tree in TREES.items():
        texts = {ast.unparse(n.targets[0]): n.value for n in tree.body if isinstance(n, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sql", "later"):
                text = ast.unparse(texts.get(ast.unparse(node.args[0]), node.args[0]))
                exempt = any(names(path).endswith(home) for home in UNSCOPED)
                if wide.search(text) and not one.search(text) and not exempt:
                    found.append(f"{names(path)}:{node.lineno}")
    assert found == []
