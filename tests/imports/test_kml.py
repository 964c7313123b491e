"""KML that maps and geodata offices export: schemas in folders, links to other files."""

import zipfile

import pytest

from mapping.imports.messages import file_sentence
from mapping.imports.reading import kml
from mapping.imports.reading.tables import Row, TableProblem, open_table
from tests.imports.conftest import Files

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
END = "</Document></kml>"
SCHEMA = '<Schema name="Bezirke" id="s"><SimpleField name="nr" type="string"/></Schema>'
PLACE = (
    "<Placemark><name>{name}</name><ExtendedData><SchemaData schemaUrl='#s'>"
    "<SimpleData name='nr'>{number}</SimpleData></SchemaData></ExtendedData>"
    "<Point><coordinates>7.77,49.44,231</coordinates></Point></Placemark>"
)
LINK = "<NetworkLink><name>K</name><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"


def read(files: Files, content: str, name: str = "rows.kml") -> list[Row]:
    with open_table(files.text(content, name)) as table:
        return [row for batch in table.rows(drop_heights=True) for row in batch]


@pytest.mark.parametrize("before", ["", SCHEMA.replace("nr", "other").replace('id="s"', 'id="o"')])
def test_attributes_of_a_schema_in_a_folder_are_read(files: Files, before: str) -> None:
    places = PLACE.format(name="Mitte", number="01") + PLACE.format(name="Nord", number="02")
    found = read(files, f"{HEAD}{before}<Folder><name>F</name>{SCHEMA}{places}</Folder>{END}")
    assert [(row.fields["Name"], row.fields["nr"]) for row in found] == [("Mitte", "01"), ("Nord", "02")]


def test_schema_of_a_large_file_stays_where_it_is(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kml, "LARGEST_REWRITTEN", 10)
    place = PLACE.format(name="Mitte", number="01")
    [row] = read(files, f"{HEAD}<Folder><name>F</name>{SCHEMA}{place}</Folder>{END}")
    assert row.fields["Name"] == "Mitte"


def test_unfinished_schema_is_no_reason_to_loop(files: Files) -> None:
    broken = f"{HEAD}<Folder><name>F</name><Schema name='a' id='s'>{END}"
    with pytest.raises(TableProblem):
        read(files, broken)


@pytest.mark.parametrize("prefix", ["", "kml:"])
def test_file_that_only_points_to_another_one_is_refused(files: Files, prefix: str) -> None:
    link = LINK.replace("<NetworkLink>", f"<{prefix}NetworkLink>").replace("</Net", f"</{prefix}Net")
    head = HEAD.replace("<kml ", '<kml xmlns:kml="http://www.opengis.net/kml/2.2" ')
    with pytest.raises(TableProblem, match="only points to another file") as caught:
        read(files, f"{head}{link}{END}")
    assert "verweist nur auf eine andere Datei" in file_sentence(caught.value.code, caught.value.params)


def test_archive_that_only_points_to_another_file_is_refused(files: Files) -> None:
    packed = files.folder / "rows.kmz"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("doc.kml", f"{HEAD}{LINK}{END}")
    with pytest.raises(TableProblem, match="only points to another file"), open_table(packed):
        pass


def test_places_beside_a_link_are_read(files: Files) -> None:
    [row] = read(files, f"{HEAD}{LINK}{SCHEMA}{PLACE.format(name='Mitte', number='01')}{END}")
    assert row.fields["nr"] == "01"
