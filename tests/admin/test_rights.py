"""Nobody gets further by one of Django's rights: rights, roles and tokens come from those who may give them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Membership, Role, User
from audit.models import Entry
from audit.recording import Action
from engagement.calendar.milestones import milestones_between
from mapping.models import Campaign, CampaignChange, Category, ContributionStatus, Reply
from tests import personas
from tests.personas import PASSWORD, make_user, staff_browser


def clerk_with(*codenames: str, email: str = "clerk@example.org") -> User:
    """Somebody at a desk in the administration, with some of Django's rights and no role in any campaign."""
    user = make_user(email, is_staff=True)
    found = Permission.objects.filter(codename__in=codenames)
    assert found.count() == len(codenames)
    user.user_permissions.set(found)
    return user


EVERY_RIGHT_OVER_USERS = (
    "add_user",
    "change_user",
    "delete_user",
    "view_user",
    "add_group",
    "change_group",
    "delete_group",
    "view_group",
    "add_membership",
    "change_membership",
    "delete_membership",
    "view_membership",
)


@pytest.fixture
def clerk(db: None) -> User:
    """All of Django's rights over people."""
    return clerk_with(*EVERY_RIGHT_OVER_USERS)


def change(browser: Client, user: User, **more: Any) -> Any:
    """Send the form of a user, whatever of it is shown."""
    sent = {
        "email": user.email,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "provider_identities-TOTAL_FORMS": "0",
        "provider_identities-INITIAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    } | more
    return browser.post(reverse("admin:accounts_user_change", args=(user.pk,)), sent)


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_token_is_issued_to_who_asks_for_it_whoever_is_named(administrator: User) -> None:
    clerk = clerk_with("add_apitoken")
    answer = staff_browser(clerk).post(
        reverse("admin:accounts_apitoken_add"),
        {"user": str(administrator.pk), "name": "mine", "scope": "write"},
    )
    assert answer.status_code == 200
    assert ApiToken.objects.get().user == clerk


def test_superusers_too_issue_tokens_for_themselves_only(administrator: User, manager: User) -> None:
    staff_browser(administrator).post(
        reverse("admin:accounts_apitoken_add"), {"user": str(manager.pk), "name": "x", "scope": "read"}
    )
    assert ApiToken.objects.get().user == administrator


def test_tokens_of_others_are_neither_listed_nor_deleted(administrator: User) -> None:
    ApiToken.issue(administrator, "of the administrator")
    token = ApiToken.objects.get()
    browser = staff_browser(clerk_with("view_apitoken", "delete_apitoken"))
    listed = browser.get(reverse("admin:accounts_apitoken_changelist")).content.decode()
    assert "of the administrator" not in listed
    browser.post(reverse("admin:accounts_apitoken_delete", args=(token.pk,)), {"post": "yes"})
    assert ApiToken.objects.filter(pk=token.pk).exists()
    staff_browser(administrator).post(
        reverse("admin:accounts_apitoken_delete", args=(token.pk,)), {"post": "yes"}
    )
    assert not ApiToken.objects.exists()


# --- accounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("right", ["is_superuser", "is_staff", "groups", "user_permissions"])
@pytest.mark.parametrize("whose", ["their own", "a new account"])
def test_rights_are_given_by_superusers_only(clerk: User, right: str, whose: str) -> None:
    user = clerk if whose == "their own" else make_user("new@example.org")
    group = Group.objects.create(name="everything")
    before = (user.is_superuser, user.is_staff, user.groups.count(), user.user_permissions.count())
    values = {"groups": [group.pk], "user_permissions": [Permission.objects.all()[0].pk]}
    answer = change(staff_browser(clerk), user, first_name="Changed", **{right: values.get(right, "on")})
    assert answer.status_code == (403 if whose == "their own" else 302)
    user.refresh_from_db()
    assert (user.first_name == "Changed") is (whose != "their own")
    after = (user.is_superuser, user.is_staff, user.groups.count(), user.user_permissions.count())
    assert after == before


@pytest.mark.parametrize("who", ["administrator", "manager", "analyst", "moderator"])
def test_accounts_with_rights_are_changed_by_superusers_only(
    clerk: User, who: str, request: pytest.FixtureRequest
) -> None:
    """The address and the password of an account open all that it may do."""
    user: User = request.getfixturevalue(who)
    browser = staff_browser(clerk)
    assert change(browser, user, email="clerk+1@example.org").status_code == 403
    address = reverse("admin:auth_user_password_change", args=(user.pk,))
    sent = {"password1": "Aa-new-one-1", "password2": "Aa-new-one-1", "usable_password": "true"}
    assert browser.post(address, sent).status_code == 403
    assert (
        browser.post(reverse("admin:accounts_user_delete", args=(user.pk,)), {"post": "yes"}).status_code
        == 403
    )
    deletion = {"action": "delete_selected", "_selected_action": [str(user.pk)], "post": "yes"}
    browser.post(reverse("admin:accounts_user_changelist"), deletion)
    email = user.email
    user.refresh_from_db()
    assert (user.email, user.check_password(PASSWORD)) == (email, True)


def test_people_without_rights_are_kept_by_who_may_change_users(clerk: User) -> None:
    user = make_user("new@example.org")
    browser = staff_browser(clerk)
    assert change(browser, user, email="renamed@example.org").status_code == 302
    address = reverse("admin:auth_user_password_change", args=(user.pk,))
    sent = {"password1": "Aa-new-one-1", "password2": "Aa-new-one-1", "usable_password": "true"}
    assert browser.post(address, sent).status_code == 302
    user.refresh_from_db()
    assert (user.email, user.check_password("Aa-new-one-1")) == ("renamed@example.org", True)


def test_superuser_gives_rights(administrator: User) -> None:
    user = make_user("new@example.org")
    assert change(staff_browser(administrator), user, is_staff="on").status_code == 302
    user.refresh_from_db()
    assert user.is_staff


def test_groups_are_made_and_changed_by_superusers_only(clerk: User, administrator: User) -> None:
    group = Group.objects.create(name="office")
    clerk.groups.add(group)
    everything = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    browser = staff_browser(clerk)
    sent = {"name": "office", "permissions": everything}
    assert browser.post(reverse("admin:auth_group_change", args=(group.pk,)), sent).status_code == 403
    assert (
        browser.post(reverse("admin:auth_group_add"), sent | {"name": "mine", "scope": "write"}).status_code
        == 403
    )
    assert group.permissions.count() == 0
    assert Group.objects.count() == 1
    staff_browser(administrator).post(reverse("admin:auth_group_change", args=(group.pk,)), sent)
    assert group.permissions.count() == len(everything)


# --- roles ------------------------------------------------------------------------------------------------------------


def test_roles_are_given_by_managers_of_the_campaign_only(campaign: Campaign, clerk: User) -> None:
    browser, address = staff_browser(clerk), reverse("admin:accounts_membership_add")
    sent = {"user": str(clerk.pk), "campaign": str(campaign.pk), "role": "manager"}
    assert browser.post(address, sent).status_code == 200  # the form again
    assert not clerk.memberships.exists()
    other = personas.make_campaign("other", with_categories=False)
    Membership.objects.create(user=clerk, campaign=other, role=Role.MANAGER)
    assert browser.post(address, sent).status_code == 200
    colleague = make_user("colleague@example.org")
    sent = {"user": str(colleague.pk), "campaign": str(other.pk), "role": "analyst"}
    assert browser.post(address, sent).status_code == 302
    assert colleague.memberships.get().campaign == other


def test_roles_of_other_campaigns_are_neither_listed_nor_taken(manager: User, clerk: User) -> None:
    role = manager.memberships.get()
    browser = staff_browser(clerk)
    assert manager.email not in browser.get(
        reverse("admin:accounts_membership_changelist")
    ).content.decode().replace("clerk", "")
    browser.post(reverse("admin:accounts_membership_delete", args=(role.pk,)), {"post": "yes"})
    assert manager.memberships.exists()


def test_roles_are_not_given_at_the_page_of_a_user_without_being_superuser(
    campaign: Campaign, clerk: User
) -> None:
    user = make_user("new@example.org")
    row = {"user": str(user.pk), "campaign": str(campaign.pk), "role": "manager"}
    change(
        staff_browser(clerk),
        user,
        **{f"memberships-0-{name}": value for name, value in row.items()},
        **{"memberships-TOTAL_FORMS": "1"},
    )
    assert not user.memberships.exists()


CAMPAIGN_RIGHTS = (
    *(f"{what}_campaign" for what in ("add", "change", "view", "delete")),
    *(f"{what}_category" for what in ("add", "change", "view")),
    *(f"{what}_membership" for what in ("add", "change", "view", "delete")),
    *("view_contribution", "delete_contribution", "view_participant", "delete_participant"),
    *("view_reply", "change_reply", "delete_reply"),
)


def test_campaigns_of_others_are_not_changed(campaign: Campaign) -> None:
    browser = staff_browser(clerk_with(*CAMPAIGN_RIGHTS))
    address = reverse("admin:mapping_campaign_change", args=(campaign.pk,))
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"title": "Taken over"}).status_code == 404
    category = personas.category_of(campaign, "spot")
    address = reverse("admin:mapping_category_change", args=(category.pk,))
    assert browser.post(address, {"title": "Taken over"}).status_code == 404
    sent = {
        "campaign": str(campaign.pk),
        "title": "Smuggled",
        "slug": "smuggled",
        "geometry_types": ["point"],
        "marker": "circle",
        "colour": "blue",
        "position": "9",
        "questions-TOTAL_FORMS": "0",
        "questions-INITIAL_FORMS": "0",
    }
    browser.post(reverse("admin:mapping_category_add"), sent)
    assert not Category.objects.filter(slug="smuggled").exists()


