"""What staff do leaves its entry, by whatever way they do it."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Membership, Role, User
from accounts.recorded import RecordedChanges
from audit.actions import Action, Way
from audit.models import Entry
from doors.factors import keeping
from mapping.models import AccessLink, Campaign, Contribution, ReleaseRhythm
from mapping.services import access_links
from mapping.services.erase import erase_participant, withdraw
from mapping.services.releases import making
from mapping.services.setup import people
from tests import personas
from tests.personas import PASSWORD, staff_browser


def entries(action: Action) -> list[Entry]:
    return list(Entry.objects.filter(action=action))


def only(action: Action) -> Entry:
    return Entry.objects.get(action=action)


# --- log-in -----------------------------------------------------------------------------------------------------------


def test_log_in_and_log_out(manager: User) -> None:
    browser = Client()
    browser.post(reverse("login"), {"username": manager.email, "password": PASSWORD})
    assert (only(Action.LOGGED_IN).user, only(Action.LOGGED_IN).way) == (manager, Way.PAGE)
    assert only(Action.LOGGED_IN).details == {"by": "password"}
    browser.post(reverse("logout"))
    assert only(Action.LOGGED_OUT).user == manager


def test_failed_log_ins_are_left_to_the_doors(manager: User) -> None:
    Client().post(reverse("login"), {"username": manager.email, "password": "wrong"})
    assert not entries(Action.LOGGED_IN)


def test_log_in_to_the_administration(administrator: User) -> None:
    Client().post("/admin/login/", {"username": administrator.email, "password": PASSWORD})
    assert only(Action.LOGGED_IN).way == Way.ADMINISTRATION


def test_change_of_the_password(manager: User) -> None:
    sent = {
        "old_password": PASSWORD,
        "new_password1": "a better horse staples",
        "new_password2": "a better horse staples",
    }
    staff_browser(manager).post(reverse("planning:password"), sent)
    assert only(Action.PASSWORD_CHANGED).user == manager


# --- roles, tokens, links ---------------------------------------------------------------------------------------------


def test_roles(campaign: Campaign, manager: User, outsider: User) -> None:
    membership = people.add_member(campaign, manager, outsider.email, Role.ANALYST)
    given = only(Action.MEMBERSHIP_GIVEN)
    assert (given.user, given.campaign) == (manager, campaign)
    assert given.details == {"member": outsider.pk, "role": "analyst"}
    people.remove_member(membership, manager)
    assert only(Action.MEMBERSHIP_TAKEN).details == {"member": outsider.pk, "role": "analyst"}
    token = people.invitation_for(campaign, manager, Role.MODERATOR)
    assert only(Action.INVITED).details == {"role": "moderator"}
    assert token not in str(list(Entry.objects.values()))


def test_token_from_its_making_to_its_end(manager: User, cells_campaign: Campaign) -> None:
    browser = staff_browser(manager)
    page = browser.post(
        reverse("planning:account"), {"name": "QGIS", "scope": "read", "last_day": "2027-01-31"}
    )
    token = page.context["token"]
    made = only(Action.TOKEN_MADE)
    assert (made.user, made.details["name"], made.details["scope"]) == (manager, "QGIS", "read")
    script = Client(headers={"Authorization": f"Bearer {token}"})
    for _time in range(3):
        script.get("/api/v1/campaigns/")
    used = only(Action.TOKEN_USED)
    assert (used.user, used.way, used.through) == (manager, Way.TOKEN, "QGIS")
    browser.post(reverse("planning:revoke-token", args=(ApiToken.objects.get().pk,)))
    assert only(Action.TOKEN_REVOKED).key == made.key
    assert token not in str(list(Entry.objects.values()))


def test_look_by_token_names_the_token(cells_campaign: Campaign) -> None:
    analyst = personas.make_user("gis@example.org", cells_campaign, Role.ANALYST)
    script = Client(headers={"Authorization": f"Bearer {ApiToken.issue(analyst, 'Nightly copy')}"})
    script.get(f"/api/v1/campaigns/{cells_campaign.slug}/heatmap")
    look = only(Action.LOOKED)
    assert (look.user, look.campaign) == (analyst, cells_campaign)
    assert (look.way, look.through) == (Way.TOKEN, "Nightly copy")


def test_token_made_on_the_server_is_nobodys_doing(manager: User) -> None:
    call_command("create_api_token", manager.email, "--name", "cron")
    made = only(Action.TOKEN_MADE)
    assert (made.user, made.way, made.details["owner"]) == (None, Way.SERVER, manager.pk)


def test_private_link_from_its_making_to_its_end(campaign: Campaign, manager: User) -> None:
    link, secret = access_links.make(campaign, "QGIS", actor=manager)
    assert (only(Action.LINK_MADE).user, only(Action.LINK_MADE).key) == (manager, str(link.pk))
    for _time in range(3):
        Client().get(f"/ogc/key/{secret}/collections")
    used = only(Action.LINK_USED)
    assert (used.user, used.way, used.through) == (manager, Way.LINK, "QGIS")
    for _time in range(2):
        access_links.revoke(AccessLink.objects.get(), actor=manager)
    assert only(Action.LINK_REVOKED).campaign == campaign
    assert secret not in str(list(Entry.objects.values()))


# --- the administration ---------------------------------------------------------------------------------------------


def test_everything_in_the_administration_is_recorded() -> None:
    unrecorded = [
        model._meta.label
        for model, found in admin.site._registry.items()
        if not isinstance(found, RecordedChanges)
    ]
    assert unrecorded == []


def test_accounts_made_changed_and_deleted(administrator: User) -> None:
    browser = staff_browser(administrator)
    browser.post(
        "/admin/accounts/user/add/",
        {
            "email": "new@example.org",
            "usable_password": "true",
            "password1": "a better horse staples",
            "password2": "a better horse staples",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
            "provider_identities-TOTAL_FORMS": 0,
            "provider_identities-INITIAL_FORMS": 0,
        },
    )
    made = User.objects.get(email="new@example.org")
    added = only(Action.ADMIN_ADDED)
    assert (added.user, added.way) == (administrator, Way.ADMINISTRATION)
    assert (added.kind, added.key) == ("accounts.user", str(made.pk))
    browser.post(
        f"/admin/accounts/user/{made.pk}/change/",
        {
            "email": "new@example.org",
            "first_name": "Petra",
            "is_active": "on",
            "is_staff": "on",
            "date_joined_0": "2026-01-01",
            "date_joined_1": "00:00",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
            "provider_identities-TOTAL_FORMS": 0,
            "provider_identities-INITIAL_FORMS": 0,
        },
    )
    changed = only(Action.ADMIN_CHANGED)
    assert changed.details["fields"] == "First_name Staff_status"
    assert "Petra" not in str(changed.details)
    browser.post(f"/admin/accounts/user/{made.pk}/delete/", {"post": "yes"})
    assert only(Action.ADMIN_DELETED).key == str(made.pk)
    assert not User.objects.filter(pk=made.pk).exists()


def test_roles_given_in_the_administration_say_to_whom(
    administrator: User, outsider: User, campaign: Campaign
) -> None:
    browser = staff_browser(administrator)
    browser.post(
        "/admin/accounts/membership/add/",
        {"user": outsider.pk, "campaign": campaign.pk, "role": Role.MANAGER},
    )
    given = Membership.objects.get(user=outsider, campaign=campaign)
    added = only(Action.ADMIN_ADDED)
    assert (added.campaign, added.details) == (campaign, {"member": outsider.pk, "role": "manager"})
    browser.post(f"/admin/accounts/membership/{given.pk}/delete/", {"post": "yes"})
    assert only(Action.ADMIN_DELETED).details == {"member": outsider.pk, "role": "manager"}


# --- data -------------------------------------------------------------------------------------------------------------


def test_erasures_name_who_did_it_and_nothing_of_what_was(published: Contribution, manager: User) -> None:
    another = personas.make_contribution(published.campaign)
    withdraw(another, actor=manager)
    assert published.participant is not None
    erase_participant(published.participant, actor=manager)
    found = entries(Action.ERASED)
    assert [(one.user, one.campaign) for one in found] == [(manager, published.campaign)] * 2
    assert {one.key for one in found} == {""}


def test_what_citizens_take_back_is_not_in_the_log(published: Contribution) -> None:
    before = Entry.objects.count()
    withdraw(published)
    assert Entry.objects.count() == before


def test_releases(cells_campaign: Campaign) -> None:
    boss = personas.make_user("boss@example.org", cells_campaign, Role.MANAGER)
    making.set_rhythm(cells_campaign, ReleaseRhythm.BY_HAND, boss)
    for _time in range(2):
        making.order_release(cells_campaign, boss)
    assert only(Action.RELEASE_RHYTHM).details == {"rhythm": "by_hand"}
    assert only(Action.RELEASE_ORDERED).user == boss


def test_import_by_a_command(campaign: Campaign, tmp_path: Path) -> None:
    table = tmp_path / "places.csv"
    category = campaign.categories.earliest("position")
    table.write_text(f"id,lon,lat,category,text\n1,7.7689,49.4447,{category.slug},Here\n", encoding="utf-8")
    call_command(
        "import_contributions", campaign.slug, str(table), lon="lon", lat="lat", category=category.slug
    )
    done = only(Action.IMPORTED)
    assert (done.user, done.way, done.campaign) == (None, Way.SERVER, campaign)
    assert done.details == {"stored": 1}


@pytest.mark.parametrize("status", ["", "?status=pending"])
def test_download_of_what_is_public_is_nobodys_business(
    published: Contribution, manager: User, status: str
) -> None:
    browser = staff_browser(manager)
    browser.get(f"/api/v1/campaigns/{published.campaign.slug}/download.geojson{status}").getvalue()
    assert [one.view for one in entries(Action.DOWNLOADED)] == (["download geojson"] if status else [])


# --- second factors, sessions -----------------------------------------------------------------------------------------


def test_second_factors(manager: User, administrator: User) -> None:
    factor = keeping.add_app(manager, "JBSWY3DPEHPK3PXP", 1)
    codes = keeping.new_recovery_codes(manager)
    keeping.remove(factor, actor=administrator)
    assert (only(Action.FACTOR_ADDED).user, only(Action.FACTOR_ADDED).details) == (
        manager,
        {"factor": "totp"},
    )
    assert only(Action.RECOVERY_CODES_MADE).key == str(manager.pk)
    removed = only(Action.FACTOR_REMOVED)
    assert (removed.user, removed.key) == (administrator, str(manager.pk))
    assert not any(code in str(list(Entry.objects.values())) for code in codes)


def test_sessions_that_are_ended(manager: User) -> None:
    staff_browser(manager)
    staff_browser(manager).post(reverse("sessions-end"))
    assert only(Action.SESSION_ENDED).user == manager
