"""The scripts of the heat map that know nothing of pages: classes, grids, outlines, held against Python."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from mapping.geo.crs import LAEA, transform_positions
from mapping.geo.grid import Cell, cell_of
from mapping.geo.hexagon import Hexagon, hexagon_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_RUN = """async ({ module, name, values }) => {
    await new Promise((done, failed) => {
        if (globalThis.proj4) return done();
        const script = document.createElement("script");
        script.src = "/static/vendor/proj4/proj4.js";
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
    });
    const found = await import(`/static/mapping/js/planning/${module}.js`);
    return found[name](...values);
}"""


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Any:
    """A page of the site that scripts can be run in."""
    context = chromium.new_context(base_url=live_server.url)
    opened = context.new_page()
    opened.goto("/imprint/")
    yield opened
    context.close()


def run(page: Page, module: str, name: str, *values: object) -> Any:
    return page.evaluate(_RUN, {"module": module, "name": name, "values": list(values)})


def classes(
    page: Page, values: Sequence[float], method: str, **options: object
) -> list[tuple[float, float, int]]:
    made = run(page, "classes", "classesOf", list(values), {"method": method, **options})
    return [(one["low"], one["high"], one["cells"]) for one in made]


def test_classes_of_each_kind(page: Page) -> None:
    skewed = [1] * 60 + [2] * 20 + [3] * 10 + [7] * 6 + [20] * 3 + [100]
    assert classes(page, skewed, "growing") == [(1, 3, 90), (4, 6, 0), (7, 15, 6), (16, 40, 3), (41, 100, 1)]
    assert classes(page, skewed, "quantile") == [(1, 1, 60), (2, 2, 20), (3, 100, 20)]
    assert classes(page, skewed, "equal") == [
        (1, 20, 99), (21, 40, 0), (41, 60, 0), (61, 80, 0), (81, 100, 1)
    ]  # fmt: skip
    assert classes(page, skewed, "manual", limits=[2, 10]) == [(1, 2, 80), (3, 10, 16), (11, 100, 4)]
    assert classes(page, [], "quantile") == []
    assert classes(page, [4, 4], "growing") == [(4, 4, 2)]


@pytest.mark.parametrize("method", ["growing", "quantile", "equal", "manual"])
@pytest.mark.parametrize("whole", [True, False])
def test_every_value_has_one_class(page: Page, method: str, whole: bool) -> None:
    number = st.integers(1, 5000) if whole else st.floats(1, 5, allow_subnormal=False)

    @given(st.lists(number, min_size=1, max_size=60), st.lists(st.integers(1, 6000), max_size=4, unique=True))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def check(values: list[float], limits: Sequence[int]) -> None:
        made = classes(page, values, method, limits=sorted(limits), whole=whole)
        assert sum(cells for _low, _high, cells in made) == len(values)
        assert 1 <= len(made) <= 5
        assert made[-1][1] == max(values)
        assert [high for _low, high, _cells in made] == sorted({high for _low, high, _cells in made})

    check()


def test_changes_weigh_alike_on_both_sides(page: Page) -> None:
    made = run(page, "classes", "changeClassesOf", [-40, -3, -1, 0, 0, 1, 2, 100])
    assert [one["step"] for one in made] == [0, 1, 2, 3, 4, 5, 6]
    assert sum(one["cells"] for one in made) == 8
    assert [(one["low"], one["high"]) for one in made[4:]] == [
        (-one["high"], -one["low"]) for one in reversed(made[:3])
    ]


_AT = """async ({ kind, size, places }) => {
    const { squares, hexagons } = await import("/static/mapping/js/planning/grids.js");
    const grid = kind === "square" ? squares(size) : hexagons(size);
    return places.map(([lon, lat]) => grid.at(lon, lat));
}"""
_SHAPE = """async ({ kind, size, row }) => {
    const { squares, hexagons } = await import("/static/mapping/js/planning/grids.js");
    const shape = (kind === "square" ? squares(size) : hexagons(size)).shape(row);
    return { id: shape.id, centre: shape.centre, ring: shape.rings()[0] };
}"""


@pytest.mark.parametrize("size", [100, 200, 1000])
def test_grids_are_those_of_the_server(page: Page, size: int) -> None:
    run(page, "grids", "squares", size)  # loads the projection
    places = [(7.7 + number * 0.00371, 49.4 + number * 0.00173) for number in range(60)]
    metres = transform_positions(np.array(places), 4326, LAEA).tolist()
    for kind, find in (("square", cell_of), ("hexagon", hexagon_of)):
        expected = [find(east, north, size).id for east, north in metres]
        found = page.evaluate(_AT, {"kind": kind, "size": size, "places": places})
        assert found == expected


def test_corners_are_those_of_the_server(page: Page) -> None:
    run(page, "grids", "squares", 200)
    square, hexagon = Cell(200, 4159200, 2928200), Hexagon(200, 13864, 8453)
    for kind, row, one in (
        ("square", [square.east, square.north], square),
        ("hexagon", [hexagon.column, hexagon.row], hexagon),
    ):
        shape = page.evaluate(_SHAPE, {"kind": kind, "size": 200, "row": row})
        assert shape["id"] == one.id
        ring = transform_positions(np.array(shape["ring"]), 4326, LAEA)
        assert np.allclose(ring, np.array(one.ring_laea())[:-1], atol=0.01)


def test_neighbours_share_one_outline(page: Page) -> None:
    rings = [
        [[0, 0], [1, 0], [1, 1], [0, 1]],
        [[1, 0], [2, 0], [2, 1], [1, 1]],
        [[5, 5], [6, 5], [6, 6], [5, 6]],
    ]
    lines = run(page, "outline", "outlineOf", rings)
    assert sorted(len(line) for line in lines) == [4, 6]
