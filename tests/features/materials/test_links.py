"""Addresses for <img>: good for a while, for one session, for one picture."""

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from yarl import URL

from backend.core import clock
from backend.features.accounts import whoever
from backend.features.accounts.roles import OFFICER, verbs_of
from backend.features.materials import store
from backend.features.materials.links import link
from tests.cast import CAST
from tests.pictures import photo


@pytest.fixture
async def told(as_):
    return await (await as_("alice").upload("/api/files", "x.jpg", photo(), "image/jpeg")).json()


@pytest.fixture
def signed_in(monkeypatch):
    """alice's session, living until it is taken out of the dictionary."""
    alice = replace(CAST["alice"], session=uuid4())
    living = {alice.session: alice}

    async def of_session(session):
        return living.get(session)

    monkeypatch.setattr(whoever, "of_session", of_session)
    return alice, living


async def status(as_, url):
    return (await as_(None).get(url)).status


async def test_it_lives_for_a_while_and_stays_the_same_within_it(as_, told):
    alice, moment = CAST["alice"], clock.now().replace(minute=0, second=0)
    with clock.pretend_everywhere(moment):
        link = (await store.links(alice, [UUID(told["id"])]))[0]
    with clock.pretend_everywhere(moment + timedelta(minutes=9)):
        assert (await store.links(alice, [UUID(told["id"])]))[0] == link
        assert await status(as_, link.url) == 200
    with clock.pretend_everywhere(moment + timedelta(minutes=19)):
        assert await status(as_, link.url) == 200
    with clock.pretend_everywhere(moment + timedelta(minutes=21)):
        assert await status(as_, link.url) == 410


async def test_it_ends_with_its_session(as_, told, signed_in):
    alice, living = signed_in
    link = (await store.links(alice, [UUID(told["id"])]))[0]
    assert await status(as_, link.url) == 200
    living.clear()
    assert await status(as_, link.url) == 410


async def test_it_follows_what_its_asker_may_see_today(as_, told, signed_in):
    alice, living = signed_in
    link = (await store.links(alice, [UUID(told["id"])]))[0]
    living[alice.session] = replace(CAST["carol"], session=alice.session)
    assert await status(as_, link.url) == 404
    living[alice.session] = replace(alice, verbs=frozenset())
    assert await status(as_, link.url) == 410


async def test_an_officer_sees_what_is_put_before_them_and_nothing_else(as_, told, signed_in):
    alice, living = signed_in
    living[alice.session] = replace(alice, verbs=verbs_of(OFFICER))
    plain, shown = (link(UUID(told["id"]), alice.session, wide=wide) for wide in (False, True))
    assert await status(as_, plain.url) == 410
    assert await status(as_, shown.url) == 200


async def test_no_byte_of_it_can_be_changed(as_, told):
    url = URL(told["url"])
    signature = url.name
    raw = base64.urlsafe_b64decode(signature + "==")
    for spot in range(len(raw)):
        forged = bytearray(raw)
        forged[spot] ^= 1
        name = base64.urlsafe_b64encode(bytes(forged)).decode().rstrip("=")
        assert await status(as_, str(url.with_name(name))) == 404
    for name in ("x", "%00", "é" * 43, signature[:-4], signature * 2, "A" * 43):
        assert await status(as_, f"/api/files/{told['id']}/{name}") == 404


async def test_it_is_for_one_picture(as_, told):
    other = await (
        await as_("alice").upload("/api/files", "y.jpg", photo(color=(0, 0, 9)), "image/jpeg")
    ).json()
    moved = told["url"].replace(told["id"], other["id"])
    assert await status(as_, moved) == 404
    assert await status(as_, told["url"] + "?size=huge") == 400


async def test_only_pictures_of_ones_own_area_get_an_address(told):
    assert await store.links(CAST["carol"], [UUID(told["id"])]) == []
    assert await store.links(CAST["alice"], []) == []
    assert await store.links(CAST["alice"], [uuid4()]) == []
