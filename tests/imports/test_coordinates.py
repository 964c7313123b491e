"""Coordinates with decimal commas inside of GIS files: refused by name, whatever the format; right ones are read."""

from pathlib import Path

import pytest
import shapely

from mapping.imports.problems import TableProblem
from mapping.imports.reading.tables import open_table
from tests.imports.conftest import Files

KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name>'
    "<ExtendedData><Data name='coordinates'><value>links, Mitte</value></Data></ExtendedData>{}"
    "</Placemark></Document></kml>"
)
GPX = (
    '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    "<wpt {}><name>A</name></wpt></gpx>"
)
GML = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:a="http://a"><gml:featureMember>'
    "<a:bench><a:pos>links, Mitte</a:pos><a:X>7,5 m</a:X><a:place>{}</a:place></a:bench>"
    "</gml:featureMember></gml:FeatureCollection>"
)
MIF = 'Version 300\nCharset "Neutral"\nDelimiter ","\nColumns 1\n  n Char(10)\nData\n\n{}\n'
TEMPLATES = {".kml": KML, ".gpx": GPX, ".gml": GML, ".mif": MIF}

WRONG = [
    (".gpx", 'lat="49,4443" lon="7,7689"', "49,4443"),
    (".gpx", 'lon="7.7689" lat="49°26\'"', "49°26'"),
    (".kml", "<Point><coordinates>7,7689,49,4443</coordinates></Point>", "7,7689,49,4443"),
    (".kml", "<Point><coordinates>7,7689 49,4443</coordinates></Point>", "7,7689 49,4443"),
    (".kml", "<Point><coordinates>7,7689,49,4443,0</coordinates></Point>", "7,7689,49,4443,0"),
    (".kml", "<Point><coordinates>7.7689;49.4443</coordinates></Point>", "7.7689;49.4443"),
    (".kml", "<LineString><coordinates>7,7689 49,4443 7,77 49,45</coordinates></LineString>", "7,7689"),
    (".gml", "<gml:Point><gml:pos>7,7689 49,4443</gml:pos></gml:Point>", "7,7689 49,4443"),
    (".gml", "<gml:Point><gml:pos>412345,67 5477000,12</gml:pos></gml:Point>", "412345,67 5477000,12"),
    (
        ".gml",
        "<gml:LineString><gml:posList>7,7689 49,4443 7,77 49,45</gml:posList></gml:LineString>",
        "7,7689",
    ),
    (".gml", "<gml:Point><gml:coordinates>7,7689,49,4443</gml:coordinates></gml:Point>", "7,7689,49,4443"),
    (
        ".gml",
        "<gml:Point><gml:coord><gml:X>7,7689</gml:X><gml:Y>49,4443</gml:Y></gml:coord></gml:Point>",
        "7,7689",
    ),
    (".mif", "Point 7,7689 49,4443", "7,7689 49,4443"),
    (".mif", "Pline 2\n7,7689 49,4443\n7,77 49,45", "7,7689 49,4443"),
]
RIGHT = [
    (".gpx", 'lat=" 49.4443" lon="7.7689"'),
    (".kml", "<Point><coordinates>7.7689,49.4443</coordinates></Point>"),
    (".kml", "<Point><coordinates>\n  7.7689, 49.4443 \n</coordinates></Point>"),
    (".gml", "<gml:Point><gml:pos>7.7689 49.4443</gml:pos></gml:Point>"),
    (".gml", "<gml:Point><gml:coordinates>7.7689,49.4443</gml:coordinates></gml:Point>"),
    (
        ".gml",
        '<gml:Point><gml:coordinates decimal="," cs=" " ts=";">7,7689 49,4443</gml:coordinates></gml:Point>',
    ),
    (".mif", "Point 7.7689, 49.4443"),
]


def written(files: Files, ending: str, geometry: str) -> Path:
    files.text('"a"\n', "rows.mid")
    return files.text(TEMPLATES[ending].format(geometry), f"rows{ending}")


@pytest.mark.parametrize(("ending", "geometry", "example"), WRONG)
def test_decimal_comma_is_refused_by_name(files: Files, ending: str, geometry: str, example: str) -> None:
    with pytest.raises(TableProblem) as refused, open_table(written(files, ending, geometry)):
        pass
    assert (refused.value.code, refused.value.params) == ("file_coordinates_unreadable", {"example": example})


@pytest.mark.parametrize(("ending", "geometry"), RIGHT)
def test_coordinates_with_points_are_read(files: Files, ending: str, geometry: str) -> None:
    with open_table(written(files, ending, geometry)) as table:
        [[row]] = table.rows()
    assert shapely.get_coordinates(row.geometry).tolist() == [pytest.approx([7.7689, 49.4443])]


def test_whole_degrees_and_lines_are_read(files: Files) -> None:
    line = "<LineString><coordinates>7,49 8,50,0 7.5,49.5</coordinates></LineString>"
    with open_table(written(files, ".kml", line)) as table:
        [[row]] = table.rows(drop_heights=True)
    assert shapely.get_coordinates(row.geometry).tolist() == [[7, 49], [8, 50], [7.5, 49.5]]
