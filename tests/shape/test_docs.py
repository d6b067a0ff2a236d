"""What the pages say is held to the code: settings, problems, verbs, paths, links, commands."""

import re
import subprocess
from pathlib import Path

import pytest
import typer

from backend.app import ENDPOINTS
from backend.cli import app as command_line
from backend.core.access import VERBS
from backend.core.problems import CODES
from backend.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent.parent
OUTSIDE = ("README.md", "README.zh-CN.md", "docs/operations.md")
PAGES = (*OUTSIDE, "CONTRIBUTING.md", "CHANGELOG.md", "forms/README.md")
DECISIONS = sorted(path.name for path in (ROOT / "docs/decisions").glob("0*.md"))
EVERY = (*PAGES, "docs/decisions/README.md", *(f"docs/decisions/{name}" for name in DECISIONS))

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FENCED = re.compile(r"^```.*?^```", re.M | re.S)
COMMANDS = typer.main.get_command(command_line).commands
# where the pages speak of a machine and not of the tree
ELSEWHERE = ("var/", ".venv/", "docker/secrets", "docker/.env", "/")


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def quoted(page):
    """What stands in backticks, code blocks left out."""
    return re.findall(r"`([^`\n]+)`", FENCED.sub("", text_of(page)))


def committed():
    """Every text file that git keeps, with its text."""
    # git must not mind whose clone it is
    git = ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z"]
    names = subprocess.run(git, capture_output=True, check=True, text=True).stdout.split("\0")
    for path in (ROOT / name for name in names if name):
        body = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in body:
            yield path.relative_to(ROOT), body.decode("utf-8")


def anchors(page):
    """The anchors of a page's headings, as they are made on the web."""
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", text_of(page)), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_every_setting_is_explained():
    told = {name for page in OUTSIDE for name in re.findall(r"JUCUN_[A-Z_]+", text_of(page))}
    assert {PREFIX + field.upper() for field in Settings.model_fields} - told == set()


@pytest.mark.parametrize("page", EVERY)
def test_no_page_names_a_setting_that_does_not_exist(page):
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    tests_only = {"JUCUN_TEST_DATABASE_URL", "JUCUN_TEST_REDIS_URL", "JUCUN_TEST_CHROMIUM"}
    told = {name.removesuffix("_FILE") for name in re.findall(r"JUCUN_[A-Z_]+\b", text_of(page))}
    assert {name for name in told if {name, f"{name}_FILE"}.isdisjoint(known | tests_only)} == set()


def test_every_problem_is_a_chinese_sentence():
    assert {code for code, (_, title) in CODES.items() if not CHINESE.search(title)} == set()
    assert {
        code for code, (_, title) in CODES.items() if title.strip()[-1] not in "。？！"
    } == set()


def test_every_verb_has_a_chinese_label():
    assert {verb for verb, label in VERBS.items() if not CHINESE.search(label)} == set()
    assert {e.verb for e in ENDPOINTS if e.verb} <= VERBS.keys()


@pytest.mark.parametrize("page", EVERY)
def test_every_path_and_name_exists(page):
    """`a/b.py` is there; `a/b.py:name` is there and has the name; a pattern finds something."""
    wrong = []
    for said in quoted(page):
        path, _, name = said.partition(":")
        if "/" not in path or path.startswith(ELSEWHERE) or re.search(r"[<{$ =,@…]|\.\./", path):
            continue
        if path.split("/")[0] not in {here.name for here in ROOT.iterdir()}:
            continue  # not of this tree: a URL's path, a call of another system
        found = list(ROOT.glob(path.rstrip("/")))
        if not found or (name and not re.search(rf"\b{name}\b", found[0].read_text("utf-8"))):
            wrong.append(said)
    assert wrong == []


@pytest.mark.parametrize("page", EVERY)
def test_every_link_leads_somewhere(page):
    folder, text = (ROOT / page).parent, FENCED.sub("", text_of(page))
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", text):
        path, _, anchor = (link[0] or link[1]).partition("#")
        if "://" in path:
            continue
        target = folder / path if path else ROOT / page
        if not target.exists():
            wrong.append(path)
        elif anchor and anchor not in anchors(target.relative_to(ROOT)):
            wrong.append(f"{path}#{anchor}")
    assert wrong == []


@pytest.mark.parametrize("page", EVERY)
def test_every_command_exists(page):
    used = re.findall(r"\./jucun ([a-z]+)(?: ([a-z]+))?", text_of(page))
    groups = {name: getattr(command, "commands", {}) for name, command in COMMANDS.items()}
    assert {first for first, _ in used} <= COMMANDS.keys()
    assert {second for first, second in used if first == "check" and second} <= groups[
        "check"
    ].keys()


def test_both_readmes_show_the_same():
    """What can be typed, clicked or set stands in both, in the same order."""
    blocks = [
        re.sub(r"#.*", "", "\n".join(FENCED.findall(text_of(p)))).split() for p in OUTSIDE[:2]
    ]
    assert blocks[0] == blocks[1]
    names = [re.findall(r"`(JUCUN_[A-Z_]+|[a-z]+\.[a-z]+)`", text_of(p)) for p in OUTSIDE[:2]]
    assert names[0] == names[1]


def test_decisions_are_short_and_listed():
    index = text_of("docs/decisions/README.md")
    for name in DECISIONS:
        text = text_of(f"docs/decisions/{name}")
        title = text.splitlines()[0].removeprefix("# ")
        assert len(text.splitlines()) <= 30, name
        assert f"[{name[:4]}]({name}) | {title[5:]} |" in index
        assert title.startswith(name[:4]) and "**Consequences.**" in text


def test_nothing_committed_knows_a_machine_or_a_registry():
    machine = r"(?<![\w.])/(?:root|home/\w|Users/\w|work/main|work/shared|tmp/jucun)\b"
    registry = r"pypi\.org|pythonhosted\.org|npmjs\.org|npmmirror\.com|/simple(?=/)"
    registry += r"|\"resolved\": \"http|(?:index-url|registry) ?= ?http"
    found = re.compile(f"{machine}|{registry}")
    assert [f"{path}: {hit[0]}" for path, text in committed() if (hit := found.search(text))] == []
