"""Every page of the administration opens, says what it is about, and brings nothing from elsewhere."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, User
from doors.models import LogInDoor, Outcome
from doors.networks import Network
from doors.records import record
from mapping.models import (
    Address,
    Campaign,
    CommentStatus,
    District,
    DistrictLayer,
    GroundFeature,
    GroundSource,
    PopulationCell,
    PopulationGrid,
    Reply,
)
from mapping.services.surveys.responses import Sheet, enter_paper
from tests import personas
from tests.ground.world import add_label
from tests.personas import staff_browser
from tests.surveys.world import ask

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//(?!testserver)""")
INLINE = re.compile(
    r"""<script(?![^>]*(?:src=|type="application/json"))[^>]*>|\sstyle=["']|\son[a-z]+=["']"""
)


@pytest.fixture
def browser(administrator: User) -> Client:
    return staff_browser(administrator)


@pytest.fixture
def everything(campaign: Campaign, moderator: User) -> Campaign:
    """At least one row of every model."""
    contribution = personas.make_contribution(campaign, category="survey", answers=personas.GOOD_ANSWERS)
    personas.make_comment(contribution, status=CommentStatus.PENDING)
    personas.make_support(contribution)
    Reply.objects.create(contribution=contribution, author=moderator, status="planned", text="Soon.")
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    square = MultiPolygon(Polygon.from_bbox((7.7, 49.4, 7.8, 49.5)), srid=4326)
    District.objects.create(layer=layer, code="1", name="Centre", geom=square)
    Address.objects.create(name="Rathaus", kind="place", geom=Point(7.77, 49.44, srid=4326))
    ApiToken.issue(moderator, "QGIS")
    record(LogInDoor.PASSWORD, Outcome.FAILED, Network(b"4abc"), moderator.pk, timezone.now())
    grid = PopulationGrid.objects.create(slug="census", title="Census", size=1000)
    PopulationCell.objects.create(grid=grid, cell=291604150, inhabitants=188)
    add_label("Humbergturm")
    return campaign


def pages_of(model: type[Model]) -> Iterator[str]:
    """The list, the form for a new row where there is one, and the page of a row."""
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{base}_changelist")
    row = model._default_manager.first()
    if row is not None:
        yield reverse(f"{base}_change", args=(row.pk,))
    yield reverse(f"{base}_add")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_pages_open_without_anything_from_elsewhere(
    model: type[Model], browser: Client, everything: Campaign
) -> None:
    for path in pages_of(model):
        answer = browser.get(path)
        if path.endswith("/add/") and answer.status_code == 403:
            continue
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert not OUTSIDE.search(page), path
        assert not INLINE.search(page), path
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_lists_are_searchable_or_short(model: type[Model], browser: Client, everything: Campaign) -> None:
    answer = browser.get(next(pages_of(model)), {"q": "zzz"})
    assert answer.status_code == 200


def test_titles_are_those_of_the_project(browser: Client) -> None:
    page = browser.get(reverse("admin:index")).content.decode()
    assert "geoparticipation" in page
    assert "Django" not in page


@pytest.mark.parametrize("name", ["contribution", "comment", "moderationevent", "participant", "support"])
def test_what_services_write_is_read_only(name: str, browser: Client, everything: Campaign) -> None:
    assert browser.get(reverse(f"admin:mapping_{name}_add")).status_code == 403
    model = next(model for model in MODELS if model._meta.model_name == name)
    row = model._default_manager.first()
    assert row is not None
    assert (
        browser.post(reverse(f"admin:mapping_{name}_change", args=(row.pk,)), {"text": "x"}).status_code
        == 403
    )
    assert (
        browser.post(reverse(f"admin:mapping_{name}_delete", args=(row.pk,)), {"post": "yes"}).status_code
        == 403
    )
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "name", ["contribution", "comment", "moderationevent", "participant", "category", "question"]
)
def test_lists_need_no_query_per_row(name: str, browser: Client, campaign: Campaign) -> None:
    path = reverse(f"admin:mapping_{name}_changelist")

    def queries(number: int) -> int:
        for _ in range(number):
            personas.make_comment(personas.make_contribution(campaign), status=CommentStatus.PENDING)
        with CaptureQueriesContext(connection) as counted:
            assert browser.get(path).status_code == 200
        return len(counted)

    assert queries(2) == queries(6)


def test_a_survey_answered_on_paper_is_not_deleted(
    browser: Client, campaign: Campaign, moderator: User
) -> None:
    ask(campaign, "colour", "text")
    enter_paper(campaign, [Sheet({"colour": "red"})], actor=moderator, batch="1")
    path = reverse("admin:mapping_campaign_delete", args=(campaign.pk,))
    assert browser.post(path, {"post": "yes"}).status_code == 403
    assert Campaign.objects.filter(pk=campaign.pk).exists()


def test_a_campaign_in_use_is_not_deleted(browser: Client, everything: Campaign) -> None:
    path = reverse("admin:mapping_campaign_delete", args=(everything.pk,))
    assert browser.post(path, {"post": "yes"}).status_code == 403
    assert Campaign.objects.filter(pk=everything.pk).exists()


