"""The callback encryption of document 90968, written from the document and not from wechatpy, so
that the pusher here and the receiver there are two implementations that have to agree."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class Unreadable(ValueError):
    """The envelope is not ours, not whole or not meant for us."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Token, EncodingAESKey (43 characters) and receiveid of one callback address."""

    token: str
    aes_key: str
    receive_id: str

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted((self.token, timestamp, nonce, encrypted))
        return hashlib.sha1("".join(parts).encode()).hexdigest()

    def seal(self, text: str, salt: bytes | None = None) -> str:
        """Encrypt; `salt` (16 bytes) is given only to reproduce published vectors."""
        message = text.encode()
        plain = (salt or secrets.token_bytes(16)) + len(message).to_bytes(4, "big") + message
        plain += self.receive_id.encode()
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
        if not secrets.compare_digest(self.sign(timestamp, nonce, encrypted), signature):
            raise Unreadable("signature")
        try:
            return self._message(base64.b64decode(encrypted, validate=True))
        except ValueError as error:
            raise Unreadable(str(error)) from None

    def _message(self, sealed: bytes) -> str:
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
        pad = plain[-1] if plain else 0
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise Unreadable("padding")
        length = int.from_bytes(plain[16:20], "big")
        message, receive_id = plain[20 : 20 + length], plain[20 + length : -pad]
        if len(message) != length or receive_id != self.receive_id.encode():
            raise Unreadable("receiveid")
        return message.decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
