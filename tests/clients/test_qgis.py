"""QGIS 3.22 or newer opens our layer definitions from a running server (`apt install python3-qgis`).

Not part of the usual run, since QGIS is no Python package: `bin/run pytest -m qgis`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import pytest
import shapely
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from mapping.exports.styles.symbols import HEAT
from mapping.geo.crs import UTM32, WGS84, transform_geometry
from mapping.models import Campaign, District, DistrictLayer
from mapping.ogc.tiles import levels
from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD
from mapping.services import access_links
from mapping.services.releases.making import make_release
from tests import personas
from tests.clients import rarely

pytestmark = [pytest.mark.qgis, pytest.mark.django_db(transaction=True)]

_PYTHON: Final = "/usr/bin/python3"
_SESSION: Final = Path(__file__).with_name("qgis_session.py")
_PIXELS: Final = 600
BLUE, ORANGE, GREEN, GREY = "#1b3a88", "#c9773d", "#1f6d12", "#6f6b72"


@dataclass
class Session:
    """What QGIS says of a layer definition, and the picture that it draws around the town hall."""

    answer: dict[str, Any]
    picture: Image.Image
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def colour_at(self, place: tuple[float, float], metres: float) -> str:
        """The colour of the pixel at a place."""
        here, middle = in_metres(place), in_metres(personas.TOWN_HALL)
        scale = _PIXELS / (2 * metres)
        column = round(_PIXELS / 2 + (here.x - middle.x) * scale)
        row = round(_PIXELS / 2 - (here.y - middle.y) * scale)
        red, green, blue = self.picture.getpixel((column, row))  # type: ignore[misc] # RGB
        return f"#{red:02x}{green:02x}{blue:02x}"


def in_metres(place: tuple[float, float]) -> shapely.Point:
    return transform_geometry(shapely.Point(place), WGS84, UTM32)


def opened(address: str, folder: Path, *, metres: float = 2000, **job: object) -> Session:
    """Let QGIS open what an address answers, as a double click on the file does."""
    definition, picture = folder / "campaign.qlr", folder / "picture.png"
    with urlopen(address) as answer:  # noqa: S310 - our own server
        assert answer.headers["Content-Type"] == "application/x-qgis-layer-definition"
        definition.write_bytes(answer.read())
    middle = in_metres(personas.TOWN_HALL)
    asked = {
        "definition": str(definition),
        "picture": str(picture),
        "crs": f"EPSG:{UTM32}",
        "centre": [middle.x, middle.y],
        "metres": metres,
        **job,
    }
    done = subprocess.run(
        [_PYTHON, str(_SESSION)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        # Nothing of our own environment: QGIS has its own GDAL, and its profile goes into the folder.
        env={
            "PATH": os.environ["PATH"],
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
        },
    )
    [line] = [one for one in done.stdout.splitlines() if one.startswith("ANSWER")] or [done.stderr]
    said = json.loads(line.removeprefix("ANSWER"))
    assert said["loaded"], said["problem"]
    assert said["errors"] == []
    layers = {name_of(layer["source"]): layer for layer in said["layers"]}
    return Session(said, Image.open(picture).convert("RGB"), layers)


def name_of(source: str) -> str:
    """The collection of a layer; that of tiles is marked."""
    found = re.search(r"typename='([^']*)'|/collections/([^/]*)/tiles/", source)
    assert found is not None
    return found[1] or f"{found[2]} tiles"


@pytest.fixture
def filled(campaign: Campaign) -> Campaign:
    """THE campaign with a place of each kind and districts."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    District.objects.create(layer=layer, code="01", name="Centre", geom=personas.area())
    campaign.district_layer = layer
    campaign.summary, campaign.attribution = "Where is it dark?", "© Kaiserslautern"
    campaign.save()
    personas.make_contribution(campaign, personas.TOWN_HALL, support_count=5)
    personas.make_contribution(campaign, personas.UNIVERSITY, status=personas.PENDING)
    personas.make_contribution(campaign, "LINESTRING(7.76 49.44, 7.78 49.44)", category="street")
    square = "POLYGON((7.755 49.446, 7.76 49.446, 7.76 49.45, 7.755 49.45, 7.755 49.446))"
    personas.make_contribution(campaign, square, category="meadow")
    return campaign


