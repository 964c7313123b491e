"""Managers edit their own campaign in the administration, staff or not, and nothing else there."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, Membership, Role, User
from mapping.models import Campaign, Category, DistrictLayer, Publication, Question
from tests import personas
from tests.personas import PASSWORD, category_of, staff_browser

THEIRS = (Campaign, Category, Question)
OTHERS = sorted(set(admin.site._registry) - set(THEIRS), key=lambda model: model._meta.label)


@pytest.fixture
def browser(manager: User) -> Client:
    """Of somebody with the manager's role and nothing else."""
    assert (manager.is_staff, manager.is_superuser) == (False, False)
    return staff_browser(manager)


@pytest.fixture
def foreign(db: None) -> Campaign:
    """A draft on which somebody else works."""
    return personas.make_campaign("foreign", title="Foreign and secret", is_draft=True)


def path(what: str, *args: object) -> str:
    return reverse(f"admin:mapping_{what}", args=args)


def form_of(browser: Client, address: str) -> dict[str, Any]:
    """What a browser would send of a form that nobody changed."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, datetime):
                local = timezone.localtime(value)
                sent |= {
                    f"{field.html_name}_0": f"{local:%d.%m.%Y}",
                    f"{field.html_name}_1": f"{local:%H:%M:%S}",
                }
            elif value is not None and value is not False:
                bound = field.field.prepare_value(value)
                sent[field.html_name] = bound.json if hasattr(bound, "json") else bound
    return sent


def test_manager_changes_texts_dates_area_and_rules(browser: Client, campaign: Campaign) -> None:
    address = path("campaign_change", campaign.pk)
    sent = form_of(browser, address)
    area = '{"type":"MultiPolygon","coordinates":[[[[7.7,49.4],[7.8,49.4],[7.8,49.5],[7.7,49.4]]]]}'
    sent |= {"title": "Dark corners", "area": area, "closes_at_0": "31.12.2030", "closes_at_1": "18:00:00"}
    sent |= {"categories-0-title": "Dark spot"}
    answer = browser.post(address, sent)
    assert answer.status_code == 302, answer.context["errors"]
    changed = Campaign.objects.get(pk=campaign.pk)
    assert changed.title == "Dark corners"
    assert changed.closes_at is not None
    assert timezone.localtime(changed.closes_at).isoformat(" ", "minutes") == "2030-12-31 18:00+01:00"
    assert changed.area is not None
    assert changed.area.extent == (7.7, 49.4, 7.8, 49.5)
    assert category_of(changed, "spot").title == "Dark spot"


def test_manager_adds_and_deletes_categories_and_questions(browser: Client, campaign: Campaign) -> None:
    spot = category_of(campaign, "spot")
    address = path("category_change", spot.pk)
    question = {"title": "Since when?", "slug": "since", "kind": "text", "position": "0", "options": "{}"}
    sent = form_of(browser, address) | {f"questions-0-{name}": value for name, value in question.items()}
    answer = browser.post(address, sent | {"questions-TOTAL_FORMS": "1"})
    assert answer.status_code == 302, answer.context["errors"]
    stored = spot.questions.get()
    assert stored.title == "Since when?"
    assert browser.post(path("question_delete", stored.pk), {"post": "yes"}).status_code == 302
    assert browser.post(path("category_delete", spot.pk), {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=spot.pk).exists()


def test_category_in_use_stays(browser: Client, campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign)
    address = path("category_delete", contribution.category_id)
    assert browser.post(address, {"post": "yes"}).status_code == 403
    whole = path("campaign_change", campaign.pk)
    sent = form_of(browser, whole)
    (number,) = (
        name.split("-")[1] for name, value in sent.items() if name.endswith("-slug") and value == "spot"
    )
    assert browser.post(whole, sent | {f"categories-{number}-DELETE": "on"}).status_code == 200
    assert category_of(campaign, "spot").pk == contribution.category_id


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("what", ["campaign", "category", "question"])
def test_rows_of_other_campaigns_are_not_there(
    browser: Client, foreign: Campaign, what: str, method: str, page: str
) -> None:
    survey = category_of(foreign, "survey")
    row = {"campaign": foreign, "category": survey, "question": survey.questions.all()[0]}[what]
    answer = getattr(browser, method)(path(f"{what}_{page}", row.pk), {"title": "Taken", "post": "yes"})
    assert answer.status_code == 404
    assert type(row)._default_manager.filter(pk=row.pk, title=row.title).exists()  # type: ignore[attr-defined]


def test_lists_filters_and_searches_name_no_other_campaign(
    browser: Client, campaign: Campaign, foreign: Campaign
) -> None:
    pages = [reverse("admin:index"), reverse("admin:app_list", args=("mapping",))]
    pages += [path(f"{what}_{page}") for what in ("category", "question") for page in ("changelist", "add")]
    pages += [path("campaign_changelist"), path("campaign_changelist") + "?q=foreign"]
    pages += [path("category_changelist") + f"?campaign__id__exact={foreign.pk}"]
    for model, field in (("category", "campaign"), ("question", "category")):
        pages.append(
            reverse("admin:autocomplete") + f"?app_label=mapping&model_name={model}&field_name={field}&term="
        )
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert "Foreign" not in answer.content.decode(), page
    assert campaign.title in browser.get(path("campaign_changelist")).content.decode()


def test_category_is_not_moved_into_another_campaign(
    browser: Client, campaign: Campaign, foreign: Campaign
) -> None:
    spot = category_of(campaign, "spot")
    sent = form_of(browser, path("category_change", spot.pk)) | {"campaign": str(foreign.pk)}
    answer = browser.post(path("category_change", spot.pk), sent)
    assert answer.status_code == 200
    assert "campaign" in answer.context["adminform"].form.errors
    sent = {"category": str(category_of(foreign, "spot").pk), "title": "?", "slug": "q", "kind": "text"}
    answer = browser.post(path("question_add"), sent | {"position": "0", "options": "{}"})
    assert "category" in answer.context["adminform"].form.errors


# --- no other right ---------------------------------------------------------------------------------------------------


@pytest.fixture(params=["the role alone", "rights of earlier days"])
def any_browser(request: pytest.FixtureRequest, manager: User) -> Client:
    """A manager, also one who was staff once and whose single rights nobody took away."""
    if request.param == "rights of earlier days":
        manager.user_permissions.set(Permission.objects.all())
    return staff_browser(manager)


def test_manager_opens_no_other_page(any_browser: Client, campaign: Campaign, administrator: User) -> None:
    contribution = personas.make_contribution(campaign)
    personas.make_comment(contribution)
    ApiToken.issue(administrator, "of the administrator")
    for model in OTHERS:
        for address in _pages_of(model):
            assert any_browser.get(address).status_code == 403, address
            assert any_browser.post(address, {"post": "yes"}).status_code == 403, address
    shown = any_browser.get(reverse("admin:index")).content.decode()
    listed = set(re.findall(r'href="/admin/(\w+/\w+)/"', shown))
    assert listed == {"mapping/campaign", "mapping/category", "mapping/question"}


def _pages_of(model: type[Model]) -> list[str]:
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found = [reverse(f"{base}_changelist"), reverse(f"{base}_add")]
    row = model._default_manager.first()
    if row is not None:
        found += [reverse(f"{base}_{page}", args=(row.pk,)) for page in ("change", "delete")]
    return found


def test_manager_makes_and_deletes_no_campaign(any_browser: Client, campaign: Campaign) -> None:
    sent = {"title": "Mine", "slug": "mine", "post": "yes"}
    assert any_browser.post(path("campaign_add"), sent).status_code == 403
    assert any_browser.post(path("campaign_delete", campaign.pk), sent).status_code == 403
    assert Campaign.objects.get() == campaign


def test_manager_gives_no_roles(
    any_browser: Client, campaign: Campaign, manager: User, analyst: User
) -> None:
    address = path("campaign_change", campaign.pk)
    sent = form_of(any_browser, address)
    assert "memberships-TOTAL_FORMS" not in sent
    sent |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    sent |= {"memberships-0-user": str(analyst.pk), "memberships-0-role": "manager"}
    assert any_browser.post(address, sent).status_code == 302
    assert set(Membership.objects.values_list("user", "role")) == {
        (manager.pk, Role.MANAGER),
        (analyst.pk, Role.ANALYST),
    }


def test_manager_takes_no_protection_away(any_browser: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(publication=Publication.CELLS, k=5)
    personas.make_contribution(campaign)
    address = path("campaign_change", campaign.pk)
    for change in ({"publication": "points"}, {"k": "4"}):
        answer = any_browser.post(address, form_of(any_browser, address) | change)
        assert list(answer.context["adminform"].form.errors) == list(change)
    campaign.refresh_from_db()
    assert (campaign.publication, campaign.k) == (Publication.CELLS, 5)


def test_manager_takes_no_districts(any_browser: Client, campaign: Campaign, manager: User) -> None:
    """A layer's managers are those of its campaigns: choosing one would give the right to write it."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    address = path("campaign_change", campaign.pk)
    sent = form_of(any_browser, address)
    assert any_browser.post(address, sent | {"district_layer": str(layer.pk)}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.district_layer is None
    Campaign.objects.filter(pk=campaign.pk).update(district_layer=layer)
    assert "Wards" in any_browser.get(address).content.decode()
    assert any_browser.post(address, sent).status_code == 302
    campaign.refresh_from_db()
    assert campaign.district_layer == layer


def test_number_of_a_row_leads_managers_nowhere(any_browser: Client, foreign: Campaign) -> None:
    kind = ContentType.objects.get_for_model(Campaign)
    address = reverse("admin:view_on_site", args=(kind.pk, foreign.pk))
    answer = any_browser.get(address)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))


