"""Where orders gather."""

from backend.engine.orders.hotspots import Cell, hot_spots


def cell(x: int, y: int, count: int, category: str = "E0102", **given) -> Cell:
    usual = {"before": 0, "live": 0, "lng": 121.4 + x / 1000, "lat": 31.2, "place": f"{x}号"}
    return Cell(x=x, y=y, category=category, count=count, **(usual | given))


def test_the_densest_cell_takes_its_neighbours() -> None:
    cells = [
        cell(10, 10, 6, before=2, live=1),
        cell(10, 10, 3, "E0404", live=2),
        cell(11, 10, 2, place="旁边"),
        cell(30, 10, 4),
    ]
    spots = hot_spots(cells, least=5)
    assert [(spot.count, spot.before, spot.live, spot.place) for spot in spots] == [
        (11, 2, 3, "10号")
    ]
    assert spots[0].categories == (("E0102", 8), ("E0404", 3))
    assert 121.41 < spots[0].lng < 121.411


def test_a_long_street_is_not_one_spot_and_no_order_counts_twice() -> None:
    cells = [cell(x, 0, 5) for x in range(12)]
    spots = hot_spots(cells, least=5)
    assert [spot.count for spot in spots] == [10] * 6


def test_few_are_no_spot() -> None:
    assert hot_spots([cell(1, 1, 2), cell(2, 2, 2)], least=5) == []
    assert hot_spots([], least=5) == []
