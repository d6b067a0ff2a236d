"""What a feed is: streams of rows, where each of their columns goes, and how to ask for them.

Definitions stand in `forms/feeds/*.yaml`; addresses and secrets of the systems behind them stand in
the settings' feeds file, which is never committed. A stream fills a register, whose form names its
fields, or becomes what `forms/feeds/rows/*.yaml` describe: orders, devices, alarms.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from backend.core.access import SYSTEM
from backend.engine.form.definition import Field, FormDef
from backend.engine.form.read_form import Dictionary, read_fields
from backend.engine.form.yaml_nodes import Mistake, Page, Table
from backend.features.catalogue.catalogue import Catalogue, Mistaken

_PLACES = ("committee", "street", "grid", "road", "building", "house")
REFS = (*_PLACES, "household", "household_kind", "device")

Rows = Mapping[str, Mapping[str, Field]]
"""Kinds of rows that fill no register, each with its fields by key."""


@dataclass(frozen=True, slots=True)
class Column:
    """One of their columns and the element it becomes; `codes` reads every word of a code list.

    `fixed` is what all rows of the stream say without a column of their own.
    """

    source: str
    field: Field
    required: bool
    codes: Mapping[str, str]
    fixed: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """Rows of one kind: their path, their keys, and what they become (R1, order, alarm)."""

    key: str
    title: str
    becomes: str
    form: FormDef | None  # of the register they fill
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
class Push:
    """What the system may push to us: rows of one stream, at a dotted path of the body."""

    stream: str
    rows: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A source that is pulled as one: its streams in order, and the feed that must come first.

    `often`: asked every few minutes, so that a run that brings nothing leaves no trace.
    """

    key: str
    title: str
    label: str  # data_src of what comes by it: 公安返还
    system: str
    sign: str  # token or hmac
    after: str | None
    often: bool
    push: Push | None
    answers: Answers
    streams: tuple[Stream, ...]

    def stream(self, key: str) -> Stream:
        return next(stream for stream in self.streams if stream.key == key)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a system answers and as whom we ask; what it pushes is signed with the same secret.

    `area` is the place whose system it is: what it cannot place itself goes there.
    """

    url: str
    client: str
    secret: str
    token_path: str = "/oauth/token"
    area: str = SYSTEM.area


def read_feeds(folders: Sequence[Path], catalogue: Catalogue) -> dict[str, Feed]:
    """All feeds by key; raises Mistaken with every mistake, its file and line."""
    mistakes: list[Mistake] = []
    feeds: dict[str, Feed] = {}
    rows = {}
    for top in _tops(folders, "feeds/rows", mistakes):
        kind, fields = _row_fields(top, catalogue)
        rows[kind] = fields
    for top in _tops(folders, "feeds", mistakes):
        feed = _feed(top, catalogue, rows)
        feeds[feed.key] = feed
    for feed in feeds.values():
        if feed.after is not None and feed.after not in feeds:
            mistakes.append(Mistake("feeds", 1, f"unknown feed {feed.after}", "a key of a feed"))
    if mistakes:
        raise Mistaken("\n".join(str(mistake) for mistake in sorted(mistakes)))
    return feeds


def _tops(folders: Sequence[Path], below: str, mistakes: list[Mistake]) -> Iterator[Table]:
    for folder in folders:
        for path in sorted((folder / below).glob("*.yaml")):
            page = Page(f"{folder.name}/{below}/{path.name}", mistakes)
            if (top := page.compose(path.read_text(encoding="utf-8"))) is not None:
                yield top


def _row_fields(top: Table, catalogue: Catalogue) -> tuple[str, dict[str, Field]]:
    top.allow("kind", "title", "fields")
    fields = read_fields(top, Dictionary(catalogue.elements, catalogue.lists))
    return top.text("kind"), {field.key: field for field in fields}


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


_FEED = ("key", "title", "label", "system", "sign", "after", "often", "push", "answers", "streams")
_STREAM = ("key", "title", "register", "becomes", "path", "id", "as_of", "refs", "fields")


def _feed(top: Table, catalogue: Catalogue, rows: Rows) -> Feed:
    top.allow(*_FEED)
    streams = tuple(_stream(table, catalogue, rows) for table in top.tables("streams", *_STREAM))
    return Feed(
        key=top.text("key"),
        title=top.text("title"),
        label=top.text("label"),
        system=top.text("system"),
        sign=top.choice("sign", ("token", "hmac")),
        after=top.maybe("after"),
        often=top.flag("often"),
        push=_push(top, [stream.key for stream in streams]),
        answers=_answers(top),
        streams=streams,
    )


def _push(top: Table, streams: Sequence[str]) -> Push | None:
    table = top.table("push", "stream", "rows")
    if table is None:
        return None
    return Push(table.choice("stream", streams), table.text("rows"))


_SHAPE = ("cursor_as", "size_as", "size", "ok", "message", "rows", "cursor", "more")


def _answers(top: Table) -> Answers:
    table = top.table("answers", *_SHAPE)
    if table is None:
        top.wrong("answers", "answers is missing", "`answers: {rows: data.list, …}`")
        return Answers("", "", 1, ("", ""), "", "", "", "")
    path, _, value = table.text("ok").partition("=")
    texts = {name: table.text(name) for name in _SHAPE if name not in ("ok", "size")}
    return Answers(ok=(path.strip(), value.strip()), size=table.whole("size", 200), **texts)


def _stream(table: Table, catalogue: Catalogue, rows: Rows) -> Stream:
    becomes, form, known = _kind(table, catalogue, rows)
    refs = table.table("refs", *REFS)
    fields = table.table("fields")
    if fields is None:
        table.wrong("fields", "fields is missing", "`fields: {name: {from: xm}}`")
    elif known is not None:
        columns = dict(_columns(fields, becomes, known))
        named = {name: refs.text(name) for name in refs.names()} if refs else {}
        return Stream(
            key=table.text("key"),
            title=table.text("title"),
            becomes=becomes,
            form=form,
            path=table.text("path"),
            row_id=table.text("id"),
            as_of=table.text("as_of"),
            refs=named,
            columns=columns,
            version=_version(columns, named),
        )
    raise Mistaken("\n".join(str(mistake) for mistake in table.page.mistakes))


def _kind(
    table: Table, catalogue: Catalogue, rows: Rows
) -> tuple[str, FormDef | None, Mapping[str, Field] | None]:
    """What the rows of a stream become, its form if it is a register, and its fields."""
    if "becomes" in table:
        kind = table.text("becomes")
        if kind not in rows:
            table.wrong("becomes", f"unknown kind of rows {kind}", "one of " + ", ".join(rows))
        return kind, None, rows.get(kind)
    form = catalogue.forms.get(table.text("register"))
    if form is None:
        table.wrong("register", "unknown register", "one of " + ", ".join(catalogue.forms))
        return "", None, None
    return form.code, form, {field.key: field for field in form.fields}


def _version(columns: Mapping[str, Column], refs: Mapping[str, str]) -> bytes:
    parts = [repr(sorted(refs.items()))]
    for key, column in sorted(columns.items()):
        parts.append(repr((key, column.source, column.required, sorted(column.codes.items()))))
        parts += [column.fixed] if column.fixed is not None else []
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).digest()


def _columns(fields: Table, kind: str, known: Mapping[str, Field]) -> Iterator[tuple[str, Column]]:
    for key in fields.names():
        field = known.get(key)
        table = fields.table(key, "from", "is", "required", "codes")
        if field is None:
            fields.wrong(key, f"{kind} has no field {key}", "a field of the register")
        elif table is None:
            fields.wrong(key, f"{key} is no table", f"`{key}: {{from: …}}`")
        elif "is" in table:
            yield key, Column("", field, False, _codes(table, field), table.text("is"))
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