def test_who_makes_a_campaign_manages_it(db: None) -> None:
    clerk = clerk_with(*CAMPAIGN_RIGHTS)
    none = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
    sent = {"title": "Benches", "slug": "benches", "publication": "points", "k": "5", "moderation": "pre"}
    sent |= {"release_rhythm": "daily", "open_to": "anyone"}
    sent |= {
        f"{form}-{name}": value for form in ("categories", "memberships") for name, value in none.items()
    }
    browser = staff_browser(clerk)
    assert browser.post(reverse("admin:mapping_campaign_add"), sent).status_code == 302
    made = Campaign.objects.get(slug="benches")
    assert list(made.memberships.values_list("user", "role")) == [(clerk.pk, "manager")]
    given = Entry.objects.get(action=Action.MEMBERSHIP_GIVEN)
    assert (given.user, given.campaign) == (clerk, made)
    assert given.details == {"member": clerk.pk, "role": "manager"}
    address = reverse("admin:mapping_campaign_change", args=(made.pk,))
    period = {
        "opens_at_0": "2030-05-01",
        "opens_at_1": "00:00",
        "closes_at_0": "2030-06-01",
        "closes_at_1": "00:00",
    }
    assert browser.post(address, sent | {"title": "Benches and more"}).status_code == 302
    assert browser.post(address, sent | {"title": "Benches and more"} | period).status_code == 302
    noted = CampaignChange.objects.filter(campaign=made).order_by("pk")
    assert list(noted.values_list("actor", "step", "before__title", "after__title")) == [
        (clerk.pk, "texts", "Benches", "Benches and more"),
        (clerk.pk, "period", None, None),
    ]
    # Whoever has the campaign in their calendar hears of another period.
    zone = ZoneInfo(settings.TIME_ZONE)
    begin, end = (datetime(2030, month, day, tzinfo=zone) for month, day in ((4, 1), (7, 1)))
    found = milestones_between(begin, end, [made])
    assert [one.sequence for one in found] == [2, 2]


