"""The category tree and the limits of orders: what the files say, and how mistakes are told."""

from pathlib import Path

import pytest

from backend.engine.clocks.read_hours import read_limit
from backend.engine.form.yaml_nodes import MistakenFileError
from backend.engine.orders.categories import Categories, read_categories
from backend.engine.orders.limits import STEPS, Limits, Timing
from backend.engine.orders.read_limits import read_limits

FORMS = Path(__file__).parents[2] / "forms"
HEAD = "trees:\n- key: E\n  name: 事件\n  classes:\n"
GROUP = HEAD + "  - code: E01\n    name: 市容\n    unit: 城管\n    leaves:\n"
LEAF = "    - {code: E0101, name: 垃圾}\n"


@pytest.fixture(scope="module")
def tree() -> Categories:
    return read_categories([FORMS])


@pytest.fixture(scope="module")
def limits(tree: Categories) -> Limits:
    return read_limits([FORMS], tree)


def written(folder: Path, name: str, text: str) -> Path:
    (folder / "orders").mkdir(exist_ok=True)
    (folder / "orders" / name).write_text(text, encoding="utf-8")
    return folder


def test_the_standards_parts_and_events_are_all_there(tree: Categories) -> None:
    by_tree = {key: [one for one in tree if one.tree == key and one.gbt] for key in "BEH"}
    assert (len(by_tree["B"]), len(by_tree["E"]), len(by_tree["H"])) == (83, 53, 0)
    assert tree.by_code["E0406"].path == "事件/突发事件/道路积水"
    assert tree.by_code["E0406"].gbt == "0406"
    assert tree.by_code["E0480"].gbt is None  # ours


def test_a_category_is_found_by_whatever_another_system_calls_it(tree: Categories) -> None:
    for text in ("E0406", "道路积水", " 路面积水", "H0804"):
        assert tree.find(text) is tree.by_code["E0406"], text
    assert tree.find("C010302") is tree.by_code["E0101"]
    assert tree.find("0406") is None


def test_what_the_reports_count_has_its_mark(tree: Categories) -> None:
    marks = {one.mark: one.code for one in tree if one.mark}
    assert marks == {
        "积水": "E0406",
        "树木倒伏": "E0409",
        "高空坠物": "E0410",
        "车库进水": "E0480",
    }


@pytest.mark.parametrize(
    ("category", "severity", "appeal", "source", "limit", "guard"),
    [
        ("E0102", "C", "3", "01", "4工作时", None),  # standards.md §9
        ("E0507", "C", "3", "02", "8工作时", None),
        ("E0201", "C", "3", "02", "8工作时", None),
        ("B0114", "B", "3", "02", "24紧急工作时", "2紧急工作时"),
        ("E0401", "A", "3", "07", "24紧急工作时", "1紧急工作时"),
        ("E0406", "A", "2", "01", "2紧急工作时", None),
        ("E0504", "C", "3", "02", "2工作时", None),
        ("E0101", "C", "4", "01", "30工作日", "1工作日"),
        ("H0101", "C", "1", "01", "1工作日", None),  # §10
        ("H0101", "C", "5", "01", "1工作日", None),
        ("H0101", "C", "2", "01", "5工作日", None),
        ("H0101", "C", "3", "01", "5工作日", None),
        ("H0101", "C", "3", "06", "3工作日", None),
        (None, "C", "3", "01", "5工作日", None),
        (None, "A", "3", "01", "24紧急工作时", "2紧急工作时"),
        ("gone", "C", "7", None, "5工作日", None),
    ],
)
def test_handling(
    limits: Limits, category, severity, appeal, source, limit: str, guard: str | None
) -> None:
    expected = Timing(read_limit(limit), read_limit(guard) if guard else None)
    assert limits.handling(category, severity, appeal, source) == expected


def test_steps_are_quicker_when_urgent(limits: Limits) -> None:
    assert str(limits.of_step("file")) == "4工作时"
    assert str(limits.of_step("file", urgent=True)) == "1紧急工作时"
    assert str(limits.of_step("contact")) == "1工作日"
    assert str(limits.of_step("rehandle")) == "3工作日"
    assert str(limits.extended) == "15工作日"
    assert set(limits.steps) == set(STEPS)


