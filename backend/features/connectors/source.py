"""What a feed is: streams of rows, where each of their columns goes, and how to ask for them.

Definitions stand in `forms/feeds/*.yaml`; addresses and secrets of the systems behind them stand in
the settings' feeds file, which is never committed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from backend.engine.form.definition import Field, FormDef
from backend.engine.form.yaml_nodes import Mistake, Page, Table
from backend.features.catalogue.catalogue import Catalogue, Mistaken

REFS = ("committee", "grid", "road", "building", "house", "household", "household_kind")


@dataclass(frozen=True, slots=True)
class Column:
    """One of their columns and the element it becomes; `codes` reads every word of a code list."""

    source: str
    field: Field
    required: bool
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stream:
    """Rows of one kind: their path, their keys, and the register they fill."""

    key: str
    title: str
    form: FormDef
    path: str
    row_id: str
    as_of: str
    refs: Mapping[str, str]
    columns: Mapping[str, Column]
    version: bytes  # changes with the definition: then all rows are taken anew


@dataclass(frozen=True, slots=True)
class Answers:
    """How the system's answers are shaped: dotted paths into the JSON, names of the parameters."""

    cursor_as: str
    size_as: str
    size: int
    ok: tuple[str, str]  # path and the text that means success
    message: str
    rows: str
    cursor: str
    more: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A source that is pulled as one: its streams in order, and the feed that must come first."""

    key: str
    title: str
    label: str  # data_src of what comes by it: 公安返还
    system: str
    sign: str  # token or hmac
    after: str | None
    answers: Answers
    streams: tuple[Stream, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a system answers and as whom we ask."""

    url: str
    client: str
    secret: str
    token_path: str = "/oauth/token"


def read_feeds(folders: Sequence[Path], catalogue: Catalogue) -> dict[str, Feed]:
    """All feeds by key; raises Mistaken with every mistake, its file and line."""
    mistakes: list[Mistake] = []
    feeds: dict[str, Feed] = {}
    for folder in folders:
        for path in sorted((folder / "feeds").glob("*.yaml")):
            page = Page(f"{folder.name}/feeds/{path.name}", mistakes)
            text = path.read_text(encoding="utf-8")
            if (top := page.compose(text)) is not None:
                feed = _feed(top, catalogue)
                feeds[feed.key] = feed
    for feed in feeds.values():
        if feed.after is not None and feed.after not in feeds:
            mistakes.append(Mistake("feeds", 1, f"unknown feed {feed.after}", "a key of a feed"))
    if mistakes:
        raise Mistaken("\n".join(str(mistake) for mistake in sorted(mistakes)))
    return feeds


def read_addresses(path: Path | None) -> dict[str, Address]:
    """The feeds file: system → url, client, secret. Without a file no system has an address."""
    if path is None or not path.exists():
        return {}
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    try:
        return {system: Address(**given) for system, given in raw.items()}
    except (AttributeError, TypeError) as error:
        wrong = f"{path.name}: each system needs url, client and secret ({error})"
        raise ValueError(wrong) from None


def _feed(top: Table, catalogue: Catalogue) -> Feed:
    top.allow("key", "title", "label", "system", "sign", "after", "answers", "streams")
    streams = top.tables(
        "streams", "key", "title", "register", "path", "id", "as_of", "refs", "fields"
    )
    return Feed(
        key=top.text("key"),
        title=top.text("title"),
        label=top.text("label"),
        system=top.text("system"),
        sign=top.choice("sign", ("token", "hmac")),
        after=top.maybe("after"),
        answers=_answers(top),
        streams=tuple(_stream(table, catalogue) for table in streams),
    )


_SHAPE = ("cursor_as", "size_as", "size", "ok", "message", "rows", "cursor", "more")


def _answers(top: Table) -> Answers:
    table = top.table("answers", *_SHAPE)
    if table is None:
        top.wrong("answers", "answers is missing", "`answers: {rows: data.list, …}`")
        return Answers("", "", 1, ("", ""), "", "", "", "")
    path, _, value = table.text("ok").partition("=")
    texts = {name: table.text(name) for name in _SHAPE if name not in ("ok", "size")}
    return Answers(ok=(path.strip(), value.strip()), size=table.whole("size", 200), **texts)


def _stream(table: Table, catalogue: Catalogue) -> Stream:
    form = catalogue.forms.get(table.text("register"))
    refs = table.table("refs", *REFS)
    fields = table.table("fields")
    if form is None:
        table.wrong("register", "unknown register", "one of " + ", ".join(catalogue.forms))
    elif fields is None:
        table.wrong("fields", "fields is missing", "`fields: {name: {from: xm}}`")
    else:
        columns = dict(_columns(fields, form))
        named = {name: refs.text(name) for name in refs.names()} if refs else {}
        return Stream(
            key=table.text("key"),
            title=table.text("title"),
            form=form,
            path=table.text("path"),
            row_id=table.text("id"),
            as_of=table.text("as_of"),
            refs=named,
            columns=columns,
            version=_version(columns, named),
        )
    raise Mistaken("\n".join(str(mistake) for mistake in table.page.mistakes))


def _version(columns: Mapping[str, Column], refs: Mapping[str, str]) -> bytes:
    parts = [repr(sorted(refs.items()))]
    for key, column in sorted(columns.items()):
        parts.append(repr((key, column.source, column.required, sorted(column.codes.items()))))
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).digest()


def _columns(fields: Table, form: FormDef) -> Iterator[tuple[str, Column]]:
    for key in fields.names():
        field = form.field(key)
        table = fields.table(key, "from", "required", "codes")
        if field is None:
            fields.wrong(key, f"{form.code} has no field {key}", "a field of the register")
        elif table is None:
            fields.wrong(key, f"{key} is no table", f"`{key}: {{from: …}}`")
        else:
            yield (
                key,
                Column(table.text("from"), field, table.flag("required"), _codes(table, field)),
            )


def _codes(table: Table, field: Field) -> dict[str, str]:
    """Every word that stands for a code: the list's own, its synonyms, and what only they say."""
    codes: dict[str, str] = {}
    for code in field.codes or ():
        codes |= dict.fromkeys((*code.synonyms, code.label, code.code), code.code)
    given = table.table("codes")
    for word in given.names() if given else ():
        codes[word] = given.text(word) if given else ""
        if given and field.codes and codes[word] not in {code.code for code in field.codes}:
            known = ", ".join(code.code for code in field.codes)
            given.wrong(word, f"{field.key} has no code {codes[word]}", f"one of {known}")
    return codes
