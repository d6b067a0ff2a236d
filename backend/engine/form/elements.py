"""The data dictionary: elements (数据元), code lists and where values come from."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from backend.engine.rules.language import Ast

FieldType: TypeAlias = Literal[
    "text",
    "integer",
    "decimal",
    "money",
    "date",
    "datetime",
    "year",
    "code",
    "codes",
    "bool",
    "phone",
    "tel",
    "id_no",
    "address",
    "coord",
    "photos",
    "files",
    "table",
    "ref",
    "refs",
    "range",
]
SourceKind: TypeAlias = Literal["typed", "prefilled", "computed", "fed", "system", "ledger"]
FormKind: TypeAlias = Literal["register", "ledger", "report", "form"]

# Free text and whatever points at a person (a `ref` may be a name); codes, dates and numbers stay
# countable.
SEALABLE: frozenset[str] = frozenset(
    {
        "text",
        "phone",
        "tel",
        "id_no",
        "address",
        "coord",
        "photos",
        "files",
        "table",
        "ref",
        "refs",
    }
)
SEALED_FROM_LEVEL = 3


class Definition(BaseModel):
    """Frozen, and no key passes that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Expression(Definition):
    """A rule as its author wrote it and as it is evaluated."""

    text: str
    ast: Ast


class Code(Definition):
    """One entry of a code list; synonyms are what departments and old tables write instead."""

    code: str
    label: str
    synonyms: tuple[str, ...] = ()


class CodeList(Definition):
    """A code list with the standard it follows and how sure its text is."""

    key: str
    title: str
    standard: str
    status: str
    codes: tuple[Code, ...]

    def read(self, text: str) -> str | None:
        """The code for a code, a label or a synonym as found in the wild; None when unknown."""
        for entry in self.codes:
            if text in (entry.code, entry.label) or text in entry.synonyms:
                return entry.code
        return None


class Source(Definition):
    """Where a value comes from: `of` names a register, a ledger, a department or the inputs."""

    kind: SourceKind
    of: str = ""


class Element(Definition):
    """A shared datum (数据元). `fresh_days`: how long a value is reused unasked; None: for good."""

    key: str
    label: str
    synonyms: tuple[str, ...]
    type: FieldType
    unit: str | None = None
    min: float | None = None
    max: int | None = None
    code_list: str | None = None
    standard: str | None = None
    level: int
    sensitivity: str = ""
    sealed: bool
    owner: str
    fresh_days: int | None = None
    ref: str | None = None
