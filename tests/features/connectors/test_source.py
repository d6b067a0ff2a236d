"""Definitions of feeds: a mistake is told with its file, its line and what was expected."""

import pytest

from backend.app import FORMS
from backend.features.catalogue.catalogue import Catalogue, Mistaken
from backend.features.connectors.source import read_addresses, read_feeds


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.read([FORMS])


def test_it_works(catalogue):
    feeds = read_feeds([FORMS], catalogue)
    assert {f.key: [s.becomes for s in f.streams] for f in feeds.values()} == {
        "alarms": ["device", "alarm"],
        "emergencies": ["order"],
        "hotline": ["order"],
        "housing": ["R4", "R5"],
        "patrol": ["order"],
        "population": ["R1"],
    }
    assert [f.key for f in feeds.values() if f.after] == ["population"]
    assert [f.push.stream for f in feeds.values() if f.push] == [
        "signals",
        "events",
        "orders",
        "finds",
    ]
    assert all(f.often == bool(f.push) for f in feeds.values())


MISTAKES = [
    ("phone: {from: lxdh}", "phon: {from: lxdh}", "R1 has no field phon"),
    ("sign: token", "sign: basic", "sign is basic; expected one of token, hmac"),
    ("register: R1", "register: R99", "unknown register"),
    ("'05': '5'", "'05': '7'", "residence_status has no code 7"),
    ("after: housing", "after: weather", "unknown feed weather"),
    ("title: 实有人口\n", "titel: 实有人口\n", "unknown key titel; expected title"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), MISTAKES)
def test_a_mistake_is_told_where_it_stands(catalogue, tmp_path, right, wrong, told):
    (tmp_path / "feeds").mkdir()
    for name in ("housing", "population"):
        text = (FORMS / "feeds" / f"{name}.yaml").read_text(encoding="utf-8")
        if name == "population":
            assert right in text
            text = text.replace(right, wrong)
        (tmp_path / "feeds" / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Mistaken, match=told) as mistaken:
        read_feeds([tmp_path], catalogue)
    assert "feeds" in str(mistaken.value)


WRONG_ORDERS = [
    ("becomes: order", "becomes: order_", "unknown kind of rows order_"),
    ("title: {from: bt}", "titel: {from: bt}", "order has no field titel"),
    ("source: {is: '01'}", "source: {was: '01'}", "unknown key was"),
    ("urge: {from: jjcd, codes: {'1': 一般", "urge: {from: jjcd, codes: {'1': 不急", "urge has no"),
    ("push: {stream: orders", "push: {stream: order", "stream is order"),
    ("often: true", "often: always", "often is always"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG_ORDERS)
def test_a_mistake_in_a_feed_of_orders(catalogue, tmp_path, right, wrong, told):
    (tmp_path / "feeds/rows").mkdir(parents=True)
    for name in ("hotline", "rows/order"):
        text = (FORMS / "feeds" / f"{name}.yaml").read_text(encoding="utf-8")
        assert name != "hotline" or right in text
        (tmp_path / "feeds" / f"{name}.yaml").write_text(text.replace(right, wrong))
    with pytest.raises(Mistaken, match=told):
        read_feeds([tmp_path], catalogue)


def test_addresses(tmp_path):
    assert read_addresses(None) == {}
    assert read_addresses(tmp_path / "none.yaml") == {}
    file = tmp_path / "feeds.yaml"
    file.write_text("street: {url: 'http://x', client: a, secret: b}")
    assert read_addresses(file)["street"].url == "http://x"
    file.write_text("street: {url: 'http://x', key: b}")
    with pytest.raises(ValueError, match="each system needs url, client and secret"):
        read_addresses(file)
