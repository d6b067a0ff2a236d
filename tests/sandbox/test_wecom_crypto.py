"""The published vectors of WeCom's callbacks, opened and made by the sandbox's own crypto."""

import base64

import pytest

from backend.sandbox.wecom.crypto import Envelope, Unreadable
from tests.vectors import ECHOES, MADE, PUSHES


@pytest.mark.parametrize("vector", ECHOES, ids=lambda v: v.name)
def test_echoes(vector):
    envelope = Envelope(vector.token, vector.aes_key, vector.receive_id)
    args = (vector.sealed, vector.signature, vector.timestamp, vector.nonce)
    assert envelope.open(*args) == vector.says


@pytest.mark.parametrize("vector", PUSHES, ids=lambda v: v.name)
def test_pushes(vector):
    envelope = Envelope(vector.token, vector.aes_key, vector.receive_id)
    args = (vector.sealed, vector.signature, vector.timestamp, vector.nonce)
    assert vector.says in envelope.open(*args)


def test_sealing_gives_the_published_signature():
    envelope = Envelope(MADE.token, MADE.aes_key, MADE.receive_id)
    sealed = envelope.seal(MADE.says, salt=b"1234567890123456")
    assert envelope.sign(MADE.timestamp, MADE.nonce, sealed) == MADE.signature


def test_what_is_sealed_opens_again():
    envelope = Envelope(MADE.token, MADE.aes_key, MADE.receive_id)
    for text in ("", "居", "x" * 500):
        sealed = envelope.seal(text)
        assert envelope.open(sealed, envelope.sign("1", "2", sealed), "1", "2") == text


def test_nothing_else_opens():
    envelope = Envelope(MADE.token, MADE.aes_key, MADE.receive_id)
    stranger = Envelope(MADE.token, MADE.aes_key, "somebody else")
    sealed = envelope.seal("text")
    raw = bytearray(base64.b64decode(sealed))
    raw[40] ^= 1
    for bad in (base64.b64encode(raw).decode(), "not base64", "", sealed[:-8]):
        with pytest.raises(Unreadable):
            envelope.open(bad, envelope.sign("1", "2", bad), "1", "2")
    with pytest.raises(Unreadable):
        envelope.open(sealed, "0" * 40, "1", "2")
    with pytest.raises(Unreadable):
        stranger.open(sealed, stranger.sign("1", "2", sealed), "1", "2")
