"""Published vectors of SM3, SM4 and HMAC-SM3, and what sealing promises."""

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.hmac import HMAC
from hypothesis import given
from hypothesis import strategies as st

from backend.core import crypto

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
ROW = uuid4()
PLACE = ("person", "id_no", ROW)


@pytest.fixture(autouse=True)
def ring():
    """Every test with a ring of its own; the session's comes back afterwards."""
    before, keys = list(crypto._ring), crypto.Keys.fresh()
    crypto.use(keys)
    yield keys
    for ring in before:
        crypto.use(ring)


# --- published vectors (GB/T 32905, GB/T 32907) ---


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ],
)
def test_sm3(text, digest):
    assert crypto.sm3(text).hex() == digest
    assert crypto.sm3(text[:1], text[1:]).hex() == digest


def test_hmac_sm3():
    signed = crypto._Signer(b"0123456789abcdef").sign(b"abc")
    assert signed.hex() == "7f121eb91c94ccf54bf5d4e639f4e96eaa77bb2f0f52f875fc7c17ca0688278c"


def sm4(block, rounds=1):
    cipher = Cipher(crypto.SM4(KEY), modes.ECB()).encryptor()
    for _ in range(rounds):
        block = cipher.update(block)
    return block.hex()


def test_sm4():
    assert sm4(KEY) == "681edf34d206965e86b3e94f536e4246"
    assert sm4(KEY, 1000) == "d735e91cc5689cf312bcc1efb740e813"


def test_a_sealed_value_is_sm4_ctr_then_hmac_sm3():
    """The same bytes, made from the standard's block cipher and nothing of our own."""
    sealed = crypto._Sealer(KEY, b"m" * 32, b"person.id_no").seal(ROW.bytes, "陆小燕".encode())
    nonce, body, tag = sealed[:16], sealed[16:-16], sealed[-16:]
    stream = bytes.fromhex(sm4(nonce))
    assert bytes(a ^ b for a, b in zip(body, stream, strict=False)).decode() == "陆小燕"
    check = HMAC(b"m" * 32, hashes.SM3())
    check.update(b"person.id_no" + ROW.bytes + nonce + body)
    assert check.finalize()[:16] == tag


# --- sealing ---


@given(st.text())
def test_what_is_sealed_opens(text):
    assert crypto.unseal(*PLACE, crypto.seal(*PLACE, text)) == text


@given(st.binary())
def test_bytes_too(data):
    assert crypto.unseal_bytes(*PLACE, crypto.seal_bytes(*PLACE, data)) == data


@pytest.mark.parametrize(
    "elsewhere",
    [("person", "phone", ROW), ("household", "id_no", ROW), ("person", "id_no", uuid4())],
)
def test_it_opens_at_its_own_place_only(elsewhere):
    with pytest.raises(crypto.Broken):
        crypto.unseal(*elsewhere, crypto.seal(*PLACE, "310199195001010018"))


@given(st.data())
def test_no_character_of_a_token_can_be_changed(data):
    token = crypto.seal(*PLACE, "13800138000")
    spot = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda c: c != token[spot]))
    with pytest.raises(crypto.Broken):
        crypto.unseal(*PLACE, token[:spot] + other + token[spot + 1 :])


@given(st.text())
def test_whatever_is_no_token_is_refused_as_broken(text):
    with pytest.raises(crypto.Broken):
        crypto.unseal(*PLACE, text)
    with pytest.raises(crypto.Broken):
        crypto.unseal_bytes(*PLACE, text.encode())


def test_equal_texts_do_not_look_equal():
    assert len({crypto.seal(*PLACE, "13800138000") for _ in range(50)}) == 50


def test_threads_share_a_sealer():
    """A context between reset and update belongs to one thread; else two share a nonce."""

    def there_and_back(n):
        text = f"{n}" * 200
        return crypto.unseal(*PLACE, crypto.seal(*PLACE, text)) == text

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(there_and_back, range(4000)))


# --- blind indexes and MACs ---


@given(st.text(), st.text())
def test_a_blind_index_finds_equals_only(a, b):
    assert (crypto.blind("phone", a) == crypto.blind("phone", b)) == (a == b)
    assert len(crypto.blind("phone", a)) == 16


def test_a_blind_index_belongs_to_its_column_and_area():
    marks = {
        crypto.blind("phone", "8000"),
        crypto.blind("id_no", "8000"),
        crypto.blind("phone", "8000", "310107005"),
        crypto.blind("phone", "8000", "310107014"),
    }
    assert len(marks) == 4


@given(st.lists(st.binary(), min_size=1, max_size=3), st.lists(st.binary(), min_size=1, max_size=3))
def test_a_mac_knows_where_its_parts_end(a, b):
    assert (crypto.mac("x", *a) == crypto.mac("x", *b)) == (a == b)


# --- keys ---


def test_rotation_keeps_what_was_sealed_and_what_was_indexed(ring):
    token, index = crypto.seal(*PLACE, "13800138000"), crypto.blind("phone", "13800138000")
    mac, secret = crypto.mac("audit", b"row"), crypto.secret_for("session")
    crypto.use(ring.rotated())
    fresh = crypto.seal(*PLACE, "13800138000")
    assert token.startswith("k1.") and fresh.startswith("k2.")
    assert {crypto.unseal(*PLACE, t) for t in (token, fresh)} == {"13800138000"}
    assert crypto.blind("phone", "13800138000") == index and crypto.mac("audit", b"row") == mac
    assert crypto.secret_for("session") != secret


def test_the_index_key_does_not_depend_on_names(ring):
    """A key whose id sorts first (a1, k10) must not become the one that indexes hang on."""
    index = crypto.blind("phone", "13800138000")
    crypto.use(crypto.Keys("a1", {"a1": b"a" * 32} | ring.masters, ring.index))
    assert crypto.blind("phone", "13800138000") == index


def test_another_ring_opens_nothing(ring):
    token = crypto.seal(*PLACE, "13800138000")
    crypto.use(crypto.Keys.fresh())
    with pytest.raises(crypto.Broken):
        crypto.unseal(*PLACE, token)
    crypto.use(crypto.Keys("k9", {"k9": b"9" * 32}, "k9"))
    with pytest.raises(crypto.Broken, match="unknown key"):
        crypto.unseal(*PLACE, token)


def test_the_key_file_is_whole_private_and_read_back(tmp_path, ring):
    path = tmp_path / "keys.json"
    path.write_text("old")
    path.chmod(0o644)
    ring.rotated().write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]
    again = crypto.Keys.read(path)
    assert (
        again.active == "k2" and again.index == "k1" and again.masters["k1"] == ring.masters["k1"]
    )


def text_of(**changes):
    good = {"active": "k1", "index": "k1", "keys": {"k1": base64.b64encode(b"x" * 32).decode()}}
    return json.dumps({k: v for k, v in (good | changes).items() if v is not None})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "not json",
        text_of(active="k2"),
        text_of(index="k2"),
        text_of(index=None),
        text_of(keys={}),
        text_of(keys=None),
        text_of(keys={"k1": "c2hvcnQ="}),
        text_of(keys={"k1": "!!"}),
        text_of(keys={"k1": 7}),
    ],
)
def test_a_bad_key_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"keys\.json"):
        crypto.Keys.read(path)
