"""No table that we write holds a text that a spreadsheet computes; read back, each is as it was."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from openpyxl import load_workbook

from mapping.exports.formats.csv import table
from mapping.geo.formulas import guarded
from mapping.geo.unseen import undisguised
from mapping.imports.rejections import RejectedRow
from mapping.models import Campaign, District, DistrictLayer
from mapping.planning.imports.run import Rejections
from tests import personas
from tests.exports.conftest import download
from tests.geo.test_formulas import COMPUTED, PLAIN
from tests.imports.conftest import run
from tests.personas import make_comment, make_contribution

pytestmark = pytest.mark.django_db

TEXTS = [*COMPUTED, *PLAIN[1:]]


def cells_of(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")) for cell in row]


def downloaded(campaign: Campaign, folder: Path) -> list[str]:
    for text in TEXTS:
        make_contribution(campaign, text=text)
    return cells_of(download(folder, "csv").read_bytes().decode())


def comments(campaign: Campaign, folder: Path) -> list[str]:
    commented = make_contribution(campaign)
    for text in TEXTS:
        make_comment(commented, text)
    with zipfile.ZipFile(download(folder, "shp.zip", "include=comments")) as archive:
        return cells_of(archive.read("comments.csv").decode())


def dictionary(_campaign: Campaign, _folder: Path) -> list[str]:
    return cells_of(table([["code", text] for text in TEXTS]).decode())


def heat_map(campaign: Campaign, _folder: Path) -> list[str]:
    campaign.district_layer = DistrictLayer.objects.create(slug="quarters", title="Quarters")
    campaign.save()
    for number, text in enumerate(one for one in TEXTS if undisguised(one) == one):
        west = 7.72 + number / 500
        area = MultiPolygon(Polygon.from_bbox((west, 49.43, west + 0.002, 49.45)))
        District.objects.create(layer=campaign.district_layer, code=str(number), name=text, geom=area)
        make_contribution(campaign, (west + 0.001, 49.44))
    answer = Client().get(f"/api/v1/campaigns/{campaign.slug}/heatmap?f=csv&grid=district")
    return cells_of(answer.content.decode())


def rejected(_campaign: Campaign, folder: Path) -> list[str]:
    with Rejections(folder / "rejected.csv", ("Text",)) as rows:
        for number, text in enumerate(TEXTS):
            rows.write(RejectedRow(number, "text", "too_long", ""), {"Text": text})
    return cells_of((folder / "rejected.csv").read_bytes().decode())


@pytest.mark.parametrize("written", [downloaded, comments, dictionary, heat_map, rejected])
def test_text_in_a_table_is_no_formula(
    campaign: Campaign, tmp_path: Path, written: Callable[[Campaign, Path], list[str]]
) -> None:
    found = set(written(campaign, tmp_path))
    names = set(District.objects.values_list("name", flat=True))  # these hold no unseen characters
    assert {guarded(text) for text in names or TEXTS} <= found


def test_cell_of_a_workbook_is_a_text_whatever_it_begins_with(campaign: Campaign, tmp_path: Path) -> None:
    for text in TEXTS:
        make_contribution(campaign, text=text.replace("\x0b", " "))
    sheet = load_workbook(download(tmp_path, "xlsx")).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}


def test_table_is_read_back_without_its_apostrophes(campaign: Campaign, tmp_path: Path) -> None:
    texts = {"=1+1", "'=1+1", "-5", "@home", "\uff0b1", "'s Wirtshaus"}
    for text in texts:
        make_contribution(campaign, text=text)
    copy = personas.make_campaign("copy")
    path = download(tmp_path, "csv")
    run("import_contributions", copy.slug, path, "--category-field", "category", "--text-field", "text")
    assert {one.text for one in copy.contributions.all()} == texts
