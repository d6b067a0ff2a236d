"""Where pictures and other files lie: a folder, or an S3-compatible store, behind four verbs.

obstore's synchronous calls run in threads: its asynchronous ones abort the interpreter at exit
now and then, and a store must not outlive a fork, so it is opened at the first use.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, S3Store

from backend.core import problems

log = structlog.get_logger(__name__)

T = TypeVar("T")
Store = LocalStore | MemoryStore | S3Store

_TIMES = {"connect_timeout": "3s", "timeout": "20s"}
_RETRIES: Any = {"max_retries": 2}  # nobody waits for minutes with a picture in hand


class Files:
    """Files by name (`area/id/full.jpg`). A store that is away is a 503, nothing else is."""

    def __init__(self, url: str | None, folder: Path, key: str = "", secret: str = "") -> None:
        self._url, self._folder, self._key, self._secret = url, folder, key, secret
        if url is not None and not url.startswith(("s3://", "memory://")):
            raise ValueError("JUCUN_FILES_URL begins with s3:// ; without it a folder is used")

    @cached_property
    def _store(self) -> Store:
        if self._url is None:
            return LocalStore(prefix=self._folder, mkdir=True)
        if self._url.startswith("memory://"):
            return MemoryStore()
        return _s3(self._url, self._key, self._secret)

    async def put(self, name: str, body: bytes) -> None:
        """Store the whole file; one of the same name is replaced."""
        await self._call(lambda store: obstore.put(store, name, body, use_multipart=False))

    async def get(self, name: str) -> bytes:
        """The whole file. Raises FileNotFoundError."""
        return await self._call(lambda store: bytes(obstore.get(store, name).bytes()))

    async def exists(self, name: str) -> bool:
        try:
            await self._call(lambda store: obstore.head(store, name))
        except FileNotFoundError:
            return False
        return True

    async def delete(self, *names: str) -> None:
        """Remove files; those that are not there are no error."""
        for name in names:
            with suppress(FileNotFoundError):
                await self._call(partial(obstore.delete, paths=name))

    async def _call(self, run: Callable[[Store], T]) -> T:
        try:
            return await asyncio.to_thread(lambda: run(self._store))
        except (NotFoundError, FileNotFoundError):
            raise FileNotFoundError from None
        except (BaseError, OSError) as error:
            log.error("file store away", kind=type(error).__name__, error=str(error)[:500])
            raise problems.files_away(retry_after=10) from None


def _s3(url: str, key: str, secret: str) -> S3Store:
    """`s3://bucket/prefix?endpoint=https://…&region=…` → a store."""
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint = options.get("endpoint")
    client: Any = _TIMES | {"allow_http": (endpoint or "").startswith("http://")}
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        region=options.get("region", "us-east-1"),
        access_key_id=key or None,
        secret_access_key=secret or None,
        endpoint=endpoint,
        virtual_hosted_style_request=not endpoint,
        client_options=client,
        retry_config=_RETRIES,
    )
