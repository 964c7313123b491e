"""Proof once more before what a session that was left open must not do; filled forms are not lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Membership, Role, User
from audit.actions import Action
from audit.models import Entry
from doors.models import LogInDoor, LogInRecord
from engagement.services.registrations import registering
from engagement.services.registrations.registering import Applicant
from mapping.models import AccessLink, Campaign, ExportJob, ExportStatus
from mapping.models.campaign import Publication
from tests import personas
from tests.api.conftest import with_token
from tests.doors.factoring import code_now, give_app, type_code, type_password
from tests.engagement.making import make_event
from tests.personas import PASSWORD, staff_browser

TOKEN = {
    "name": "QGIS <im Amt>",
    "scope": "read",
    "last_day": (timezone.localdate() + timedelta(days=9)).isoformat(),
}
ACCOUNT = "/planning/account/"


def left_open(user: User, minutes: int = 16) -> Client:
    """A browser in which somebody logged in that long ago."""
    browser = staff_browser(user)
    session = browser.session
    session["signed_in_at"] = timezone.now().timestamp() - minutes * 60
    session.save()
    return browser


def test_fresh_log_in_is_proof_enough(manager: User) -> None:
    assert left_open(manager, 14).post(ACCOUNT, TOKEN).status_code == 200
    assert ApiToken.objects.count() == 1


def test_form_waits_for_the_password_and_is_sent_with_it(manager: User) -> None:
    browser = left_open(manager)
    page = browser.post(ACCOUNT, TOKEN)
    assert page.status_code == 403
    assert not ApiToken.objects.exists()
    assert 'value="QGIS &lt;im Amt&gt;"' in page.content.decode()
    wrong = browser.post(ACCOUNT, TOKEN | {"again-password": "guess"})
    assert wrong.status_code == 422
    assert 'value="QGIS &lt;im Amt&gt;"' in wrong.content.decode(), "kept after a wrong password"
    assert "guess" not in wrong.content.decode()
    assert browser.post(ACCOUNT, TOKEN | {"again-password": PASSWORD}).status_code == 200
    assert ApiToken.objects.get().name == TOKEN["name"]
    assert Entry.objects.get(action=Action.CONFIRMED).details == {"by": "password"}
    assert browser.post(ACCOUNT, TOKEN).status_code == 200, "the proof counts for a while"


def test_fields_with_several_values_come_back_whole(manager: User) -> None:
    page = left_open(manager).post(ACCOUNT, {"name": ["a", "b"], "scope": "read"})
    assert page.context["carried"] == [("name", "a"), ("name", "b"), ("scope", "read")]


def test_code_is_a_proof_too_and_counts_once(manager: User) -> None:
    give_app(manager)
    browser = Client()
    type_password(browser, manager)
    type_code(browser, code_now())
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 16 * 60
    session["signed_in_at"] -= 16 * 60
    session.save()
    assert browser.post(ACCOUNT, TOKEN).status_code == 403
    assert browser.post(ACCOUNT, TOKEN | {"again-code": code_now()}).status_code == 422, "used at the log-in"
    assert browser.post(ACCOUNT, TOKEN | {"again-code": code_now(later=1)}).status_code == 200


def test_passwords_are_not_tried_out_here_either(manager: User) -> None:
    browser = left_open(manager)
    statuses = [browser.post(ACCOUNT, TOKEN | {"again-password": "guess"}).status_code for _ in range(8)]
    assert statuses == [422] * 5 + [429] * 3
    refused = browser.post(ACCOUNT, TOKEN | {"again-password": PASSWORD})
    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert not ApiToken.objects.exists()
    assert LogInRecord.objects.filter(door=LogInDoor.AGAIN, user=manager).count() == 2


@pytest.mark.parametrize(
    "sent", [{}, {"again-code": ""}, {"again-passkey": "{}"}, {"again-passkey": "[" * 3000}]
)
def test_nothing_and_nonsense_are_no_proof(manager: User, sent: dict[str, str]) -> None:
    assert left_open(manager).post(ACCOUNT, TOKEN | sent).status_code in {403, 422}
    assert not ApiToken.objects.exists()


# --- what needs it ----------------------------------------------------------------------------------------------------


def asks(answer: Any) -> bool:
    """Whether a proof is asked for."""
    return answer.status_code == 403 and b"again-password" in answer.content


def test_links_and_roles_need_it(manager: User, campaign: Campaign) -> None:
    browser = left_open(manager)
    link = {"name": "QGIS", "last_day": ""}
    assert asks(browser.post(f"/planning/{campaign.slug}/access/", link))
    person = personas.make_user("new@example.org")
    role = {"email": person.email, "role": Role.MODERATOR}
    assert asks(browser.post(f"/planning/{campaign.slug}/setup/people/", role))
    assert asks(browser.post(f"/planning/{campaign.slug}/setup/people/invite/", {"role": Role.ANALYST}))
    mine = Membership.objects.get(user=manager)
    assert asks(browser.post(f"/planning/{campaign.slug}/setup/people/{mine.pk}/remove/"))
    assert not AccessLink.objects.exists()
    assert Membership.objects.filter(campaign=campaign, user=person).count() == 0
    proved = role | {"again-password": PASSWORD}
    assert browser.post(f"/planning/{campaign.slug}/setup/people/", proved).status_code == 302
    assert Membership.objects.filter(campaign=campaign, user=person).count() == 1


def test_administration_asks_before_rights_are_given(administrator: User) -> None:
    browser = left_open(administrator)
    sent = {"email": "new@example.org", "usable_password": "false"}
    rows = browser.get("/admin/accounts/user/add/").context["inline_admin_formsets"]
    sent |= {f"{one.formset.prefix}-{count}_FORMS": "0" for one in rows for count in ("TOTAL", "INITIAL")}
    assert asks(browser.post("/admin/accounts/user/add/", sent))
    assert not User.objects.filter(email="new@example.org").exists()
    browser.post("/admin/accounts/user/add/", sent | {"again-password": PASSWORD})
    assert User.objects.filter(email="new@example.org").exists()
    assert LogEntry.objects.count() == 1


def test_administration_asks_before_members_of_a_campaign_are_changed(
    administrator: User, campaign: Campaign
) -> None:
    browser = left_open(administrator)
    for page in (f"{campaign.pk}/change", "add"):
        assert asks(browser.post(f"/admin/mapping/campaign/{page}/", {"title": "Mine"}))


def test_factors_need_it_and_lead_back(manager: User) -> None:
    browser = left_open(manager)
    answer = browser.get("/accounts/factors/app/")
    assert answer["Location"] == "/accounts/again/?next=%2Faccounts%2Ffactors%2Fapp%2F"
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    answer = browser.post(answer["Location"], {"next": "/accounts/factors/app/", "again-password": PASSWORD})
    assert answer["Location"] == "/accounts/factors/app/"
    assert browser.get(answer["Location"]).status_code == 200


def test_proof_leads_to_no_other_site(manager: User) -> None:
    browser = left_open(manager)
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = browser.post("/accounts/again/", {"next": wanted, "again-password": PASSWORD})
        assert answer["Location"] == "/planning/"


def test_strangers_are_led_to_the_log_in(db: None) -> None:
    assert Client().get("/accounts/again/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("is_protected", [True, False])
def test_exact_data_of_protected_campaigns_need_it(
    analyst: User, campaign: Campaign, is_protected: bool
) -> None:
    if is_protected:
        campaign.publication = Publication.CELLS
        campaign.save()
    address = f"/api/v1/campaigns/{campaign.slug}/download.geojson"
    query = "" if is_protected else "?status=published"
    form = {"format": "geojson"}
    browser = left_open(analyst)
    answer = browser.get(address + query)
    assert answer.status_code == (403 if is_protected else 200)
    if not is_protected:
        return
    assert answer.json()["code"] == "proof_is_old"
    assert asks(browser.post(f"/campaigns/{campaign.slug}/data/", form))
    answer = browser.post(f"/campaigns/{campaign.slug}/data/", form | {"again-password": PASSWORD})
    assert answer.status_code == 302
    assert browser.get(address).status_code == 200
    headers = {"Authorization": f"Bearer {ApiToken.issue(analyst)}"}
    assert Client().get(address, headers=headers).status_code == 200, "tokens are a proof by themselves"


def test_exact_data_in_the_background_need_it(analyst: User, campaign: Campaign) -> None:
    campaign.publication = Publication.CELLS
    campaign.save()
    browser, orders = left_open(analyst), f"/api/v1/campaigns/{campaign.slug}/exports/"
    wanted = {"format": "gpkg", "status": "pending"}
    answer = browser.post(orders, wanted, content_type="application/json")
    assert answer.status_code == 401, "the interface takes no orders of sessions"
    script = with_token(analyst)
    assert script.post(orders, wanted, content_type="application/json").status_code == 202
    job = ExportJob.objects.get()
    file = f"{orders}{job.pk}/file"
    assert browser.get(file).json()["code"] == "proof_is_old"
    assert script.get(file).status_code == 409, "tokens are a proof by themselves; not written yet"
    ExportJob.objects.update(status=ExportStatus.DONE, size=1)
    page = browser.get(f"/campaigns/{campaign.slug}/data/{job.pk}/")
    assert page.context["file_address"] == f"/accounts/again/?next={quote(file, safe='')}"


def test_names_and_the_log_need_it(administrator: User) -> None:
    day = make_event(slug="walk", takes_registrations=True).dates.get()
    registering.register(day, Applicant(name="Ada", needs=""))
    browser = left_open(administrator)
    for address in (
        "/planning/calendar/walk/registrations.csv",
        "/planning/audit.csv",
        "/planning/audit.ndjson",
    ):
        answer = browser.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/again/?next=%2Fplanning")
    assert not Entry.objects.filter(action__in=[Action.DOWNLOADED, Action.LOG_EXPORTED]).exists()
    browser.post("/accounts/again/", {"next": "/planning/", "again-password": PASSWORD})
    assert browser.get("/planning/audit.csv").status_code == 200
