"""Sealing, blind indexes and MACs with SM4 and SM3; the only importer of `cryptography`.

A sealed value is SM4-CTR then HMAC-SM3 over it (encrypt-then-MAC), bound to table, column and
row so that ciphertexts cannot be moved (GB/T 39786 存储机密性). Keys are derived per column
from a master key whose id stands in the token, so keys can be rotated. Blind indexes and MACs
hang on one master key that never changes: they are compared, not opened.
"""

import base64
import hmac as _compare
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from threading import Lock
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hmac import HMAC

NONCE, TAG = 16, 16


class Broken(ValueError):
    """A sealed value that does not belong here: moved, altered, or sealed by an unknown key."""


@dataclass(frozen=True)
class Keys:
    """Master keys by id; `active` seals, the others still open; `index` is for blind indexes."""

    active: str
    masters: dict[str, bytes]
    index: str

    @classmethod
    def read(cls, path: Path) -> "Keys":
        """From a JSON file `{"active": id, "index": id, "keys": {id: base64 of 32 bytes}}`."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            masters = {k: base64.b64decode(text, validate=True) for k, text in raw["keys"].items()}
            keys = cls(raw["active"], masters, raw["index"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name} is not a key ring: {type(error).__name__}") from None
        if {keys.active, keys.index} - masters.keys() or {len(m) for m in masters.values()} != {32}:
            raise ValueError(f"{path.name}: needs an active id, an index id, keys of 32 bytes each")
        return keys

    @classmethod
    def fresh(cls) -> "Keys":
        return cls("k1", {"k1": secrets.token_bytes(32)}, "k1")

    def rotated(self) -> "Keys":
        """The ring with a new key that seals from now on; what the old ones sealed still opens."""
        name = next(k for n in count(1) if (k := f"k{n}") not in self.masters)
        return Keys(name, self.masters | {name: secrets.token_bytes(32)}, self.index)

    def write(self, path: Path) -> None:
        """Readable by us only, and whole or not at all."""
        keys = {key: base64.b64encode(master).decode() for key, master in self.masters.items()}
        body = json.dumps({"active": self.active, "index": self.index, "keys": keys}, indent=1)
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        with open(draft, "x", opener=_private, encoding="utf-8") as file:
            file.write(body)
        draft.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


_ring: list[Keys] = []


def use(keys: Keys) -> None:
    """The key ring of this process, given once by the composition root."""
    _ring[:] = [keys]
    for cache in (_sealer, _blinder, _derived):
        cache.cache_clear()


def sm3(*parts: bytes) -> bytes:
    """SM3 digest (GB/T 32905) of the parts together, 32 bytes."""
    digest = _BLANK.copy()  # cheaper than starting anew
    for part in parts:
        digest.update(part)
    return digest.finalize()


_BLANK = hashes.Hash(hashes.SM3())


def seal(table: str, column: str, row: UUID, text: str) -> str:
    """Text → token, readable only at this table, column and row."""
    key = _ring[0].active
    sealed = _sealer(key, table, column).seal(row.bytes, text.encode())
    return f"{key}.{_text_of(sealed)}"


def unseal(table: str, column: str, row: UUID, token: str) -> str:
    """Token → text. Raises Broken when it was altered or moved here from elsewhere."""
    key, _, sealed = token.partition(".")
    return _opener(key, table, column).unseal(row.bytes, _bytes_of(sealed)).decode()


def seal_bytes(table: str, column: str, row: UUID, data: bytes) -> bytes:
    """Like `seal`, for a binary column: the key's id, a full stop, and the sealed bytes."""
    key = _ring[0].active
    return key.encode() + b"." + _sealer(key, table, column).seal(row.bytes, data)


def unseal_bytes(table: str, column: str, row: UUID, sealed: bytes) -> bytes:
    key, _, body = sealed.partition(b".")
    return _opener(key.decode(errors="replace"), table, column).unseal(row.bytes, body)


def blind(column: str, text: str, area: str = "") -> bytes:
    """Blind index, 16 bytes: equal texts in a column (and area) give equal bytes.

    Short tails (last 4 digits) must be blinded together with their area: alone they could be
    enumerated.
    """
    return _blinder(column).sign(f"{area}\x1f{text}".encode())[:16]


def mac(purpose: str, *parts: bytes) -> bytes:
    """HMAC-SM3 for a purpose such as `audit`, 32 bytes; it outlives a rotation of the keys."""
    sized = [size for part in parts for size in (len(part).to_bytes(4, "big"), part)]
    return _blinder(f"mac:{purpose}").sign(b"".join(sized))


def secret_for(purpose: str) -> bytes:
    """A derived secret for a library that wants a key of its own (the JWT signer), 32 bytes."""
    return _derived(_ring[0].active, f"secret:{purpose}")


def same(a: bytes, b: bytes) -> bool:
    return _compare.compare_digest(a, b)


@lru_cache(maxsize=512)
def _derived(key: str, purpose: str) -> bytes:
    signer = HMAC(_ring[0].masters[key], hashes.SM3())
    signer.update(purpose.encode())
    return signer.finalize()


class _Signer:
    """HMAC-SM3 whose key schedule is computed once; three times cheaper than starting anew."""

    def __init__(self, key: bytes) -> None:
        self.blank = HMAC(key, hashes.SM3())

    def sign(self, data: bytes) -> bytes:
        signer = self.blank.copy()
        signer.update(data)
        return signer.finalize()


class _Sealer:
    """SM4-CTR with contexts that are reset to a fresh nonce instead of being rebuilt.

    Each use of a context is locked: two threads between reset and update would share a nonce.
    """

    def __init__(self, key: bytes, mac_key: bytes, bound: bytes) -> None:
        cipher = Cipher(SM4(key), modes.CTR(bytes(NONCE)))
        self.encryptor: CipherContext = cipher.encryptor()
        self.decryptor: CipherContext = cipher.decryptor()
        self.signer, self.bound, self.lock = _Signer(mac_key), bound, Lock()

    def seal(self, row: bytes, text: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        with self.lock:
            self.encryptor.reset_nonce(nonce)
            body = nonce + self.encryptor.update(text)
        return body + self._tag(row, body)

    def unseal(self, row: bytes, sealed: bytes) -> bytes:
        body, tag = sealed[:-TAG], sealed[-TAG:]
        if len(body) < NONCE or not same(tag, self._tag(row, body)):
            raise Broken("sealed value altered or moved")
        with self.lock:
            self.decryptor.reset_nonce(body[:NONCE])
            return self.decryptor.update(body[NONCE:])

    def _tag(self, row: bytes, body: bytes) -> bytes:
        return self.signer.sign(self.bound + row + body)[:TAG]


def _text_of(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _bytes_of(text: str) -> bytes:
    """The inverse of `_text_of`, and of nothing else: one value has one spelling."""
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Broken("not a sealed value") from None
    if _text_of(sealed) != text:
        raise Broken("not a sealed value")
    return sealed


def _opener(key: str, table: str, column: str) -> _Sealer:
    if key not in _ring[0].masters:
        raise Broken(f"{table}.{column}: sealed by an unknown key")
    return _sealer(key, table, column)


@lru_cache(maxsize=512)
def _sealer(key: str, table: str, column: str) -> _Sealer:
    where = f"{table}.{column}"
    cipher_key = _derived(key, f"seal:{where}")[:16]
    return _Sealer(cipher_key, _derived(key, f"seal-mac:{where}"), where.encode())


@lru_cache(maxsize=512)
def _blinder(column: str) -> _Signer:
    return _Signer(_derived(_ring[0].index, f"blind:{column}"))