def test_replies_are_corrected_by_who_may_reply(campaign: Campaign, moderator: User) -> None:
    contribution = personas.make_contribution(campaign)
    reply = Reply.objects.create(contribution=contribution, author=moderator, status="planned", text="Soon.")
    clerk = clerk_with(*CAMPAIGN_RIGHTS)
    address = reverse("admin:mapping_reply_change", args=(reply.pk,))
    sent = {"status": "done", "text": "Never."}
    staff_browser(clerk).post(address, sent)
    Membership.objects.create(user=clerk, campaign=campaign, role=Role.ANALYST)
    assert staff_browser(clerk).post(address, sent).status_code == 403
    reply.refresh_from_db()
    assert reply.text == "Soon."
    Membership.objects.create(user=clerk, campaign=campaign, role=Role.MODERATOR)
    assert staff_browser(clerk).post(address, sent).status_code == 302


# --- decisions keep their names ---------------------------------------------------------------------------------------


def test_account_that_decided_something_is_not_deleted(
    campaign: Campaign, moderator: User, administrator: User
) -> None:
    contribution = personas.make_contribution(campaign)
    event = contribution.moderation_events.create(to_status=ContributionStatus.PUBLISHED, actor=moderator)
    browser = staff_browser(administrator)
    address = reverse("admin:accounts_user_delete", args=(moderator.pk,))
    assert browser.post(address, {"post": "yes"}).status_code == 403
    event.refresh_from_db()
    assert event.actor == moderator
    event.delete()
    assert browser.post(address, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=moderator.pk).exists()


@pytest.mark.parametrize("role", [None, Role.ANALYST, Role.MODERATOR, Role.MANAGER])
@pytest.mark.parametrize("what", ["contribution", "participant"])
def test_managers_alone_erase(campaign: Campaign, role: Role | None, what: str) -> None:
    contribution = personas.make_contribution(campaign)
    assert contribution.participant is not None
    clerk = clerk_with(*CAMPAIGN_RIGHTS)
    if role is not None:
        Membership.objects.create(user=clerk, campaign=campaign, role=role)
    row = contribution if what == "contribution" else contribution.participant
    sent = {
        "action": "withdraw" if what == "contribution" else "erase",
        "_selected_action": [str(row.pk)],
        "confirmed": "1",
    }
    staff_browser(clerk).post(reverse(f"admin:mapping_{what}_changelist"), sent)
    still_there = campaign.contributions.filter(pk=contribution.pk).exists()
    assert still_there is (role != Role.MANAGER)
