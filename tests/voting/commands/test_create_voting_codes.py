"""`bin/manage create_voting_codes`: codes as a table or as letters."""

import csv
import io
from pathlib import Path

import pypdf
import pytest
from django.core.management import CommandError, call_command

from doors.networks import Network
from mapping.models import Campaign, District, DistrictLayer
from tests import personas
from tests.voting.making import make_vote
from voting.models import CodeSeries, VotingCode
from voting.services import letters
from voting.services.codes import read_code

HOME = Network(b"4home")


def create(campaign: Campaign, number: int, path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command(
        "create_voting_codes",
        campaign.slug,
        str(number),
        "--out",
        str(path),
        *options,
        stdout=out,
        stderr=out,
    )
    return out.getvalue()


def test_table_has_codes_that_can_be_read(campaign: Campaign, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    assert "5 codes" in create(campaign, 5, path)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5"]
    for row in rows:
        assert read_code(campaign, row["code"], HOME).number == int(row["number"])
        assert row["link"].endswith(f"/campaigns/{campaign.slug}/votes/#code={row['code']}")
    assert path.stat().st_mode & 0o077 == 0


def test_letters_are_a_page_each_with_the_code_in_words(campaign: Campaign, tmp_path: Path) -> None:
    make_vote(campaign, needs_code=True)
    path = tmp_path / "codes.pdf"
    create(campaign, 3, path)
    pages = pypdf.PdfReader(path).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        code = next(word for word in text.split() if word.count("-") == 2 and len(word) == 13)
        assert read_code(campaign, code, HOME).number == number


def test_many_letters_are_several_files(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "LETTERS_IN_A_FILE", 2)
    monkeypatch.setattr("voting.management.commands.create_voting_codes.LETTERS_IN_A_FILE", 2)
    create(campaign, 3, tmp_path / "codes.pdf")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["codes-1.pdf", "codes-2.pdf"]


def test_district_is_named_by_its_code(campaign: Campaign, tmp_path: Path) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    district = District.objects.create(layer=layer, code="07", name="North", geom=personas.area())
    campaign.district_layer = layer
    campaign.save(update_fields=["district_layer"])
    create(campaign, 2, tmp_path / "north.csv", "--district", "07", "--name", "North")
    assert CodeSeries.objects.get().district == district
    with pytest.raises(CommandError, match="07"):
        create(campaign, 2, tmp_path / "south.csv", "--district", "08")
    assert VotingCode.objects.count() == 2


@pytest.mark.parametrize("number", [0, -1, 200_001])
def test_impossible_numbers_are_refused(campaign: Campaign, tmp_path: Path, number: int) -> None:
    with pytest.raises(CommandError):
        create(campaign, number, tmp_path / "codes.csv")
    assert not list(tmp_path.iterdir())


def test_nothing_is_stored_where_the_file_cannot_be_written(campaign: Campaign, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("kept")
    with pytest.raises(CommandError, match="exists already"):
        create(campaign, 2, path)
    assert path.read_text() == "kept"
    with pytest.raises(CommandError, match="cannot be written"):
        create(campaign, 2, tmp_path / "no" / "codes.csv")
    assert not CodeSeries.objects.exists()


def test_campaign_must_exist(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("create_voting_codes", "nowhere", "2", "--out", str(tmp_path / "codes.csv"))
