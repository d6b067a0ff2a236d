"""Files on their way in or out, as plain values: use cases handle these and know no HTTP."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sent, wholly read and within the size limit of its endpoint."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be handed out. `name` is what the reader sees; `inline` opens it in the browser."""

    name: str
    media_type: str
    body: bytes
    inline: bool = False
    cache_seconds: int = 0
