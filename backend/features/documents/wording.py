"""The words of documents, read from templates/documents/words.yaml and checked at start-up."""

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Notes(_Part):
    draft: str
    sealed: str
    changed: str
    merged: str
    sum: str


class Summary(_Part):
    committee: str
    state: str


class Findings(_Part):
    """The quarter's list of what experience officers found."""

    title: str
    index: str
    scene: str
    summary: str
    area: str
    decision: str
    result: str
    judged: str
    draft: str
    received: str
    decided: str
    done: str
    scores: str
    nothing: str


class Wording(_Part):
    """Every sentence and label that a document adds to what was gathered."""

    watermark: str
    footer: str
    file: str
    since: str
    until: str
    index: str
    standing: str
    corrected: str
    reversal: str
    pictures: str
    unknown: str
    changed: str
    signed: dict[str, str]
    signed_on: tuple[str, ...]
    notes: Notes
    summary: Summary
    findings: Findings

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
