"""Whatever door a text comes in by, no unseen character of it reaches the public."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.models import Campaign, Category, Comment, Contribution, District, DistrictLayer, Question
from mapping.services import access_links, feedback
from mapping.services.campaigns import NewCampaign, NewCategory, NewQuestion, create_campaign
from mapping.services.moderation import moderate
from tests import personas
from tests.api.conftest import with_token
from tests.catalogue.georeport import post, report
from tests.imports.conftest import Files, files, run
from tests.personas import make_contribution, make_user, staff_browser

pytestmark = pytest.mark.django_db

__all__ = ["files"]

UNSEEN = "\u202e\u200b\u00ad\u2066\u200f\u061c\ufeff\U000e0041"
TYPED = f"Bau{UNSEEN}stelle \u0645\u06cc\u200c\u062e\u0648 \U0001f468\u200d\U0001f469"
KEPT = "Baustelle \u0645\u06cc\u200c\u062e\u0648 \U0001f468\u200d\U0001f469"


def by_api(_campaign: Campaign, _manager: User, _files: Files) -> list[str]:
    body = {"category": "spot", "text": TYPED, "geometry": personas.point()}
    body = {"type": "Feature", "geometry": body.pop("geometry"), "properties": body}
    address = "/api/v1/campaigns/fear-spaces/contributions/"
    assert Client().post(address, body, "application/json").status_code == 201
    return [one.text for one in Contribution.objects.all()]


def answers_by_api(_campaign: Campaign, _manager: User, _files: Files) -> list[str]:
    answers = {"yes-no": True, "text": TYPED, "long-text": TYPED}
    body = {
        "type": "Feature",
        "geometry": personas.point(),
        "properties": {"category": "survey", "answers": answers},
    }
    address = "/api/v1/campaigns/fear-spaces/contributions/"
    assert Client().post(address, body, "application/json").status_code == 201
    stored = Contribution.objects.get().answers
    return [str(stored["text"]), str(stored["long-text"])]


def by_form(_campaign: Campaign, _manager: User, _files: Files) -> list[str]:
    answer = Client().post(reverse("contribute", args=("fear-spaces",)), {"category": "idea", "text": TYPED})
    assert answer.status_code == 303
    return [one.text for one in Contribution.objects.all()]


def by_open311(_campaign: Campaign, _manager: User, _files: Files) -> list[str]:
    assert post(report(description=TYPED)).status_code == 201
    return [one.text for one in Contribution.objects.all()]


def by_ogc(campaign: Campaign, manager: User, _files: Files) -> list[str]:
    body = {
        "type": "Feature",
        "geometry": personas.line(),
        "properties": {"category": "plan", "text": TYPED},
    }
    address = f"/ogc/collections/{campaign.slug}-contributions/items"
    answer = with_token(manager).post(address, json.dumps(body), content_type="application/geo+json")
    assert answer.status_code == 201
    return [one.text for one in Contribution.objects.all()]


def by_import(campaign: Campaign, _manager: User, files: Files) -> list[str]:
    lon, lat = personas.TOWN_HALL
    path = files.csv([{"lon": lon, "lat": lat, "text": TYPED, "category": f"{TYPED}"}])
    run(
        "import_contributions",
        campaign.slug,
        path,
        "--lon",
        "lon",
        "--lat",
        "lat",
        "--text-field",
        "text",
        "--category-field",
        "category",
        "--create-categories",
    )
    stored = Contribution.objects.get()
    return [stored.text, stored.category.title]


def districts_by_import(_campaign: Campaign, _manager: User, files: Files) -> list[str]:
    area = Polygon.from_bbox((7.7, 49.4, 7.8, 49.5))
    path = files.geojson([(json.loads(area.geojson), {"name": TYPED, "code": TYPED})])
    run("import_districts", "wards", path, "--name-field", "name", "--code-field", "code", "--title", TYPED)
    stored = District.objects.get()
    return [stored.name, stored.code, stored.layer.title]


def comments(campaign: Campaign, _manager: User, _files: Files) -> list[str]:
    feedback.comment(make_contribution(campaign), TYPED, "0" * 28)
    return [one.text for one in Comment.objects.all()]


def staff(campaign: Campaign, manager: User, _files: Files) -> list[str]:
    contribution = make_contribution(campaign)
    reply = feedback.reply(contribution, manager, "planned", TYPED)
    moderate.reject(contribution, manager, TYPED)
    link, _secret = access_links.make(campaign, TYPED, actor=manager)
    return [reply.text, contribution.moderation_events.latest("pk").reason, link.name]


def by_admin(_campaign: Campaign, _manager: User, _files: Files) -> list[str]:
    browser = staff_browser(make_user("root@example.org", is_staff=True, is_superuser=True))
    layer = {"title": TYPED, "slug": "wards", "attribution": TYPED}
    assert browser.post(reverse("admin:mapping_districtlayer_add"), layer).status_code == 302
    stored = DistrictLayer.objects.get()
    question = Question.objects.get(slug="single-choice")
    options = {"choices": [{"value": "day", "title": TYPED}, {"value": "night", "title": "At night"}]}
    fields = {"category": question.category_id, "title": TYPED, "slug": question.slug, "help_text": TYPED}
    fields |= {"kind": question.kind, "options": json.dumps(options), "position": 0}
    address = reverse("admin:mapping_question_change", args=(question.pk,))
    assert browser.post(address, fields).status_code == 302
    question.refresh_from_db()
    title = question.options["choices"][0]["title"]
    return [stored.title, stored.attribution, question.title, question.help_text, title]


def by_services(_campaign: Campaign, _manager: User, _files: Files) -> list[str]:
    names = ("title", "summary", "description", "outcome", "organiser", "contact", "attribution")
    words: dict[str, Any] = dict.fromkeys(names, TYPED)
    question = NewQuestion(slug="why", title=TYPED, help_text=TYPED, kind="text")
    category = NewCategory(
        slug="any", title=TYPED, description=TYPED, geometry_types=("none",), questions=(question,)
    )
    made = create_campaign(NewCampaign(slug="other", categories=(category,), **words))
    made.refresh_from_db()
    one = Category.objects.get(campaign=made)
    asked = one.questions.get()
    return [
        *(getattr(made, name) for name in words),
        one.title,
        one.description,
        asked.title,
        asked.help_text,
    ]


@pytest.mark.parametrize(
    "door",
    [
        by_api,
        answers_by_api,
        by_form,
        by_open311,
        by_ogc,
        by_import,
        districts_by_import,
        comments,
        staff,
        by_admin,
        by_services,
    ],
)
def test_unseen_characters_stay_outside(
    campaign: Campaign, files: Files, door: Callable[[Campaign, User, Files], list[str]]
) -> None:
    manager = make_user("manager@example.org", campaign, Role.MANAGER)
    found = door(campaign, manager, files)
    assert found
    assert set(found) == {KEPT}


def test_text_that_consists_of_unseen_characters_is_no_title() -> None:
    browser = staff_browser(make_user("root@example.org", is_staff=True, is_superuser=True))
    answer = browser.post(reverse("admin:mapping_districtlayer_add"), {"title": UNSEEN, "slug": "wards"})
    assert "title" in answer.context["adminform"].form.errors


def test_search_finds_words_typed_with_unseen_characters(campaign: Campaign) -> None:
    make_contribution(campaign, text="Baustelle am Markt")
    browser = staff_browser(make_user("root@example.org", is_staff=True, is_superuser=True))
    found = browser.get(reverse("admin:mapping_contribution_changelist"), {"q": f"Bau{UNSEEN}stelle"})
    assert found.context["cl"].result_count == 1
