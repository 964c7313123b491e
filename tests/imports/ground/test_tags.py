"""What is drawn of OpenStreetMap's objects and of official data."""

from collections.abc import Mapping

import pytest

from mapping.geo.ground import AREA, CLASSES, LABEL, LAST_ZOOM, LEAST_RANK, LINE
from mapping.imports.ground import columns, official, tags
from mapping.imports.ground.columns import classify_row
from mapping.imports.ground.kinds import Drawn, Feature, Labelled, Shape, Unknown

POINT, LINES, AREAS = Shape.POINT, Shape.LINE, Shape.AREA


def drawn(fields: Mapping[str, object], shape: Shape) -> str | None:
    """The class that is drawn of a row."""
    found = classify_row(fields, shape)
    return found.drawn.kind if isinstance(found, Feature) and found.drawn else None


def written(fields: Mapping[str, object], shape: Shape) -> tuple[str, int] | None:
    """The class of a row's label, and its rank."""
    found = classify_row(fields, shape)
    return (found.label.kind, found.label.rank) if isinstance(found, Feature) and found.label else None


def words(fields: Mapping[str, object], shape: Shape) -> str:
    """What an unknown row is called."""
    found = classify_row(fields, shape)
    assert isinstance(found, Unknown)
    return found.words


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"highway": "motorway"}, "motorway"),
        ({"highway": "trunk"}, "primary"),
        ({"highway": "primary_link"}, "primary"),
        ({"highway": "secondary"}, "secondary"),
        ({"highway": "tertiary"}, "street"),
        ({"highway": "living_street"}, "street"),
        ({"highway": "service"}, "street"),
        ({"highway": "service", "service": "driveway"}, None),
        ({"highway": "service", "service": "alley"}, "street"),
        ({"highway": "footway"}, "path"),
        ({"highway": "footway", "footway": "sidewalk"}, None),
        ({"highway": "path", "bicycle": "designated"}, "cycle"),
        ({"highway": "footway", "bicycle": "yes;designated"}, "cycle"),
        ({"highway": "cycleway"}, "cycle"),
        ({"highway": "platform"}, None),
        ({"highway": "pedestrian", "area": "yes"}, None),
        ({"railway": "rail"}, "rail"),
        ({"railway": "tram"}, "rail"),
        ({"railway": "disused"}, None),
        ({"waterway": "river"}, "river"),
        ({"waterway": "ditch"}, "river"),
        ({"waterway": "waterfall"}, None),
    ],
)
def test_lines_of_openstreetmap(given: Mapping[str, str], expected: str | None) -> None:
    assert drawn(given, LINES) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"natural": "water"}, "water"),
        ({"landuse": "basin"}, "water"),
        ({"waterway": "riverbank"}, "water"),
        ({"landuse": "forest"}, "wood"),
        ({"natural": "scrub"}, "wood"),
        ({"leisure": "park"}, "park"),
        ({"landuse": "cemetery"}, "park"),
        ({"amenity": "school", "landuse": "grass"}, "park"),
        ({"landuse": "meadow"}, "farm"),
        ({"landuse": "residential"}, "built"),
        ({"amenity": "university"}, "built"),
        ({"landuse": "retail"}, "industry"),
        ({"amenity": "parking"}, None),
        ({"building": "yes"}, None),
        ({"highway": "pedestrian"}, None),
    ],
)
def test_areas_of_openstreetmap(given: Mapping[str, str], expected: str | None) -> None:
    assert drawn(given, AREAS) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"place": "city"}, ("city", 1)),
        ({"place": "town"}, ("city", 2)),
        ({"place": "suburb"}, ("district", 3)),
        ({"place": "village"}, ("village", 4)),
        ({"place": "neighbourhood"}, ("quarter", 6)),
        ({"place": "locality"}, None),
        ({"railway": "station"}, ("station", 4)),
        ({"railway": "halt"}, ("station", 5)),
        ({"amenity": "townhall"}, ("landmark", 5)),
        ({"tourism": "museum"}, ("landmark", 7)),
        ({"historic": "castle"}, ("landmark", 6)),
        ({"amenity": "bench"}, None),
    ],
)
def test_labels_of_openstreetmap(given: Mapping[str, str], expected: tuple[str, int] | None) -> None:
    assert written({"name": "Here", **given}, POINT) == expected
    assert written(given, POINT) is None, "without a name"


def test_sidings_come_later_than_the_railway() -> None:
    found = [classify_row({"railway": "rail", **further}, LINES) for further in ({}, {"service": "siding"})]
    first, siding = (one.drawn.from_zoom for one in found if isinstance(one, Feature) and one.drawn)
    assert first < siding


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"highway": "motorway", "ref": "A 6"}, "A 6"),
        ({"highway": "primary", "ref": "B 37;B 40"}, "B 37 / B 40"),
        ({"highway": "primary", "ref": "B 37", "name": "Pariser Straße"}, "Pariser Straße"),
        ({"highway": "residential", "ref": "7"}, ""),
    ],
)
def test_large_streets_without_a_name_have_their_number(given: Mapping[str, str], name: str) -> None:
    found = classify_row(given, LINES)
    assert isinstance(found, Feature)
    assert found.name == name


