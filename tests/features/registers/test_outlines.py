"""The map of committees comes from their buildings, and only those of one's own place."""

from tests.cast import HUAXI, YUANYUAN


async def test_it_works(street, as_):
    found = await (await as_("dora").get("/api/outlines")).json()
    assert {one["area"]["code"] for one in found} >= {YUANYUAN, HUAXI}
    for one in found:
        lngs, lats = zip(*one["ring"], strict=True)
        assert one["ring"][0] == one["ring"][-1] and one["middle"] in one["buildings"]
        for lng, lat in one["buildings"]:
            assert min(lngs) < lng < max(lngs) and min(lats) < lat < max(lats)


async def test_only_ones_own_committee(street, as_):
    found = await (await as_("alice").get("/api/outlines")).json()
    assert [one["area"]["code"] for one in found] == [YUANYUAN]


async def test_not_for_strangers(http, as_):
    assert (await as_(None).get("/api/outlines")).status == 401