def test_double_click_shows_the_campaign_as_on_the_web(
    filled: Campaign, live_server: LiveServer, tmp_path: Path
) -> None:
    address = f"{live_server.url}/ogc/campaigns/{filled.slug}/qgis.qlr"
    session = opened(address, tmp_path)
    assert [int(part) for part in session.answer["version"].split("-")[0].split(".")[:2]] >= [3, 22]
    kinds = ("points", "lines", "areas", "cells", "districts", "area")
    assert list(session.layers) == [f"fear-spaces-{kind}" for kind in kinds]
    assert all(layer["is_valid"] for layer in session.layers.values())
    shown = [kind for kind in kinds if session.layers[f"fear-spaces-{kind}"]["is_shown"]]
    assert shown == ["points", "lines", "areas", "area"]
    counts = [
        session.layers[f"fear-spaces-{kind}"]["features"] for kind in ("points", "lines", "areas", "area")
    ]
    assert counts == [1, 1, 1, 1]

    points, lines = session.layers["fear-spaces-points"], session.layers["fear-spaces-lines"]
    assert points["renderer"] == "categorizedSymbol"
    assert points["legend"]["spot"] == ["Spot", BLUE]
    assert "street" not in points["legend"]
    assert points["statuses"] == ["published"]
    assert (points["attribution"], points["abstract"]) == ("© Kaiserslautern", "Where is it dark?")
    assert points["titles"]["category"] == "Kategorie"
    assert {"Spot": "spot"} in points["values"]["category"]
    assert session.layers["fear-spaces-cells"]["renderer"] == "graduatedSymbol"
    assert session.layers["fear-spaces-districts"]["labels"]

    assert session.colour_at(personas.TOWN_HALL, 2000) == BLUE
    assert session.colour_at((7.77, 49.44), 2000) == ORANGE
    ground, meadow = session.colour_at((7.75, 49.44), 2000), session.colour_at((7.7575, 49.448), 2000)
    assert ground == "#ecebe5"
    assert meadow not in {ground, GREEN}  # 20 % of green over the ground
    assert lines["crs"] == "EPSG:4326"


def test_filter_of_qgis_works(filled: Campaign, live_server: LiveServer, tmp_path: Path) -> None:
    personas.make_contribution(filled, personas.STATION)
    address = f"{live_server.url}/ogc/collections/{filled.slug}-points/qgis.qlr"
    name = opened(address, tmp_path).answer["layers"][0]["name"]
    [layer] = opened(address, tmp_path, filter={name: '"support" > 3'}).layers.values()
    assert (layer["features"], layer["takes_filter"], layer["filtered"]) == (2, True, 1)


def test_private_link_shows_what_waits_for_review(
    filled: Campaign, analyst: User, live_server: LiveServer, tmp_path: Path
) -> None:
    _link, secret = access_links.make(filled, "QGIS", actor=analyst)
    root = f"{live_server.url}/ogc/key/{secret}/"
    session = opened(f"{root}campaigns/{filled.slug}/qgis.qlr", tmp_path)
    points = session.layers["fear-spaces-points"]
    assert root in points["source"]
    assert points["statuses"] == ["pending", "published"]