def test_a_district_replaces_single_limits_in_a_folder_of_its_own(
    tree: Categories, tmp_path: Path
) -> None:
    own = written(
        tmp_path,
        "limits.yaml",
        "steps:\n  sign: {limit: 4工作时}\ncategories:\n- {of: E0102, limit: 2工作时}\n",
    )
    limits = read_limits([FORMS, own], tree)
    assert str(limits.of_step("sign", urgent=True)) == "4工作时"
    assert str(limits.handling("E0102", "C", "3").limit) == "2工作时"
    assert str(limits.handling("E0106", "C", "3").limit) == "4工作时"


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("trees: []", 1, "no category"),
        (HEAD + "  - {code: X01, name: 市容, unit: 城管, leaves: []}", 5, "no class of E"),
        (GROUP + "    - {code: E0201, name: 垃圾}", 9, "does not stand in E01"),
        (GROUP + LEAF + LEAF, 10, "duplicate code E0101"),
        (GROUP + LEAF + "    - {code: E0102, name: 垃圾}", 10, "垃圾 also stands at E0101"),
        (GROUP + LEAF + "    - {code: E0102, name: 甲, synonyms: [垃圾]}", 10, "also stands"),
        (GROUP + "    - {code: E0101, name: 垃圾, say: {}}", 9, "no list of texts"),
        (GROUP + "    - {code: E0101, name: 垃圾, words: [a+]}", 9, "an empty word"),
        (GROUP + "    - {code: E0101, name: 垃圾, also: [12]}", 9, "12 is no code"),
        (GROUP + "    - {code: E0101, name: 垃圾, severity: D}", 9, "severity is D"),
        (GROUP + "    - {code: E0101, name: 垃圾, word: [a]}", 9, "unknown key word"),
        (GROUP + "    - {code: E0101}", 9, "name is missing"),
    ],
)
def test_a_mistake_in_the_tree_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, wrong: str
) -> None:
    with pytest.raises(MistakenFileError) as refused:
        read_categories([written(tmp_path, "categories.yaml", text)])
    found = [(mistake.line, mistake.wrong) for mistake in refused.value.mistakes]
    assert any(at == line and wrong in said for at, said in found), found


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("steps:\n  sing: {limit: 4工作时}", 2, "unknown key sing"),
        ("steps:\n  sign: {limit: 4小时}", 2, "limit is no limit"),
        ("steps:\n  sign: {urgent: 4工作时}", 2, "limit is missing"),
        ("extended: [15工作日]", 1, "extended is no"),
        ("appeals:\n  投诉: 5工作日", 2, "投诉 is no code"),
        ("sources:\n  '6': 3工作日", 2, "6 is no code"),
        ("categories:\n- {of: X0101, limit: 4工作时}", 2, "unknown category X0101"),
        ("categories:\n- {limit: 4工作时}", 2, "no category"),
        ("categories:\n- {of: E0102, limit: 1工作时}\n- {of: E0102, limit: 2工作时}", 3, "already"),
        ("examples:\n- {category: E0102, severity: C, appeal: '3', is: 5工作日}", 2, "4工作时"),
        ("examples:\n- {category: E9999, severity: C, appeal: '3', is: 5工作日}", 2, "E9999"),
    ],
)
def test_a_mistake_in_the_limits_is_told_with_its_line(
    tree: Categories, tmp_path: Path, text: str, line: int, wrong: str
) -> None:
    with pytest.raises(MistakenFileError) as refused:
        read_limits([FORMS, written(tmp_path, "limits.yaml", text)], tree)
    found = [(mistake.line, mistake.wrong) for mistake in refused.value.mistakes]
    assert any(at == line and wrong in said for at, said in found), found


def test_nothing_may_be_without_a_limit(tree: Categories, tmp_path: Path) -> None:
    own = written(tmp_path, "limits.yaml", "steps:\n  sign: {limit: 4工作时}\n")
    with pytest.raises(MistakenFileError, match=r"file, steps\.dispatch.*extended, appeals\.9"):
        read_limits([own], tree)
