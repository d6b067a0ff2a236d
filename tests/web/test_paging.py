"""Cursors are ours: made up, changed, or taken from another list they are bad input."""

import base64

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core import problems
from backend.web.paging import cursor_of, keys_of
from tests.web.conftest import told

pytestmark = pytest.mark.usefixtures("server")


def test_there_and_back():
    assert keys_of(cursor_of("陆", 3, None), 3) == ["陆", 3, None]


def plain(value):
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "====", "陆", "\0", "A" * 500, plain(["a", 1]), plain({"a": 1}), plain([[], {}]),
     "zz"],
)  # fmt: skip
def test_made_up(cursor):
    with pytest.raises(problems.Problem) as found:
        keys_of(cursor, 2)
    assert found.value.code == "input.bad"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_changed(data):
    cursor = cursor_of("a", 1)
    spot = data.draw(st.integers(0, len(cursor) - 2))
    other = data.draw(st.characters().filter(lambda c: c != cursor[spot]))
    with pytest.raises(problems.Problem):
        keys_of(cursor[:spot] + other + cursor[spot + 1 :], 2)


def test_of_another_list():
    with pytest.raises(problems.Problem):
        keys_of(cursor_of("a", 1, of="people"), 2, of="houses")
    with pytest.raises(problems.Problem):
        keys_of(cursor_of("a", 1), 3)


async def test_over_the_wire(web):
    first = await (await web.get("/t/paged")).json()
    status, second = await told(await web.get("/t/paged", params={"cursor": first[1]}))
    assert status == 200 and second[0] == "['start', 1]"
    for cursor in ("x", plain(["a", 1]), first[1][:-3], first[1] + "A"):
        status, body = await told(await web.get("/t/paged", params={"cursor": cursor}))
        assert (status, body["code"]) == (400, "input.bad"), cursor