@pytest.mark.parametrize(
    ("given", "expected"),
    [("yes", True), ("culvert", True), ("building_passage", False), ("no", False), ("", False)],
)
def test_tunnels(given: str, expected: bool) -> None:
    for kind in ({"highway": "primary"}, {"railway": "rail"}, {"waterway": "river"}):
        found = classify_row({**kind, "tunnel": given}, LINES)
        assert isinstance(found, Feature)
        assert found.is_tunnel is expected


def test_named_parks_and_waters_are_labelled_and_pitches_are_not() -> None:
    labelled = {
        name: classify_row({"name": "Here", **given}, AREAS)
        for name, given in {
            "park": {"leisure": "park"},
            "lake": {"natural": "water"},
            "wood": {"landuse": "forest"},
            "pitch": {"leisure": "pitch"},
            "field": {"landuse": "farmland"},
            "stadium": {"leisure": "stadium"},
        }.items()
    }
    assert {name for name, one in labelled.items() if isinstance(one, Feature) and one.is_labelled} == {
        *("park", "lake", "wood")
    }
    stadium = labelled["stadium"]
    assert isinstance(stadium, Feature)
    assert stadium.label == Labelled("landmark", 6, 13)


@pytest.mark.parametrize(
    "column",
    [
        '{"railway":"station","wheelchair":"yes"}',
        '"railway"=>"station","wheelchair"=>"yes"',
    ],
)
def test_tags_in_one_column_are_read(column: str) -> None:
    assert written({"name": "Hauptbahnhof", "other_tags": column}, POINT) == ("station", 4)


@pytest.mark.parametrize("column", ["{", "[" * 5_000, '{"a":{"b":1}}', "{}", '"a"=>', '{"railway":1}'])
def test_broken_columns_of_tags_hold_none(column: str) -> None:
    assert words({"name": "Here", "other_tags": column}, POINT) == ""


def test_escaped_quotes_in_tags_are_read() -> None:
    found = classify_row({"place": "city", "all_tags": r'"name"=>"The \"Town\""'}, POINT)
    assert isinstance(found, Feature)
    assert found.name == 'The "Town"'


@pytest.mark.parametrize(
    ("given", "shape", "expected"),
    [
        ({"layer": "areas", "class": "water"}, AREAS, Drawn("water", 4)),
        ({"layer": "line", "class": "rail"}, LINES, Drawn("rail", 8)),
        ({"class": "street"}, LINES, Drawn("street", 12)),
        ({"Class": "Street", "ZOOM": "9"}, LINES, Drawn("street", 9)),
        ({"class": "street", "zoom": 99}, LINES, Drawn("street", 15)),
        ({"class": "street", "highway": "motorway"}, LINES, Drawn("street", 12)),
        # OpenStreetMap's tag says what lies above what.
        ({"layer": "-1", "highway": "motorway"}, LINES, Drawn("motorway", 5)),
    ],
)
def test_own_columns(given: Mapping[str, object], shape: Shape, expected: Drawn) -> None:
    found = classify_row(given, shape)
    assert isinstance(found, Feature)
    assert found.drawn == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"class": "city", "name": "Here"}, Labelled("city", 1, 4)),
        ({"class": "landmark", "name": "Here", "rank": "3"}, Labelled("landmark", 3, 13)),
        ({"layer": "labels", "class": "park", "name": "Here", "rank": 12}, Labelled("park", 9, 13)),
        ({"class": "station", "name": "Here", "rank": "first"}, Labelled("station", 5, 12)),
    ],
)
def test_own_labels(given: Mapping[str, object], expected: Labelled) -> None:
    found = classify_row(given, POINT)
    assert isinstance(found, Feature)
    assert found.label == expected


@pytest.mark.parametrize(
    ("given", "shape", "expected"),
    [
        ({"layer": "areas", "class": "castle"}, AREAS, "area castle"),
        ({"layer": "areas", "class": "water"}, LINES, "area water"),
        ({"class": "city"}, POINT, "label without a name"),
        ({"amenity": "bench", "backrest": "yes"}, POINT, "amenity=bench"),
        ({"highway": "platform", "public_transport": "platform"}, LINES, "highway=platform"),
        ({"fclass": "vending_any"}, POINT, "fclass=vending_any"),
        ({"OBJART": "51001"}, AREAS, "51001"),
        ({"colour": "red"}, AREAS, ""),
        ({}, LINES, ""),
    ],
)
def test_what_is_unknown_is_named(given: Mapping[str, object], shape: Shape, expected: str) -> None:
    assert words(given, shape) == expected