def test_a_new_campaign_with_categories_and_area(browser: Client) -> None:
    area = '{"type":"MultiPolygon","coordinates":[[[[7.7,49.4],[7.8,49.4],[7.8,49.5],[7.7,49.4]]]]}'
    answer = browser.post(
        reverse("admin:mapping_campaign_add"),
        {
            "title": "Benches",
            "slug": "benches",
            "publication": "points",
            "k": "5",
            "moderation": "pre",
            "release_rhythm": "daily",
            "open_to": "anyone",
            "area": area,
            "categories-TOTAL_FORMS": "1",
            "categories-INITIAL_FORMS": "0",
            "categories-0-title": "Bench",
            "categories-0-slug": "bench",
            "categories-0-geometry_types": ["point", "line"],
            "categories-0-marker": "circle",
            "categories-0-colour": "blue",
            "categories-0-position": "0",
            "categories-0-smallest_zoom": "0",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    made = Campaign.objects.get(slug="benches")
    assert made.area is not None
    assert made.area.srid == 4326
    assert made.categories.get().geometry_types == ["point", "line"]


@pytest.mark.parametrize(
    "area", ["nonsense", '{"type":"Point","coordinates":[1,2]}', '{"type":"MultiPolygon"}']
)
def test_a_wrong_area_is_refused_and_stays_in_the_form(
    browser: Client, campaign: Campaign, area: str
) -> None:
    path = reverse("admin:mapping_campaign_change", args=(campaign.pk,))
    answer = browser.post(path, {"title": campaign.title, "slug": campaign.slug, "area": area})
    assert answer.status_code == 200
    assert "area" in answer.context["adminform"].form.errors


def test_a_pasted_polygon_serves_as_area(browser: Client) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    polygon = '{"type":"Polygon","coordinates":[[[7.7,49.4],[7.8,49.4],[7.8,49.5],[7.7,49.4]]]}'
    browser.post(
        reverse("admin:mapping_district_add"),
        {"layer": str(layer.pk), "code": "1", "name": "Centre", "geom": polygon},
    )
    assert District.objects.get().geom.geom_type == "MultiPolygon"


@pytest.mark.parametrize(
    "options",
    [
        "{}",
        '{"choices": []}',
        '{"choices": [{"value": "a"}]}',
        "[]",
        '{"choices": ["a"]}',
        '{"choices": [{"value": "a", "title": " "}]}',
        '{"choices": [{"value": "", "title": "A"}]}',
        '{"choices": [{"value": "a", "title": "A"}, {"value": "a", "title": "B"}]}',
        '{"choices": [{"value": "a", "title": "A"}, {"value": "b", "title": "a "}]}',
    ],
)
def test_choices_without_anything_to_choose_are_refused(
    browser: Client, campaign: Campaign, options: str
) -> None:
    answer = browser.post(
        reverse("admin:mapping_question_add"),
        {
            "category": str(personas.category_of(campaign, "spot").pk),
            "title": "When?",
            "slug": "when",
            "kind": "single_choice",
            "options": options,
            "position": "0",
        },
    )
    assert answer.status_code == 200
    assert "options" in answer.context["adminform"].form.errors


def test_a_grid_of_inhabitants_is_deleted_without_a_list_of_its_cells(
    browser: Client, everything: Campaign
) -> None:
    grid = PopulationGrid.objects.get()
    address = reverse("admin:mapping_populationgrid_delete", args=(grid.pk,))
    page = browser.get(address).content.decode()
    assert "Census" in page
    assert "188" not in page
    assert browser.post(address, {"post": "yes"}).status_code == 302
    assert not PopulationGrid.objects.exists()
    assert not PopulationCell.objects.exists()


def test_a_file_of_the_ground_is_deleted_without_a_list_of_its_features(
    browser: Client, everything: Campaign
) -> None:
    source = GroundSource.objects.get()
    address = reverse("admin:mapping_groundsource_delete", args=(source.pk,))
    page = browser.get(address).content.decode()
    assert source.name in page
    assert "Humbergturm" not in page
    assert browser.post(address, {"post": "yes"}).status_code == 302
    assert not GroundFeature.objects.exists()


def test_answered_question_is_removed_where_its_answers_are_decided_about(
    browser: Client, campaign: Campaign
) -> None:
    question = personas.category_of(campaign, "survey").questions.get(slug="scale")
    personas.make_contribution(campaign, category="survey", answers={"scale": 2})
    address = reverse("admin:mapping_question_delete", args=(question.pk,))
    for answer in (browser.get(address), browser.post(address, {"post": "yes"})):
        assert (
            answer.headers["Location"]
            == f"/planning/{campaign.slug}/setup/categories/survey/question/scale/remove/"
        )
    question.refresh_from_db()
    category = browser.get(reverse("admin:mapping_category_change", args=(question.category_id,)))
    assert "-DELETE" not in category.content.decode()