def test_protected_campaign_shows_its_release(
    cells_campaign: Campaign, live_server: LiveServer, tmp_path: Path
) -> None:
    for number in range(40):
        personas.make_contribution(cells_campaign, (7.76 + number % 8 / 1000, 49.44 + number // 8 / 1000))
    assert make_release(cells_campaign) is not None
    address = f"{live_server.url}/ogc/campaigns/{cells_campaign.slug}/qgis.qlr"
    session = opened(address, tmp_path)
    assert list(session.layers) == [f"{cells_campaign.slug}-{kind}" for kind in ("cells", "area")]
    cells = session.layers[f"{cells_campaign.slug}-cells"]
    assert cells["is_valid"]
    assert cells["is_shown"]
    assert cells["features"] > 0
    colours = {colour for _count, colour in session.picture.getcolors(_PIXELS**2) or ()}
    assert len(colours) >= 2  # the ground and at least one class


def test_cells_have_the_ramp_of_the_web(filled: Campaign, live_server: LiveServer, tmp_path: Path) -> None:
    for _number in range(6):
        personas.make_contribution(filled, personas.STATION)
    session = opened(f"{live_server.url}/ogc/collections/{filled.slug}-cells/qgis.qlr", tmp_path, metres=1500)
    [cells] = session.layers.values()
    # Two different values: the second and the fourth step, as the web's legend takes them.
    assert list(cells["legend"].values()) == [["1", "#f3b35f"], ["6", "#b63042"]]
    assert session.colour_at(personas.STATION, 1500) != "#ecebe5"


def test_columns_that_are_filled_on_the_last_feature_only_are_there(
    campaign: Campaign, live_server: LiveServer, tmp_path: Path
) -> None:
    """QGIS takes its columns from the first ten features."""
    rarely.fill(campaign)
    address = f"{live_server.url}/ogc/collections/{campaign.slug}-points/qgis.qlr"
    # The provider leaves out the box where it is the whole world, and reads every page.
    [points] = opened(address, tmp_path).layers.values()
    assert points["features"] == rarely.NUMBER
    assert {*rarely.FILLED} <= {*points["columns"]}
    assert points["last"]["reply_text"] == rarely.FILLED["reply_text"]


def scale_of(level: int) -> int:
    return round(WEB_MERCATOR_QUAD.scale(level))


def test_large_campaign_shows_cells_first_and_points_from_a_scale_on(
    filled: Campaign, live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "MOST_FEATURES", 30)
    for number in range(35):
        personas.make_contribution(filled, (7.72 + number / 400, 49.43))
    first = levels.first_level_of_features(filled, ("published",), WEB_MERCATOR_QUAD)
    assert 4 < first < 16
    address = f"{live_server.url}/ogc/campaigns/{filled.slug}/qgis.qlr"
    far = opened(address, tmp_path, metres=20_000)
    kinds = ["contributions tiles", "points", "lines", "areas", "cells tiles", "cells", "districts", "area"]
    assert list(far.layers) == [f"{filled.slug}-{kind}" for kind in kinds]
    assert all(layer["is_valid"] for layer in far.layers.values())
    shown = {name.partition("-")[2].partition("-")[2]: one["is_shown"] for name, one in far.layers.items()}
    assert [kind for kind in kinds if shown[kind]] == ["contributions tiles", "cells tiles", "area"]
    scales = {name.partition("-")[2].partition("-")[2]: one["scales"] for name, one in far.layers.items()}
    assert scales["contributions tiles"] == [scale_of(first + 2), 0]
    assert scales["cells tiles"][1] == scale_of(first + 2)
    assert scales["points"] == scales["lines"] == scales["areas"] == [scale_of(first + 3), 0]
    assert scales["area"] == []

    # From afar the ramp of heat maps and no point, from near the point and no cell.
    ramp = {colour for _name, colour in far.layers[f"{filled.slug}-cells tiles"]["legend"].values()}
    assert ramp <= set(HEAT)
    assert BLUE not in colours_in(far)
    assert not {"#ecebe5", GREY} >= colours_in(far)
    near = opened(address, tmp_path, metres=300)
    assert near.colour_at(personas.TOWN_HALL, 300) == BLUE
    # Every answer is one click away.
    assert near.layers[f"{filled.slug}-points"]["features"] == 36


def colours_in(session: Session) -> set[str]:
    found = session.picture.getcolors(_PIXELS**2) or ()
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _count, colour in found}  # type: ignore[misc]


def test_points_alone_of_a_large_campaign_lie_above_its_cells(
    filled: Campaign, live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "MOST_FEATURES", 2)
    address = f"{live_server.url}/ogc/collections/{filled.slug}-points/qgis.qlr"
    session = opened(address, tmp_path, metres=100)
    assert list(session.layers) == [f"{filled.slug}-points", f"{filled.slug}-cells tiles"]
    assert all(layer["is_shown"] for layer in session.layers.values())
    assert session.colour_at(personas.TOWN_HALL, 100) == BLUE


def test_style_is_read_without_a_warning(
    filled: Campaign,
    cells_campaign: Campaign,
    live_server: LiveServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """QGIS's converter of MapLibre styles: each class has its filter and its colour."""
    monkeypatch.setattr(levels, "MOST_FEATURES", 1)
    names = (f"{filled.slug}-contributions", f"{filled.slug}-cells", f"{cells_campaign.slug}-cells")
    styles = [
        json.loads(urlopen(f"{live_server.url}/ogc/collections/{name}/style.json").read())  # noqa: S310 - ours
        for name in names
    ]
    address = f"{live_server.url}/ogc/collections/{filled.slug}-area/qgis.qlr"
    read = opened(address, tmp_path, styles=styles).answer["converted"]
    for one, style in zip(read, styles, strict=True):
        assert (one["is_read"], one["warnings"]) == (True, [])
        assert len(one["styles"]) == len(style["layers"])
    colours = {name: colour for name, _filter, colour in read[0]["styles"]}
    assert colours["points-spot"] == BLUE
    assert colours["lines-street"] == ORANGE
    filters = {name: text for name, text, _colour in read[0]["styles"]}
    assert filters["points-spot"] == "(_geom_type IS 'Point') AND (\"category\" IS 'spot')"
    assert all('"size" IS ' in text for _name, text, _colour in read[1]["styles"])