# --- the ways in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["analyst", "moderator"])
def test_other_members_are_led_to_the_log_in(
    campaign: Campaign, who: str, request: pytest.FixtureRequest
) -> None:
    member = request.getfixturevalue(who)
    browser = staff_browser(member)
    for address in (reverse("admin:index"), path("campaign_change", campaign.pk)):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))
    answer = Client().post(reverse("admin:login"), {"username": member.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_role_that_ended_opens_nothing(browser: Client, campaign: Campaign, manager: User) -> None:
    manager.memberships.update(role=Role.MODERATOR)
    assert browser.get(path("campaign_change", campaign.pk)).status_code == 302


def test_manager_logs_in_at_the_administration_too(campaign: Campaign, manager: User) -> None:
    address = path("campaign_change", campaign.pk)
    sent = {"username": manager.email, "password": PASSWORD, "next": address}
    answer = Client().post(reverse("admin:login"), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, address)


@pytest.mark.parametrize(("who", "is_linked"), [("manager", True), ("analyst", False), ("moderator", False)])
def test_planners_pages_lead_managers_to_their_campaign(
    campaign: Campaign, who: str, is_linked: bool, request: pytest.FixtureRequest
) -> None:
    browser = staff_browser(request.getfixturevalue(who))
    room = "numbers" if who == "analyst" else "queue"
    for address in (reverse("planning:campaigns"), reverse(f"planning:{room}", args=(campaign.slug,))):
        page = browser.get(address).content.decode()
        assert (f'href="{reverse("planning:setup", args=(campaign.slug,))}"' in page) is is_linked


def test_administration_links_managers_back_to_their_campaign(browser: Client, campaign: Campaign) -> None:
    page = browser.get(path("campaign_change", campaign.pk)).content.decode()
    assert f'href="{campaign.get_absolute_url()}"' in page
