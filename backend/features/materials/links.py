"""Addresses of pictures for <img>, which cannot send a bearer token.

The address itself says for which session it was made and until when, and carries our MAC. It
lives as long as its session does, but twenty minutes at most; within ten minutes it stays the
same, so a browser keeps the picture.
"""

import base64
from dataclasses import dataclass
from uuid import UUID

from backend.core import clock, crypto, problems
from backend.features.materials.shapes import FileLink

SLOT = 600  # seconds
_MAC = 12
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Pass:
    """Whose eyes an address is for. No session: made by the system for a signed-in reader.

    `wide`: they see it as part of a record, wherever it was taken.
    """

    session: UUID | None
    wide: bool = False


def link(material: UUID, session: UUID | None, *, wide: bool = False) -> FileLink:
    """Fresh addresses of a picture that this session may see."""
    until = int(clock.now().timestamp()) // SLOT + 2
    body = until.to_bytes(4, "big") + (session or _NOBODY).bytes + bytes([wide])
    signature = base64.urlsafe_b64encode(body + _mac(material, body)).decode().rstrip("=")
    url = f"/api/files/{material}/{signature}"
    return FileLink(id=material, url=url, thumb_url=f"{url}?size=thumb")


def read(material: UUID, signature: str) -> Pass:
    """The pass in an address of ours. Problems: not found when forged, over when too old."""
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        raise problems.not_found(kind="图片") from None
    body, mac = raw[:-_MAC], raw[-_MAC:]
    if len(body) != 21 or not crypto.same(mac, _mac(material, body)):
        raise problems.not_found(kind="图片")
    if int.from_bytes(body[:4], "big") * SLOT < clock.now().timestamp():
        raise problems.file_link_over()
    session = UUID(bytes=body[4:20])
    return Pass(None if session == _NOBODY else session, wide=bool(body[20]))


def _mac(material: UUID, body: bytes) -> bytes:
    return crypto.mac("file-link", material.bytes, body)[:_MAC]
