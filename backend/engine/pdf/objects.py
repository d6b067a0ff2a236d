"""PDF objects and the file they make: the only module that touches reportlab (its object writer).

Streams are compressed when they are made, so that a long document holds compressed pages only.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reportlab.pdfbase import pdfdoc as _untyped

pdfdoc: Any = _untyped
CREATOR = "居村通 Jucun"
LANGUAGE = "zh-CN"
PDF_VERSION = (1, 7)


@dataclass(frozen=True)
class Meta:
    """What the file says about itself. `trace_id` names this very copy in the download log."""

    title: str
    author: str = ""
    subject: str = ""
    keywords: str = ""
    made_at: datetime | None = None
    trace_id: str = ""


def dictionary(**entries: object) -> Any:
    """A PDF dictionary; strings are written as they stand, so names carry their slash."""
    return pdfdoc.PDFDictionary(entries)


def array(*items: object) -> Any:
    return pdfdoc.PDFArrayCompact(items)


def stream(content: bytes, level: int = 6, **entries: object) -> Any:
    """A compressed stream with further entries in its dictionary."""
    made = dictionary(Filter="/FlateDecode", **entries)
    return pdfdoc.PDFStream(dictionary=made, content=zlib.compress(content, level))


def jpeg_stream(jpeg: bytes, **entries: object) -> Any:
    """A picture whose bytes are a JPEG already."""
    return pdfdoc.PDFStream(dictionary=dictionary(Filter="/DCTDecode", **entries), content=jpeg)


class ObjectFile:
    """Numbered objects, pages in order, and at the end the bytes of the file."""

    def __init__(self, meta: Meta) -> None:
        self._document = pdfdoc.PDFDocument(
            compression=0, invariant=1, pdfVersion=PDF_VERSION, lang=LANGUAGE
        )
        self._document.info = _Info(meta)
        catalog = self._document.Catalog
        catalog.ViewerPreferences = pdfdoc.ViewerPreferencesPDFDictionary()
        catalog.ViewerPreferences["DisplayDocTitle"] = "true"
        self.pages = 0

    def add(self, thing: Any, name: str | None = None) -> Any:
        """Number an object; the reference to it comes back."""
        return self._document.Reference(thing, name)

    def refer(self, name: str) -> Any:
        """A reference to a named object that may be added later."""
        return pdfdoc.PDFObjectReference(name)

    def add_page(self, width: float, height: float, content: bytes, resources: Any) -> None:
        """One page of this size in points, its content compressed at once."""
        page = pdfdoc.PDFPage()
        page.MediaBox = array(0, 0, width, height)
        page.Contents = stream(content)
        page.Resources = resources
        self._document.updateSignature(content)
        self._document.addPage(page)
        self.pages += 1

    def to_bytes(self) -> bytes:
        """The whole file; once."""
        data = self._document.GetPDFData(None)
        return bytes(data)


def _stamp(at: datetime) -> str:
    """D:20261123100500+08'00'."""
    zone = f"{at:%z}"
    return f"D:{at:%Y%m%d%H%M%S}" + (f"{zone[:3]}'{zone[3:5]}'" if zone else "")


class _Info(pdfdoc.PDFInfo):  # type: ignore[misc]
    """The document information with our own entries; without a date when none is given."""

    def __init__(self, meta: Meta) -> None:
        super().__init__()
        self.meta = meta
        self.title, self.author = meta.title, meta.author
        self.subject, self.keywords = meta.subject, meta.keywords

    def format(self, document: Any) -> bytes:
        texts = {
            "Title": self.meta.title,
            "Author": self.meta.author,
            "Subject": self.meta.subject,
            "Keywords": self.meta.keywords,
            "Creator": CREATOR,
            "Producer": CREATOR,
            "TraceId": self.meta.trace_id,
        }
        if self.meta.made_at is not None:
            texts["CreationDate"] = texts["ModDate"] = _stamp(self.meta.made_at)
        entries = {key: pdfdoc.PDFString(text) for key, text in texts.items() if text}
        return bytes(pdfdoc.PDFDictionary(entries).format(document))