@pytest.mark.parametrize(
    ("given", "shape", "expected"),
    [
        ({"fclass": "forest"}, AREAS, "wood"),
        ({"fclass": "water"}, AREAS, "water"),
        ({"fclass": "residential"}, LINES, "street"),
        ({"fclass": "residential"}, AREAS, "built"),
        ({"fclass": "rail"}, LINES, "rail"),
        ({"fclass": "stream"}, LINES, "river"),
    ],
)
def test_classes_of_geofabrik(given: Mapping[str, object], shape: Shape, expected: str) -> None:
    assert drawn(given, shape) == expected


def test_names_and_tunnels_of_geofabrik() -> None:
    assert written({"fclass": "suburb", "name": "Betzenberg"}, POINT) == ("district", 3)
    found = classify_row({"fclass": "motorway", "ref": "A 6", "tunnel": "T"}, LINES)
    assert found == Feature("A 6", Drawn("motorway", 5), is_tunnel=True)


@pytest.mark.parametrize(
    ("given", "shape", "expected"),
    [
        ({"OBJART": "43002"}, AREAS, "wood"),
        ({"OBJART": 43002}, AREAS, "wood"),
        ({"OBJART": "43002.0"}, AREAS, "wood"),
        ({"OBJART_TXT": "AX_Wald"}, AREAS, "wood"),
        ({"nutzart": "Wald"}, AREAS, "wood"),
        ({"nutzart": "Industrie- und Gewerbefläche"}, AREAS, "industry"),
        ({"objart_txt": "AX_IndustrieUndGewerbeflaeche"}, AREAS, "industry"),
        ({"nutzart": "Stehendes Gewässer"}, AREAS, "water"),
        ({"nutzart": "Wohnbaufläche"}, AREAS, "built"),
        ({"nutzart": "Sport-, Freizeit- und Erholungsfläche"}, AREAS, "park"),
        ({"OBJART": "43001"}, AREAS, "farm"),
        ({"OBJART": "42014"}, LINES, "rail"),
        ({"OBJART": "44004"}, LINES, "river"),
        ({"OBJART": "42003", "WDM": "1301"}, LINES, "motorway"),
        ({"OBJART": "42003", "WDM": "1303"}, LINES, "primary"),
        ({"OBJART": "42003", "WDM": "1305"}, LINES, "secondary"),
        ({"OBJART": "42003", "WDM": "1307"}, LINES, "street"),
        ({"OBJART": "42003", "WIDMUNG": "Bundesstraße"}, LINES, "primary"),
        ({"OBJART": "53003"}, LINES, "path"),
        ({"OBJART": "43002"}, LINES, None),
    ],
)
def test_kinds_of_official_data(given: Mapping[str, object], shape: Shape, expected: str | None) -> None:
    assert drawn(given, shape) == expected


def test_names_of_official_data() -> None:
    road = {"OBJART": "42003", "WDM": "1303", "BEZ": "B 37"}
    assert classify_row(road, LINES) == Feature("B 37", Drawn("primary", 8))
    assert classify_row({**road, "NAM": "Pariser Straße"}, LINES) == Feature(
        "Pariser Straße", Drawn("primary", 8)
    )
    lake = classify_row({"OBJART": "44006", "NAM": "Gelterswoog"}, AREAS)
    assert lake == Feature("Gelterswoog", Drawn("water", 4), is_labelled=True)


def test_tables_name_classes_zooms_and_ranks_that_exist() -> None:
    lines = [*tags._HIGHWAYS.values(), *tags._RAILWAYS.values(), *tags._WATERWAYS.values(), tags._OF_SIDINGS]
    lines += [*official._LINES.values(), *official._CLASSES_OF_ROADS.values(), official._OTHER_ROADS]
    areas = [one for values in tags._AREAS.values() for one in values.values()]
    areas += official._AREAS.values()
    labels = [*tags._PLACES.values(), *(one for values in tags._SIGHTS.values() for one in values.values())]
    labels += columns._LABELS.values()
    assert {one.kind for one in lines} == set(CLASSES[LINE])
    assert {one.kind for one in areas} == set(CLASSES[AREA])
    assert {one.kind for one in labels} == set(CLASSES[LABEL])
    assert set(columns._ZOOMS) == {*CLASSES[LINE], *CLASSES[AREA]}
    zooms = [one.from_zoom for one in (*lines, *areas)] + [one.from_zoom for one in labels]
    assert all(0 <= zoom <= LAST_ZOOM for zoom in zooms)
    assert all(1 <= one.rank <= LEAST_RANK for one in labels)
    assert set(official._NUMBERS.values()) <= {*official._AREAS, *official._LINES, *official._ROADS}
