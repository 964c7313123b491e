"""Who may do what, when: one table for everything that `mapping.rules` decides, and proof that the services obey."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Membership, Role, User
from mapping import rules
from mapping.models import (
    AccessLink,
    Campaign,
    Contribution,
    ContributionStatus,
    DistrictLayer,
    LinkHolder,
)
from mapping.services import feedback, moderate
from mapping.services.errors import DomainError
from mapping.services.submit import Submission, add_photo, revise, submit, submit_city
from mapping.services.undo import undo
from tests import personas
from tests.personas import Citizen, line, point
from tests.services.photos.test_pictures import colourful

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


def user_called(name: str, campaign: Campaign) -> User | AnonymousUser:
    """The persona of a column; `dismissed` is a manager whose account was closed."""
    if name == "anonymous":
        return AnonymousUser()
    if name == "administrator":
        return personas.make_user("administrator@example.org", is_superuser=True)
    if name == "outsider":
        elsewhere = personas.make_campaign("elsewhere", with_categories=False)
        return personas.make_user("outsider@example.org", elsewhere, Role.MANAGER)
    if name == "dismissed":
        return personas.make_user("dismissed@example.org", campaign, Role.MANAGER, is_active=False)
    return personas.make_user(f"{name}@example.org", campaign, Role(name))


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
        *("may_manage", "may_erase"),
    }
    assert about_staff == {what.split()[0] for what in STAFF_TABLE}
    about_citizens = {"may_see_contribution"} | {what.split()[0] for what in CITIZEN_TABLE}
    about_campaigns = {"may_see_public_contributions", "may_contribute_to", "may_send_photos"}
    declared = {name for name in vars(rules) if name.startswith("may_")}
    about_others = {"may_revoke_access_link", "may_write_districts", "may_replace_shared", "may_undo"}
    about_others |= {"may_use_administration"}
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


@pytest.mark.parametrize("is_active", [True, False])
def test_staff_enter_the_administration_without_a_role(db: None, is_active: bool) -> None:
    clerk = personas.make_user("clerk@example.org", is_staff=True, is_active=is_active)
    assert rules.may_use_administration(clerk) is is_active
    assert not rules.manages_a_campaign(clerk)


def test_one_user_may_have_several_roles(campaign: Campaign, analyst: User) -> None:
    Membership.objects.create(user=analyst, campaign=campaign, role=Role.MODERATOR)
    assert rules.may_moderate(analyst, campaign)
    assert rules.may_analyse(analyst, campaign)


# --- who sees one contribution ------------------------------------------------------------------------------------

VIEWERS = ("stranger", "author", "outsider", "analyst", "moderator", "manager", "administrator")
SIGHT_TABLE: dict[str, str] = {
    # status, campaign     stranger author outsider analyst moderator manager administrator
    "published points":   "yes      yes    yes      yes     yes       yes     yes",
    "pending points":     "no       yes    no       yes     yes       yes     yes",
    "rejected points":    "no       yes    no       yes     yes       yes     yes",
    "published cells":    "no       yes    no       yes     yes       yes     yes",
    "pending cells":      "no       yes    no       yes     yes       yes     yes",
    "published draft":    "no       yes    no       yes     yes       yes     yes",
}  # fmt: skip
SIGHT_ROWS = [
    (what, who, expected == "yes")
    for what, row in SIGHT_TABLE.items()
    for who, expected in zip(VIEWERS, row.split(), strict=True)
]


@pytest.mark.parametrize(("what", "who", "expected"), SIGHT_ROWS)
def test_seeing_one_contribution(citizen: Citizen, db: None, what: str, who: str, expected: bool) -> None:
    status, kind = what.split()
    campaign = personas.make_campaign(
        publication="cells" if kind == "cells" else "points", is_draft=kind == "draft"
    )
    stored = personas.make_contribution(campaign, by=citizen)
    Contribution.objects.filter(pk=stored.pk).update(status=status)
    stored.refresh_from_db()
    participant = citizen.participant(campaign) if who == "author" else personas.make_participant(campaign)
    user = AnonymousUser() if who in {"stranger", "author"} else user_called(who, campaign)
    assert rules.may_see_contribution(user, participant, stored) is expected
    if who == "stranger":
        in_gate = Contribution.objects.filter(pk__in=published_ids()).exists()
        assert in_gate is expected is rules.is_public(stored)


def published_ids() -> list[UUID]:
    from mapping.models.contribution import ContributionQuerySet

    return [stored.pk for stored in ContributionQuerySet(Contribution).published()]


# --- what citizens may do -----------------------------------------------------------------------------------------

WHENS = ("draft", "upcoming", "first moment", "open", "last moment", "closed", "always open")
CITIZEN_TABLE: dict[str, str] = {
    # what                              draft upcoming first open last-moment closed always
    "may_contribute":                  "no    no       yes   yes  no          no     yes",
    "may_change_own published":        "no    no       yes   yes  no          no     yes",
    "may_change_own pending":          "no    no       yes   yes  no          no     yes",
    "may_change_own rejected":         "no    no       yes   yes  no          no     yes",
    "may_comment published":           "no    no       yes   yes  no          no     yes",
    "may_comment pending":             "no    no       no    no   no          no     no",
    "may_comment rejected":            "no    no       no    no   no          no     no",
    "may_comment published cells":     "no    no       no    no   no          no     no",
    "may_comment published off":       "no    no       no    no   no          no     no",
    "may_support published":           "no    no       yes   yes  no          no     yes",
    "may_support pending":             "no    no       no    no   no          no     no",
    "may_support published cells":     "no    no       no    no   no          no     no",
    "may_support published off":       "no    no       no    no   no          no     no",
}  # fmt: skip
CITIZEN_ROWS = [
    (what, when, expected == "yes")
    for what, row in CITIZEN_TABLE.items()
    for when, expected in zip(WHENS, row.split(), strict=True)
]
PERIODS = {
    "draft": (NOW - DAY, NOW + DAY),
    "upcoming": (NOW + DAY, NOW + 2 * DAY),
    "first moment": (NOW, NOW + DAY),
    "open": (NOW - DAY, NOW + DAY),
    "last moment": (NOW - DAY, NOW),
    "closed": (NOW - 2 * DAY, NOW - DAY),
    "always open": (None, None),
}


def campaign_at(when: str, *words: str) -> Campaign:
    """An unsaved campaign in a period, `cells` or with reactions `off`."""
    opens_at, closes_at = PERIODS[when]
    is_on = "off" not in words
    return Campaign(
        is_draft=when == "draft",
        opens_at=opens_at,
        closes_at=closes_at,
        publication="cells" if "cells" in words else "points",
        allows_comments=is_on,
        allows_support=is_on,
        allows_opposition=is_on,
    )


@pytest.mark.parametrize(("what", "when", "expected"), CITIZEN_ROWS)
def test_citizens(what: str, when: str, expected: bool) -> None:
    name, *words = what.split()
    campaign = campaign_at(when, *words)
    if name == "may_contribute":
        assert rules.may_contribute(campaign, NOW) is expected
        return
    contribution = Contribution(campaign=campaign, status=ContributionStatus(words[0]))
    may = cast("Callable[..., bool]", getattr(rules, name))
    assert may(contribution, NOW) is expected
    if name == "may_support":
        assert rules.may_support(contribution, NOW, -1) is expected


@pytest.mark.parametrize(("support", "opposition"), [(True, False), (False, True)])
def test_support_and_opposition_are_wanted_apart(support: bool, opposition: bool) -> None:
    campaign = campaign_at("open")
    campaign.allows_support, campaign.allows_opposition = support, opposition
    contribution = Contribution(campaign=campaign, status=ContributionStatus.PUBLISHED)
    assert rules.may_support(contribution, NOW, 1) is support
    assert rules.may_support(contribution, NOW, -1) is opposition


# --- the services obey ----------------------------------------------------------------------------------------------

ACTIONS: dict[str, Callable[[Contribution, Citizen, User], object]] = {
    "submit": lambda stored, person, _: submit(stored.campaign, Submission("spot", point()), person.secret),
    "revise": lambda stored, _person, _: revise(stored, Submission("spot", point(), "New")),
    "add a photo": lambda stored, _person, _: add_photo(stored, colourful(0)),
    "comment": lambda stored, person, _: feedback.comment(stored, "Text", person.secret),
    "support": lambda stored, person, _: feedback.set_support(stored, 1, person.secret),
    "oppose": lambda stored, person, _: feedback.set_support(stored, -1, person.secret),
    "publish": lambda stored, _, user: moderate.publish(stored, user),
    "reject": lambda stored, _, user: moderate.reject(stored, user, "Because"),
    "edit": lambda stored, _, user: moderate.edit(stored, user, text="New"),
    "bulk": lambda stored, _, user: moderate.bulk([stored.pk], stored.campaign, "publish", user),
    "reply": lambda stored, _, user: feedback.reply(stored, user, "done", "Text"),
    "undo": lambda stored, _, user: undo([], stored.campaign, user),
    "put up a place": lambda stored, _, user: submit_city(
        stored.campaign, Submission("plan", line()), actor=user
    ),
}
OBEYED: list[tuple[str, str, str, bool]] = [
    # what            who (staff)   campaign    expected
    ("submit",         "outsider",  "open",     True),
    ("submit",         "outsider",  "closed",   False),
    ("submit",         "outsider",  "upcoming", False),
    ("submit",         "manager",   "draft",    False),
    ("revise",         "outsider",  "open",     True),
    ("revise",         "outsider",  "closed",   False),
    ("add a photo",    "outsider",  "open",     True),
    ("add a photo",    "outsider",  "closed",   False),
    ("comment",        "outsider",  "open",     True),
    ("comment",        "outsider",  "closed",   False),
    ("comment",        "outsider",  "cells",    False),
    ("support",        "outsider",  "open",     True),
    ("support",        "outsider",  "closed",   False),
    ("support",        "outsider",  "cells",    False),
    ("oppose",         "outsider",  "open",     True),
    ("oppose",         "outsider",  "cells",    False),
    ("publish",        "outsider",  "open",     False),
    ("publish",        "analyst",   "open",     False),
    ("reject",         "outsider",  "open",     False),
    ("reject",         "analyst",   "open",     False),
    ("reject",         "moderator", "open",     True),
    ("reject",         "moderator", "closed",   True),
    ("reject",         "moderator", "cells",    True),
    ("reject",         "manager",   "open",     True),
    ("edit",           "outsider",  "open",     False),
    ("edit",           "analyst",   "open",     False),
    ("edit",           "moderator", "closed",   True),
    ("bulk",           "analyst",   "open",     False),
    ("bulk",           "moderator", "open",     True),
    ("undo",           "outsider",  "open",     False),
    ("undo",           "analyst",   "open",     False),
    ("undo",           "moderator", "closed",   True),
    ("reply",          "outsider",  "open",     False),
    ("reply",          "analyst",   "open",     False),
    ("reply",          "moderator", "closed",   True),
    ("put up a place", "analyst",   "open",     False),
    ("put up a place", "outsider",  "open",     False),
    ("put up a place", "moderator", "draft",    True),
    ("put up a place", "administrator", "open", True),
]  # fmt: skip


@pytest.mark.parametrize(("what", "who", "when", "expected"), OBEYED)
@pytest.mark.django_db
def test_services_obey(another_citizen: Citizen, what: str, who: str, when: str, expected: bool) -> None:
    opens_at, closes_at = PERIODS.get(when, PERIODS["open"])
    campaign = personas.make_campaign(
        opens_at=opens_at,
        closes_at=closes_at,
        is_draft=when == "draft",
        publication="cells" if when == "cells" else "points",
    )
    stored = personas.make_contribution(campaign)
    user = user_called(who, campaign)
    assert isinstance(user, User)
    before = snapshot(stored)
    if expected:
        ACTIONS[what](stored, another_citizen, user)
    else:
        with pytest.raises(DomainError):
            ACTIONS[what](stored, another_citizen, user)
        assert snapshot(stored) == before


def snapshot(stored: Contribution) -> list[object]:
    """What a refused action must leave as it was."""
    fresh = Contribution.objects.get(pk=stored.pk)
    hangs_on = (fresh.photos, fresh.comments, fresh.supports, fresh.replies, fresh.moderation_events)
    return [
        *(
            getattr(fresh, field.attname)
            for field in Contribution._meta.concrete_fields
            if field.name != "geom_laea"
        ),
        *(manager.count() for manager in hangs_on),
        Contribution.objects.count(),
    ]
