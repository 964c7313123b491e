"""Who may do what, when: one table for everything that `mapping.rules` decides, and proof that the services obey."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Role, User
from mapping import rules
from mapping.models import (
    AccessLink,
    Campaign,
    DistrictLayer,
    LinkHolder,
)
from tests import personas
from tests.personas import user_called
from tests.test_citizens_permissions import CITIZEN_TABLE

NOW = timezone.now()
DAY = timedelta(days=1)

# --- what members of the staff may do in a campaign -------------------------------------------------------------

STAFF: tuple[str, ...] = (
    "anonymous",
    "outsider",
    "analyst",
    "moderator",
    "manager",
    "administrator",
    "dismissed",
)
STAFF_TABLE: dict[str, str] = {
    # what                       anonymous outsider analyst moderator manager administrator dismissed
    "may_plan":                  "no       no       yes     yes       yes     yes           no",
    "may_moderate":              "no       no       no      yes       yes     yes           no",
    "may_reply":                 "no       no       no      yes       yes     yes           no",
    "may_analyse":               "no       no       yes     no        yes     yes           no",
    "may_make_access_links":     "no       no       yes     no        yes     yes           no",
    "may_read_responses":        "no       no       yes     no        yes     yes           no",
    "may_read_staff_answers":    "no       no       yes     no        yes     yes           no",
    "may_tag_texts":             "no       no       yes     no        yes     yes           no",
    "may_enter_paper":           "no       no       no      yes       yes     yes           no",
    "may_order_releases":        "no       no       no      no        yes     yes           no",
    "may_write_features":        "no       no       no      no        yes     yes           no",
    "may_import":                "no       no       no      no        yes     yes           no",
    "may_manage":                "no       no       no      no        yes     yes           no",
    "may_erase":                 "no       no       no      no        yes     yes           no",
    "may_see_campaign (draft)":  "no       no       yes     yes       yes     yes           no",
    "may_see_campaign (open)":   "yes      yes      yes     yes       yes     yes           yes",
}  # fmt: skip
STAFF_ROWS = [
    (what, who, expected == "yes")
    for what, row in STAFF_TABLE.items()
    for who, expected in zip(STAFF, row.split(), strict=True)
]


@pytest.mark.parametrize(("what", "who", "expected"), STAFF_ROWS)
def test_staff(db: None, what: str, who: str, expected: bool) -> None:
    name, _, state = what.partition(" ")
    campaign = personas.make_campaign(is_draft=state == "(draft)", with_categories=False)
    may = cast("Callable[[User | AnonymousUser, Campaign], bool]", getattr(rules, name))
    assert may(user_called(who, campaign), campaign) is expected


def test_every_rule_about_staff_is_in_the_table() -> None:
    about_staff = {
        *("may_plan", "may_moderate", "may_reply", "may_analyse", "may_see_campaign"),
        *("may_make_access_links", "may_write_features", "may_import", "may_order_releases"),
        *("may_manage", "may_erase", "may_read_responses", "may_tag_texts", "may_enter_paper"),
        "may_read_staff_answers",
    }
    assert about_staff == {what.split()[0] for what in STAFF_TABLE}
    about_citizens = {"may_see_contribution", "may_see_own_comment"} | {
        what.split()[0] for what in CITIZEN_TABLE
    }
    about_campaigns = {
        "may_see_public_contributions",
        "may_contribute_to",
        "may_send_photos",
        "may_take_part",
    }
    declared = {name for name in vars(rules) if name.startswith("may_")}
    about_others = {"may_revoke_access_link", "may_write_districts", "may_replace_shared", "may_undo"}
    about_others |= {"may_use_administration", "may_make_campaigns", "may_edit_city", "may_see_operation"}
    about_others |= {"may_read_audit_log"}
    assert declared == about_staff | about_citizens | about_campaigns | about_others


LINK_TABLE: dict[str, str] = {
    # what                    of its campaign  of another  revoked  expired  maker dismissed  maker no analyst
    "may_analyse":           "yes              no          no       no       no               no",
    "may_see_campaign":      "yes              no          no       no       no               no",
    "may_plan":              "yes              no          no       no       no               no",
    "may_moderate":          "no               no          no       no       no               no",
    "may_reply":             "no               no          no       no       no               no",
    "may_make_access_links": "no               no          no       no       no               no",
    "may_write_features":    "no               no          no       no       no               no",
    "may_import":            "no               no          no       no       no               no",
    "may_order_releases":    "no               no          no       no       no               no",
    "may_read_responses":    "no               no          no       no       no               no",
    "may_tag_texts":         "no               no          no       no       no               no",
    "may_read_staff_answers": "no              no          no       no       no               no",
}  # fmt: skip
LINKS = ("of its campaign", "of another", "revoked", "expired", "maker dismissed", "maker no analyst")
LINK_ROWS = [
    (what, which, expected == "yes")
    for what, row in LINK_TABLE.items()
    for which, expected in zip(LINKS, row.split(), strict=True)
]


@pytest.mark.parametrize(("what", "which", "expected"), LINK_ROWS)
def test_holders_of_private_links(db: None, what: str, which: str, expected: bool) -> None:
    campaign = personas.make_campaign(is_draft=True, with_categories=False)
    maker = personas.make_user("maker@example.org", campaign, Role.MANAGER)
    link = AccessLink.objects.create(campaign=campaign, user=maker, name="QGIS", digest=b"x")
    if which == "of another":
        campaign = personas.make_campaign("elsewhere", is_draft=True, with_categories=False)
    link.revoked_at = NOW if which == "revoked" else None
    link.expires_at = NOW - DAY if which == "expired" else None
    maker.is_active = which != "maker dismissed"
    if which == "maker no analyst":
        maker.memberships.update(role=Role.MODERATOR)
    assert getattr(rules, what)(LinkHolder(link), campaign) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("maker", True),
        ("another analyst", False),
        ("manager", True),
        ("administrator", True),
        ("outsider", False),
        ("anonymous", False),
    ],
)
def test_revoking_a_private_link(campaign: Campaign, who: str, expected: bool) -> None:
    maker = personas.make_user("maker@example.org", campaign, Role.ANALYST)
    another = personas.make_user("another@example.org", campaign, Role.ANALYST)
    link = AccessLink.objects.create(campaign=campaign, user=maker, name="QGIS", digest=b"x")
    user = {"maker": maker, "another analyst": another}.get(who) or user_called(who, campaign)
    assert rules.may_revoke_access_link(user, link) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("who decided", True),
        ("who decided, now analyst", False),
        ("moderator", False),
        ("manager", False),
        ("administrator", False),
        ("anonymous", False),
    ],
)
@pytest.mark.parametrize("about", ["contribution", "comment"])
def test_taking_back_a_decision(campaign: Campaign, who: str, expected: bool, about: str) -> None:
    decided = personas.make_user("decided@example.org", campaign, Role.MODERATOR)
    contribution = personas.make_contribution(campaign)
    item = contribution if about == "contribution" else personas.make_comment(contribution)
    event = item.moderation_events.create(from_status="pending", to_status="published", actor=decided)
    if who == "who decided, now analyst":
        decided.memberships.update(role=Role.ANALYST)
    user = decided if who.startswith("who decided") else user_called(who, campaign)
    assert rules.may_undo(user, event) is expected


def test_districts_of_two_campaigns_need_both_managers_roles(campaign: Campaign, manager: User) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    assert not rules.may_write_districts(manager, layer)  # nobody's: of the administration
    Campaign.objects.update(district_layer=layer)
    assert rules.may_write_districts(manager, layer)
    second = personas.make_campaign("second", with_categories=False, district_layer=layer)
    assert not rules.may_write_districts(manager, layer)
    Membership.objects.create(user=manager, campaign=second, role=Role.MANAGER)
    assert rules.may_write_districts(manager, layer)
    assert not rules.may_write_districts(AnonymousUser(), layer)


@pytest.mark.parametrize("who", STAFF)
def test_only_administrators_replace_what_all_campaigns_share(campaign: Campaign, who: str) -> None:
    assert rules.may_replace_shared(user_called(who, campaign)) is (who == "administrator")


ENTERING: dict[str, str] = {
    # what                  anonymous outsider analyst moderator manager administrator dismissed
    "may_use_administration": "no     yes      no      no        yes     yes           no",
    "manages_a_campaign":     "no     yes      no      no        yes     yes           no",
}  # fmt: skip
"""Of any campaign: an outsider manages another one."""


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize("what", ENTERING)
def test_managers_of_any_campaign_enter_the_administration(campaign: Campaign, what: str, who: str) -> None:
    expected = dict(zip(STAFF, ENTERING[what].split(), strict=True))[who] == "yes"
    assert getattr(rules, what)(user_called(who, campaign)) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [("maker", True), ("dismissed maker", False), *((one, one == "administrator") for one in STAFF)],
)
def test_campaigns_are_made_by_those_who_were_given_it(campaign: Campaign, who: str, expected: bool) -> None:
    if who.endswith("maker"):
        maker = personas.make_user("m@example.org", may_make_campaigns=True, is_active=who == "maker")
        assert rules.may_make_campaigns(maker) is expected
    else:
        assert rules.may_make_campaigns(user_called(who, campaign)) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [("editor", True), ("dismissed editor", False), *((one, one == "administrator") for one in STAFF)],
)
def test_city_is_edited_by_those_who_were_given_it(campaign: Campaign, who: str, expected: bool) -> None:
    if who.endswith("editor"):
        editor = personas.make_user("e@example.org", may_edit_city=True, is_active=who == "editor")
        assert rules.may_edit_city(editor) is expected
    else:
        assert rules.may_edit_city(user_called(who, campaign)) is expected


@pytest.mark.parametrize("who", STAFF)
def test_operation_is_seen_by_superusers(campaign: Campaign, who: str) -> None:
    assert rules.may_see_operation(user_called(who, campaign)) is (who == "administrator")


@pytest.mark.parametrize("is_active", [True, False])
def test_staff_enter_the_administration_without_a_role(db: None, is_active: bool) -> None:
    clerk = personas.make_user("clerk@example.org", is_staff=True, is_active=is_active)
    assert rules.may_use_administration(clerk) is is_active
    assert not rules.manages_a_campaign(clerk)


def test_one_user_may_have_several_roles(campaign: Campaign, analyst: User) -> None:
    Membership.objects.create(user=analyst, campaign=campaign, role=Role.MODERATOR)
    assert rules.may_moderate(analyst, campaign)
    assert rules.may_analyse(analyst, campaign)


@pytest.mark.parametrize("who", STAFF)
def test_rules_answer_alike_when_roles_are_read_once(
    campaign: Campaign, who: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = user_called(who, campaign)
    may = [getattr(rules, what.split()[0]) for what in STAFF_TABLE]
    expected = [rule(user, campaign) for rule in may]
    with rules.roles_read_once(), django_assert_max_num_queries(1):
        assert [rule(user, campaign) for rule in may] == expected
    # Outside of the block a role that was taken away is gone at once.
    Membership.objects.all().delete()
    if who in {"analyst", "moderator", "manager"}:
        assert not rules.may_plan(user, campaign)
