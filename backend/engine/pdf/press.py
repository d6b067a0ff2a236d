"""What every printing needs besides the paper itself: fonts and look. Small, and can be pickled."""

from dataclasses import dataclass
from pathlib import Path

from backend.engine.pdf.fonts import Fonts
from backend.engine.pdf.look import Look, load_look


@dataclass(frozen=True)
class Press:
    """Fonts and look; opens no font until something is printed."""

    fonts: Fonts
    look: Look


def set_up(templates: Path) -> Press:
    """The press from the templates folder: documents/paper.yaml and fonts/node_modules."""
    fonts = Fonts(templates / "fonts" / "node_modules")
    return Press(fonts, load_look(templates / "documents" / "paper.yaml"))
