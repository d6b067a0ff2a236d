"""Callbacks are verified and decrypted as published; whatever else comes gets one refusal."""

import base64
from datetime import datetime

import pytest
from pydantic import SecretStr

from backend.clients import wecom
from backend.core import clock
from backend.core.problems import Problem
from backend.sandbox.wecom.crypto import Envelope
from tests.vectors import ECHOES, MADE, PUSHES

BASE = "http://127.0.0.1:1"
AGENT = 1


def gateway(vector):
    callback = wecom.Callback(
        token=SecretStr(vector.token), aes_key=SecretStr(vector.aes_key.ljust(43, "A"))
    )
    app = wecom.App(agent_id=AGENT, secret=SecretStr("s"), callback=callback)
    corp = wecom.Corp(
        corp_id=vector.receive_id, name="样例", area="310107000000", app=app, api_base=BASE
    )
    return wecom.Wecom([corp], threads=1)


def at(timestamp):
    return clock.pretend(datetime.fromtimestamp(int(timestamp), clock.SHANGHAI))


def query(vector, **changed):
    given = {
        "msg_signature": vector.signature,
        "timestamp": vector.timestamp,
        "nonce": vector.nonce,
    }
    return given | changed


def envelope(sealed):
    return f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


@pytest.mark.parametrize("vector", ECHOES, ids=lambda v: v.name)
def test_published_echoes(vector):
    with at(vector.timestamp):
        said = gateway(vector).greet(vector.receive_id, AGENT, query(vector, echostr=vector.sealed))
    assert said == vector.says


def test_published_pushes():
    classic, chinese, _ = PUSHES
    with at(classic.timestamp):
        opened = gateway(classic).open_callback(
            classic.receive_id, AGENT, query(classic), envelope(classic.sealed)
        )
    assert opened.text("FromUserName") == "mycreate" and opened.text("MsgType") == "text"
    with at(chinese.timestamp):
        opened = gateway(chinese).open_callback(
            chinese.receive_id, AGENT, query(chinese), envelope(chinese.sealed)
        )
    assert (opened.text("Content"), opened.text("FromUserName")) == ("你好", "ChenJiaShun")


def push(vector, text, *, receive_id=None, timestamp=None, spoil=None):
    """A push made by the sandbox's crypto, perhaps spoiled before it is signed."""
    made = Envelope(vector.token, vector.aes_key, receive_id or vector.receive_id)
    sealed = made.seal(text)
    if spoil:
        sealed = spoil(sealed)
    when = timestamp or vector.timestamp
    signed = query(vector, timestamp=when, msg_signature=made.sign(when, vector.nonce, sealed))
    return signed, envelope(sealed)


def test_two_implementations_meet():
    with at(MADE.timestamp):
        given = push(MADE, "<xml><Event>change_contact</Event><UserID>a</UserID></xml>")
        opened = gateway(MADE).open_callback(MADE.receive_id, AGENT, *given)
        again = gateway(MADE).open_callback(MADE.receive_id, AGENT, *given)
    assert opened.text("UserID") == "a" and opened.text("Missing") == ""
    assert opened.mark == again.mark, "a replay must be recognisable"


def refused(vector, given, body, agent=AGENT, corp=None):
    with at(vector.timestamp), pytest.raises(Problem) as caught:
        gateway(vector).open_callback(corp or vector.receive_id, agent, given, body)
    assert caught.value.code == "wecom.callback_refused"
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def flipped(sealed):
    raw = bytearray(base64.b64decode(sealed))
    raw[40] ^= 1
    return base64.b64encode(raw).decode()


def padded(pad, length=None):
    """A ciphertext whose last byte is `pad`, or whose length field lies; the key is right."""

    def spoil(_):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        key = base64.b64decode(MADE.aes_key + "=")
        text = b"<xml/>"
        plain = b"r" * 16 + (length or len(text)).to_bytes(4, "big") + text
        plain += MADE.receive_id.encode()
        plain = plain.ljust(63, b"\x01") + bytes([pad])
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [flipped, padded(0), padded(33), padded(12, 10**9), lambda _: "", lambda _: "不是密文"],
    ids=["flipped byte", "pad 0", "pad 33", "length too big", "empty", "not base64"],
)
def test_spoiled_ciphertext(spoil):
    refused(MADE, *push(MADE, "<xml><a>1</a></xml>", spoil=spoil))


def test_wrong_signature():
    given, body = push(MADE, "<xml><a>1</a></xml>")
    refused(MADE, given | {"msg_signature": "0" * 40}, body)


def test_wrong_receiver():
    refused(MADE, *push(MADE, "<xml><a>1</a></xml>", receive_id="ww-somebody-else"))


def test_outside_the_window():
    late = str(int(MADE.timestamp) + 301)
    refused(MADE, *push(MADE, "<xml><a>1</a></xml>", timestamp=late))
    for bad in ("", "nan", "-1", "9" * 20, "１２３"):
        given, body = push(MADE, "<xml><a>1</a></xml>")
        refused(MADE, given | {"timestamp": bad}, body)


BOMB = (
    '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<xml><Encrypt>&b;</Encrypt></xml>"
)


@pytest.mark.parametrize(
    "body",
    [b"", b"<xml>", BOMB.encode(), b"<xml></xml>", b"\xff\xfe", b"{}", b"x" * (65 << 10)],
    ids=["empty", "cut", "entities", "nothing inside", "not text", "json", "too large"],
)
def test_hostile_bodies(body):
    refused(MADE, query(MADE), body)


@pytest.mark.parametrize("inside", ["no xml", "<other/>", "<xml/>", BOMB], ids=str)
def test_hostile_insides(inside):
    refused(MADE, *push(MADE, inside))


def test_unknown_addresses():
    given = push(MADE, "<xml><a>1</a></xml>")
    refused(MADE, *given, agent=7)
    refused(MADE, *given, corp="ww-unknown")
