"""More rows than a sheet holds, and short names that are no XML ids."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mapping.exports.formats import spreadsheet
from mapping.models import Campaign, Category
from tests.exports.conftest import download
from tests.personas import make_campaign, make_contribution

_XML_ID = re.compile(r"[A-Za-z_][\w.-]*")


def test_rows_go_on_in_a_second_sheet(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    for _ in range(3):
        make_contribution(campaign)
    with zipfile.ZipFile(download(tmp_path, "xlsx")) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        rows = [book.read(f"xl/worksheets/sheet{number}.xml").count(b"<row") for number in (1, 2)]
    assert names == ["Beiträge", "Beiträge 2", "Felder"]
    assert rows == [3, 2]


def test_ids_in_kml_are_ids_of_xml(db: None, tmp_path: Path) -> None:
    campaign = make_campaign("2026-heat", with_categories=False)
    Category.objects.create(campaign=campaign, slug="1st", title="First", geometry_types=["point"])
    make_contribution(campaign, category="1st")
    root = ET.parse(download(tmp_path, "kml", slug="2026-heat")).getroot()  # noqa: S314 - our own file
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert {"campaign-2026-heat", "category-1st"} <= set(ids)
    assert all(_XML_ID.fullmatch(one) for one in ids)
