"""Which font files the styles of a document are made of, and where they lie.

The open fonts come from npm (`npm ci` in templates/fonts); rare characters from Debian's font
packages (fonts-babelstone-han, fonts-hanazono) where the machine has them.
"""

import string
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from backend.engine.pdf.glyphs.face import open_face
from backend.engine.pdf.glyphs.typeface import Typeface

Style = Literal["hei", "hei-bold", "song", "song-bold"]

FILES = {
    "sans": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "sans-bold": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "serif": "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "serif-bold": "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    "latin": "@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf",
}
OWN_FACE: dict[Style, str] = {
    "hei": "sans",
    "hei-bold": "sans-bold",
    "song": "serif",
    "song-bold": "serif-bold",
}
DEBIAN_FONTS = Path("/usr/share/fonts/truetype")
RARE = (
    DEBIAN_FONTS / "babelstone" / "BabelStoneHan.ttf",
    DEBIAN_FONTS / "hanazono" / "HanaMinA.ttf",
    DEBIAN_FONTS / "hanazono" / "HanaMinB.ttf",
)
LATIN = 1  # its place in every chain
# Noto's dash leaves a gap in ——; its Song digits differ in width, so figures would not line up.
PREFER_ALWAYS = {"—": LATIN}
PREFER_IN_SONG = dict.fromkeys(string.digits + string.ascii_letters + "!#$%&*+,-./:;<=>?@_~", LATIN)


class FontsMissingError(FileNotFoundError):
    """Font files that every document needs are not there."""


@dataclass(frozen=True)
class Fonts:
    """The fonts under `folder` (a node_modules). Opens nothing until a document needs it."""

    folder: Path
    rare: tuple[Path, ...] = field(default=RARE)

    def missing_files(self) -> list[Path]:
        """Files of the required fonts that do not exist: empty when all is well."""
        return [path for name in FILES if not (path := self.folder / FILES[name]).is_file()]

    def typeface(self, style: Style) -> Typeface:
        """The chain of faces for a style; raises FontsMissingError when a file is not there."""
        missing = self.missing_files()
        if missing:
            raise FontsMissingError(f"font files are missing, run npm ci for them: {missing}")
        return _typeface(self.folder, self.rare, style)


@lru_cache(maxsize=16)
def _typeface(folder: Path, rare: tuple[Path, ...], style: Style) -> Typeface:
    own = OWN_FACE[style]
    other = "serif" if own.startswith("sans") else "sans"
    files = [folder / FILES[name] for name in (own, "latin", other)]
    faces = [open_face(path) for path in (*files, *(path for path in rare if path.is_file()))]
    return Typeface(faces, PREFER_ALWAYS | (PREFER_IN_SONG if style == "song" else {}))
