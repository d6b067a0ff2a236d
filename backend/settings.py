"""One frozen model of everything a deployment decides, read once from the environment.

Nobody else reads the environment. Any variable may be given as a file instead, by the same name
with `_FILE` (Docker secrets): JUCUN_DATABASE_URL_FILE.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HOME = Path(__file__).resolve().parent.parent
PREFIX = "JUCUN_"


class Settings(BaseSettings):
    """The settings; every field is the variable JUCUN_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    env: Literal["demo", "test", "production"] = "demo"
    database_url: SecretStr | None = Field(
        None, description="postgresql://… ; without it the embedded PostgreSQL in var/ is used"
    )
    redis_url: SecretStr | None = Field(
        None, description="redis://… ; without it a substitute inside the process"
    )
    files_url: str | None = Field(
        None, description="s3://bucket?endpoint=… ; without it the folder var/files"
    )
    files_key: SecretStr | None = Field(None, description="access key id of the object store")
    files_secret: SecretStr | None = Field(None, description="secret key of the object store")
    var: Path = Field(HOME / "var", description="folder for everything the demo keeps")
    listen: str = Field("127.0.0.1:8080", description="host:port of the server")
    public_url: str | None = Field(
        None, description="the address people use, for sign-on redirects and links in messages"
    )
    processes: int = Field(1, ge=1, le=64, description="server processes; one per core")
    pool: int = Field(10, ge=2, le=100, description="database connections per process")
    hands: int = Field(4, ge=1, le=64, description="jobs a worker runs side by side")
    keys_file: Path | None = Field(None, description="JSON key ring; required in production")
    corps_file: Path | None = Field(None, description="YAML of the WeCom corps")
    feeds_file: Path | None = Field(None, description="YAML of the street feeds' addresses")
    forms_extra: tuple[Path, ...] = Field((), description="further folders with form definitions")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    trusted_proxies: int = Field(0, ge=0, le=5, description="reverse proxies in front of us")

    @field_validator("var", "keys_file", "corps_file", "feeds_file")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().resolve() if path else path

    @cached_property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host or "127.0.0.1", int(port)

    @property
    def url(self) -> str:
        """The address people use."""
        return (self.public_url or f"http://{self.listen}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people come by HTTPS, so cookies may insist on it."""
        return self.url.startswith("https://")


def read() -> Settings:
    """The settings of this process: environment first, then the `_FILE` variables."""
    given: dict[str, Any] = {}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        file = os.environ.get(variable + "_FILE")
        # keys_file, corps_file and feeds_file are themselves names of files
        if file and variable not in os.environ:
            given[name] = Path(file).read_text(encoding="utf-8").strip()
    return Settings(**given)
