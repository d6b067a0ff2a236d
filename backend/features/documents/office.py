"""What this slice needs of the process: fonts, look and words; a port that app.py hands in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from backend.engine.pdf.press import Press, set_up
from backend.features.documents.wording import Wording


@dataclass(frozen=True)
class Office:
    """The printing office: the press, and the words that documents use."""

    press: Press
    words: Wording

    @classmethod
    def open(cls, templates: Path) -> Self:
        """From the templates folder; opens no font yet."""
        return cls(set_up(templates), Wording.read(templates / "documents" / "words.yaml"))
