"""The outline of a place without a surveyed border: the hull of its points, a little widened."""

from collections.abc import Iterable
from math import hypot

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

_MARGIN = 0.00025  # degrees: some 25 m, so that the outermost buildings lie inside


def outline(points: Iterable[Point]) -> list[Point]:
    """The convex hull, counter-clockwise and closed as GeoJSON wants a ring; none of no points."""
    corners = [(x + dx, y + dy) for x, y in set(points) for dx, dy in _AROUND]
    if not corners:
        return []
    ordered = sorted(corners)
    lower, upper = _half(ordered), _half(reversed(ordered))
    return [*lower[:-1], *upper[:-1], lower[0]]


_AROUND = [(dx * _MARGIN, dy * _MARGIN) for dx, dy in ((-1, -1), (-1, 1), (1, -1), (1, 1))]


def middle(points: Iterable[Point]) -> Point:
    """Where the name stands: the point nearest to the average, so that it lies on a building."""
    given = list(points)
    x, y = (sum(part) / len(given) for part in zip(*given, strict=True))
    return min(given, key=lambda point: hypot(point[0] - x, point[1] - y))


def _half(ordered: Iterable[Point]) -> list[Point]:
    """One chain of the hull (A. M. Andrew, 1979)."""
    chain: list[Point] = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
