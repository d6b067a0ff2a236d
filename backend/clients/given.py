"""What the files with neighbours' addresses and secrets have in common: frozen, nothing unknown,
and any value may be a file of its own (`secret_file: /run/secrets/x`)."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("an address starts with https:// (or http:// for a sandbox)")
    return text.rstrip("/")


Address = Annotated[str, AfterValidator(_web_address)]


class Given(BaseModel):
    """One part of such a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: Any) -> Any:
        """`token_file: path` stands for `token`, as with Docker secrets."""
        if not isinstance(given, dict):
            return given
        values = dict(given)
        for name in [name for name in given if name.endswith("_file")]:
            path = Path(str(values.pop(name)))
            if not path.is_file():
                raise ValueError(f"{name}: there is no file {path}")
            values[name.removesuffix("_file")] = path.read_text(encoding="utf-8").strip()
        return values
