"""The report holds what was counted, in one file without a link to anything, whatever words stand in it."""

import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import CommandError, call_command
from django.utils import translation
from PIL import Image

from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import cell_of
from mapping.models import Campaign, Release, ReleaseCell
from mapping.models.release import WHOLE
from mapping.reports import assets
from mapping.reports.classes import classes_of, density_classes_of, mean_classes_of, step_of
from mapping.reports.content import districts_of, exact_content
from mapping.reports.page import html_of
from mapping.reports.picture import HEIGHT, WIDTH, png_of
from mapping.services.setup.city.page import NewLogo, set_page
from tests import personas
from tests.filtering import filtered
from tests.reports.conftest import NASTY


class Elements(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.addresses: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.addresses += [(tag, name, value) for name, value in attrs if name in LINKING]


LINKING = {"src", "href", "srcset", "action", "poster", "background", "xlink:href", "style", "onerror"}
DATA = re.compile(r'<script type="application/json" id="report-data">(.*?)</script>', re.DOTALL)


def html(campaign: Campaign, language: str = "en", **filters: object) -> str:
    with translation.override(language):
        return html_of(exact_content(campaign, HeatmapQuery(campaign.pk, **filters)))  # type: ignore[arg-type]


def test_report_holds_what_the_heat_map_counts(reported: Campaign) -> None:
    query = HeatmapQuery(reported.pk)
    content, found = exact_content(reported, query), heatmap(query)
    assert {cell.id: (cell.contributions, cell.participants) for cell in content.cells} == {
        one.cell.id: (one.contributions, one.participants) for one in found.cells
    }
    assert (content.totals.contributions, content.totals.participants, content.totals.unlocated) == (5, 5, 1)
    assert [(part.category.slug, part.contributions) for part in content.categories] == [
        ("survey", 3),
        ("street", 1),
        ("idea", 1),
    ]
    assert sum(one.value for one in content.bins) == content.bins[-1].so_far == 5
    assert [cell.contributions for cell in content.cells] == sorted(
        (cell.contributions for cell in content.cells), reverse=True
    )
    assert content.has_few
    assert not content.is_confidential


def test_small_maps_show_cells_of_their_category_only(reported: Campaign) -> None:
    content = exact_content(reported, HeatmapQuery(reported.pk))
    survey = content.categories[0]
    assert [cell.contributions for cell in survey.cells] == [2, 1]
    assert len(survey.cells) == len(
        heatmap(HeatmapQuery(reported.pk, filter=filtered(categories=("survey",)))).cells
    )
    assert not content.categories[2].cells


def test_report_links_nothing(reported: Campaign) -> None:
    text = html(reported)
    assert "default-src 'none'" in text
    elements = Elements()
    elements.feed(text)
    assert elements.names.isdisjoint(
        {"link", "iframe", "img", "base", "object", "embed", "form", "meta refresh"}
    )
    assert elements.addresses == []
    assert not re.search("sourceMappingURL|cdn|jquery|bootstrap", text, re.IGNORECASE)
    [style] = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    assert not re.search(r"url\(|@import", style)
    assert text.count("drawHeatMap(map_") == 3  # all of it, and two categories with places


def test_report_and_picture_bear_the_logo_of_the_city(reported: Campaign) -> None:
    editor = personas.make_user("city@example.org", may_edit_city=True)
    plain = png_of(exact_content(reported, HeatmapQuery(reported.pk)))
    file = io.BytesIO()
    Image.new("RGB", (640, 200), (255, 0, 255)).save(file, "PNG")
    set_page(editor, {"logo_alt": "Coat of <arms>"}, NewLogo(file.getvalue()))
    elements = Elements()
    text = html(reported)
    elements.feed(text)
    [(tag, name, address)] = elements.addresses
    assert (tag, name) == ("img", "src")
    assert (address or "").startswith("data:image/png;base64,")
    assert 'alt="Coat of &lt;arms&gt;"' in text
    drawn = png_of(exact_content(reported, HeatmapQuery(reported.pk)))
    for picture, number in ((plain, 0), (drawn, 320 * 100)):
        colours = {colour: n for n, colour in Image.open(io.BytesIO(picture)).getcolors(1 << 24) or []}
        assert colours.get((255, 0, 255), 0) == number


def test_words_of_people_stay_words(reported: Campaign) -> None:
    text = html(reported)
    assert NASTY not in text
    assert "&lt;/script&gt;" in text
    data = json.loads(DATA.findall(text)[0])
    assert data["attribution"] == f"Data: {NASTY}"
    assert [district["name"] for district in data["districts"]] == [f"West {NASTY}", "East"]


def test_report_speaks_the_chosen_language(reported: Campaign) -> None:
    assert '<html lang="de">' in html(reported, "de")
    english = html(reported, "en", filter=filtered(categories=("survey",)))
    assert '<html lang="en">' in english
    assert "Categories: Survey" in english
    assert "Only 3 contributors stand behind this map" in english


def test_report_of_nothing_says_so(campaign: Campaign) -> None:
    text = html(campaign)
    assert "No cell: nothing with a place was counted." in text
    assert json.loads(DATA.findall(text)[0])["outlines"] == []
    assert png_of(exact_content(campaign, HeatmapQuery(campaign.pk)))


def test_report_of_a_campaign_without_area_and_districts(campaign: Campaign) -> None:
    campaign.area = None
    campaign.save()
    personas.make_contribution(campaign)
    content = exact_content(campaign, HeatmapQuery(campaign.pk))
    assert html_of(content)
    assert png_of(content)


def test_picture_is_a_slide_with_the_colours_of_the_legend(reported: Campaign) -> None:
    image = Image.open(io.BytesIO(png_of(exact_content(reported, HeatmapQuery(reported.pk)))))
    assert (image.format, image.size, image.mode) == ("PNG", (WIDTH, HEIGHT), "RGB")
    colours = {colour for _number, colour in image.getcolors(1 << 24) or []}
    assert len(colours) > 50


def test_exact_report_of_a_protected_campaign_says_that_it_is_not_for_publication(
    cells_campaign: Campaign,
) -> None:
    personas.make_contribution(cells_campaign)
    assert "Not for publication." in html(cells_campaign)


def test_pending_contributions_are_not_for_publication_either(reported: Campaign) -> None:
    assert "Not for publication." in html(reported, filter=filtered(("published", "pending")))


@pytest.mark.parametrize(
    "values", [[], [0], [1, 1, 1], [3, 1, 2], range(1, 7), [1, 10_000], [1] * 900 + [2, 3, 9, 40, 41, 600]]
)
def test_every_value_has_its_class(values: list[int]) -> None:
    classes = classes_of(values)
    assert len(classes) <= 5
    assert sum(one.cells for one in classes) == sum(value > 0 for value in values)
    for value in values:
        step = step_of(value, classes)
        found = [one for one in classes if one.low <= value <= one.high]
        assert [one.step for one in found] == ([] if step is None else [step])


def test_classes_are_those_of_the_map_of_planners() -> None:
    assert [(one.low, one.high) for one in classes_of([1, 2, 4, 8, 15, 50, 200, 697])] == [
        (1, 4),
        (5, 15),
        (16, 50),
        (51, 200),
        (201, 697),
    ]


def test_script_that_would_end_its_element_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_text", lambda _path: "const a = '</script>'")
    with pytest.raises(ValueError, match="end of a script"):
        assets.script("any.js")


def test_command_writes_page_and_picture(reported: Campaign, tmp_path: Path) -> None:
    page, picture = tmp_path / "report.html", tmp_path / "report.png"
    call_command("heatmap_report", reported.slug, out=page, png=picture, language="en", start="2026-05-02")
    assert "Period: from Sat 2 May 2026" in page.read_text(encoding="utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_command_knows_what_the_planners_page_filters_by(reported: Campaign, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    call_command(
        "heatmap_report",
        *(reported.slug, f"--out={page}", "--language=en", "--grid=district", "--measure=participants"),
        *("--weekday=7,1,2,3,4,5,6", "--hours=0-23", "--source=online", "--source=paper", "--district=1"),
    )
    text = page.read_text(encoding="utf-8")
    for words in (
        "Contributors per district",
        "Weekdays: Monday, Tuesday",
        "Time of day: 0 to 23 o’clock",
        "Received: ",
        "Districts: West ",
    ):
        assert words in text
    call_command("heatmap_report", reported.slug, f"--out={page}", "--language=en", "--measure=mean:scale")
    assert "Mean of “" in page.read_text(encoding="utf-8")


def test_command_refuses_what_makes_no_sense(
    reported: Campaign, cells_campaign: Campaign, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    for slug, options, reason in (
        ("no-such", {}, "no campaign"),
        (reported.slug, {"category": ["nothing"]}, "keine Kategorie mit diesem Namen"),
        (reported.slug, {"start": "31.12.2026"}, "no date"),
        (reported.slug, {"weekday": "8", "language": "en"}, "for example 6,7"),
        (reported.slug, {"hours": "25-3"}, "20-6"),
        (reported.slug, {"district": ["9"]}, "district: "),
        (reported.slug, {"measure": "weight"}, "--measure weight is unknown"),
        (reported.slug, {"measure": "mean:colour"}, "has no scale or number colour"),
        (cells_campaign.slug, {"grid": "hexagon"}, "a release knows no filter"),
        (cells_campaign.slug, {"hours": "20-6"}, "a release knows no filter"),
        (cells_campaign.slug, {"exact": True, "grid": "district", "language": "en"}, "no districts"),
        (reported.slug, {"start": "2026-05-02", "end": "2026-05-01"}, "."),
        (reported.slug, {"out": tmp_path / "no" / "folder.html"}, "cannot be written"),
        (cells_campaign.slug, {}, "no release yet"),
        (cells_campaign.slug, {"category": ["spot"]}, "a release knows no filter"),
    ):
        with pytest.raises(CommandError, match=reason):
            call_command("heatmap_report", slug, **({"out": page} | options))
    with pytest.raises(CommandError, match="where to write"):
        call_command("heatmap_report", reported.slug)
    assert not page.exists()
    call_command("heatmap_report", cells_campaign.slug, out=page, exact=True)
    assert page.exists()


def test_too_many_cells_and_unknown_sizes_are_problems(reported: Campaign) -> None:
    with pytest.raises(QueryProblem):
        exact_content(reported, HeatmapQuery(reported.pk, 123))


@pytest.mark.parametrize(
    "asked",
    [
        {"grid": "hexagon", "size": 500},
        {"grid": "district"},
        {"measure": "participants"},
        {"measure": "support"},
        {"measure": "mean", "question": "scale"},
    ],
)
def test_every_grid_and_measure_can_be_taken_along(reported: Campaign, asked: dict[str, object]) -> None:
    rated = reported.contributions.filter(category__slug="survey").order_by("created_at")
    for number, contribution in enumerate(rated, start=2):
        contribution.answers = {"scale": number}
        contribution.save()
        personas.make_support(contribution)
    query = HeatmapQuery(reported.pk, **asked)  # type: ignore[arg-type]
    content, found = exact_content(reported, query), heatmap(query)
    assert sorted((cell.contributions, cell.participants) for cell in content.cells) == sorted(
        (row[1], row[2]) for row in found.rows
    )
    values = [cell.value for cell in content.cells]
    assert values == sorted(values, key=lambda value: -(value or 0))
    assert sum(one.cells for one in content.classes) == sum(bool(value) for value in values) > 0
    if query.grid == "district":
        assert {cell.name for cell in content.cells} == {f"West {NASTY}", "East"} & {
            cell.name for cell in content.cells
        }
    assert png_of(content)
    assert content.counted in html(reported, "de", **asked)


@pytest.mark.parametrize(
    ("grid", "one", "other", "title"),
    [
        ("square", "square", "cell", "Squares"),
        ("hexagon", "hexagon", "square", "Hexagons"),
        ("district", "district", "hexagon", "Districts"),
    ],
)
def test_cells_are_called_what_they_are(
    reported: Campaign, grid: str, one: str, other: str, title: str
) -> None:
    text = html(reported, grid=grid, size=500)
    legend = text.split('<ul class="legend">', 1)[1].split("</ul>", 1)[0]
    assert re.search(rf"[0-9] {one}s?<", legend)
    assert other not in legend
    assert f"<dt>{title}</dt>" in text


def test_neighbouring_districts_keep_their_border_when_simplified(reported: Campaign) -> None:
    layer = reported.district_layer
    assert layer is not None
    steps = [(7.75 + (0.00002 if step % 2 else 0), 49.4 + step / 10_000) for step in range(200)]
    west = Polygon(((7.7, 49.4), *steps, (7.7, steps[-1][1]), (7.7, 49.4)))
    east = Polygon(((7.8, 49.4), (7.8, steps[-1][1]), *reversed(steps), (7.8, 49.4)))
    for district, outline in zip(layer.districts.order_by("code"), (west, east), strict=True):
        district.geom = MultiPolygon(outline, srid=4326)
        district.save()
    outlines = [one.outline for one in districts_of(reported)]
    assert shapely.get_num_coordinates(outlines).sum() < 40
    assert shapely.coverage_is_valid(outlines)


def test_classes_of_means_are_equally_wide_and_hold_all() -> None:
    classes = mean_classes_of([1.0, 2.34, 3.0, 5.0, 4.999])
    assert [(one.low, one.high) for one in classes] == [
        (1, 1.8),
        (1.8, 2.6),
        (2.6, 3.4),
        (3.4, 4.2),
        (4.2, 5),
    ]
    assert sum(one.cells for one in classes) == 5
    assert [step_of(value, classes) for value in (1.0, 2.34, 5.0, None)] == [0, 1, 4, None]
    assert [one.cells for one in mean_classes_of([3.0, 3.0])] == [2]


@pytest.mark.parametrize("values", [[], [3.0], [0.5, 0.5], [0.537, 43.75, 12.5, 1.56, 6.25], [9.99, 1001.0]])
def test_every_density_has_its_class(values: list[float]) -> None:
    classes = density_classes_of(values)
    assert len(classes) <= 5
    assert sum(one.cells for one in classes) == len(values)
    assert all(step_of(value, classes) is not None for value in values)
    assert all(before.high == after.low for before, after in pairwise(classes))


@pytest.fixture
def released(cells_campaign: Campaign) -> Release:
    """A release with one square of 400 m; another contribution came since."""
    release = Release.objects.create(
        campaign=cells_campaign, number=1, k=5, contributions=14, participants_at_least=10
    )
    ReleaseCell.objects.create(
        release=release,
        size=400,
        cell=cell_of(4159000, 2928000, 400).key,
        mask=WHOLE,
        contributions=14,
        participants_at_least=10,
    )
    personas.make_contribution(cells_campaign, text="A secret")
    return release


def test_report_of_a_protected_campaign_shows_its_release_and_nothing_else(
    released: Release, tmp_path: Path
) -> None:
    page, picture = tmp_path / "report.html", tmp_path / "report.png"
    call_command("heatmap_report", released.campaign.slug, out=page, png=picture, language="en")
    text = page.read_text(encoding="utf-8")
    assert "Not for publication." not in text
    assert "Where too few people contributed, nothing is shown" in text
    assert "Every area stands for contributions of at least 5 different people." in text
    assert text.count("CRS3035RES") == text.count("CRS3035RES400mN2928000E4158800") == 1
    assert "drawHeatMap(map_" in text
    assert json.loads(DATA.findall(text)[0])["value"] == "per km²"
    assert re.search(r">\s*87\.50\s*<", text)  # 14 on 0.16 km²
    assert picture.stat().st_size > 10_000
