"""What we write, we read: every download of contributions, imported into a campaign of the same make."""

from pathlib import Path

import pytest
import shapely
from pytest_django.fixtures import Settings

from mapping.exports.registry import formats
from mapping.models import Campaign, Contribution
from tests import personas
from tests.exports.conftest import download
from tests.imports.conftest import run
from tests.personas import GOOD_ANSWERS, make_contribution

pytestmark = pytest.mark.django_db

LINE = "LINESTRING(7.7689 49.4447, 7.7687 49.4361, 7.7512345 49.4312345)"
AREA = (
    "POLYGON((7.76 49.44, 7.77 49.44, 7.77 49.45, 7.76 49.45, 7.76 49.44),"
    " (7.762 49.442, 7.762 49.443, 7.763 49.443, 7.763 49.442, 7.762 49.442))"
)
TEXT = 'Zwei Zeilen:\n"Größe", Straße; 7,5 km – =1+1'
UNREAD = frozenset({"gpx", "package.zip"})
"""GPX has no place for attributes; the package holds the other formats."""

LAYERS = {
    "gpkg": ("points", "lines", "areas"),
    "shp.zip": ("points.shp", "lines.shp", "areas.shp"),
    "xlsx": ("Beiträge",),
}


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def given(campaign: Campaign) -> list[Contribution]:
    return [
        make_contribution(campaign, (7.7512345, 49.4312345), category="spot", text=TEXT),
        make_contribution(campaign, LINE, category="street", text="Ein Weg"),
        # 254 bytes are the most that a Shapefile can hold.
        make_contribution(campaign, AREA, category="meadow", text="ä" * 120),
        make_contribution(campaign, (7.75, 49.44), category="survey", text="", answers=GOOD_ANSWERS),
    ]


def _place(one: Contribution) -> str:
    """The place as text, its rings begun and turned alike: Shapefiles turn them the other way."""
    return "" if one.geom is None else shapely.to_wkt(shapely.normalize(shapely.from_wkt(one.geom.wkt)), 7)


def known(campaign: Campaign) -> list[tuple[object, ...]]:
    """What makes a contribution, without its id."""
    return sorted(
        (
            one.category.slug,
            _place(one),
            one.text,
            one.created_at.replace(microsecond=0).isoformat(),
            repr(sorted(one.answers.items())),
        )
        for one in campaign.contributions.select_related("category")
    )


def field_of(slug: str, ending: str) -> str:
    """The column of a question: `text` is taken, and names in Shapefiles have ten letters."""
    name = "answer_text" if slug == "text" else slug
    return name.replace("-", "_")[:10] if ending == "shp.zip" else name


@pytest.mark.parametrize("ending", [one.name for one in formats() if one.name not in UNREAD])
def test_download_is_read_back_without_loss(
    campaign: Campaign, given: list[Contribution], ending: str, tmp_path: Path
) -> None:
    copy = personas.make_campaign("copy")
    path = download(tmp_path, ending)
    identifier = "contribution_id" if ending == "kml" else "id"
    options = ["--id-field", identifier, "--category-field", "category", "--text-field", "text"]
    options += ["--time-field", "created"]
    for slug in GOOD_ANSWERS:
        options += ["--answer", f"{slug}={field_of(slug, ending)}"]
    for layer in LAYERS.get(ending, ("",)):
        run("import_contributions", copy.slug, path, *options, *(("--layer", layer) if layer else ()))
    assert known(copy) == known(campaign)
