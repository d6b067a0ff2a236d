"""The hull of points holds them all, and its ring is one that GeoJSON allows."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.engine.outline import _turn, middle, outline

POINTS = st.lists(
    st.tuples(
        st.floats(121.2, 121.6).map(lambda x: round(x, 5)),
        st.floats(31.1, 31.4).map(lambda y: round(y, 5)),
    ),
    min_size=1,
    max_size=40,
)


def test_a_square_with_something_inside():
    ring = outline(
        [(121.0, 31.0), (121.01, 31.0), (121.01, 31.01), (121.0, 31.01), (121.005, 31.005)]
    )
    assert len(ring) == 5 and ring[0] == ring[-1]


def test_nothing():
    assert outline([]) == []


@given(POINTS)
def test_every_point_lies_inside(points):
    ring = outline(points)
    assert ring[0] == ring[-1] and len(ring) >= 5
    for point in points:
        assert all(_turn(a, b, point) > 0 for a, b in pairwise(ring))


@given(POINTS)
def test_the_name_stands_on_a_point(points):
    assert middle(points) in points
