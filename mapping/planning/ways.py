"""Navigation of planners: sections of the whole site, and tabs within a campaign; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, Question
from mapping.registry import Registry


@dataclass(frozen=True, eq=False)
class PlanningTab:
    """One tab within a campaign; lower positions come first (those of `mapping` are 10 to 70).

    `name` is the section that pages pass to `access.frame`. `rule` is the permission of the page behind the tab.
    """

    name: str
    position: int
    title: str | Promise
    address: Callable[[Campaign], str]
    rule: Callable[[rules.type_of_user, Campaign], bool]


@dataclass(frozen=True, eq=False)
class PlanningSection:
    """One section beside the list of campaigns, for the whole site."""

    name: str
    title: str | Promise
    address: Callable[[], str]
    rule: Callable[[User], bool]


@dataclass(frozen=True)
class Way:
    """A link of a page."""

    title: str | Promise
    address: str
    is_here: bool = False


PLANNING_TABS: Final[Registry[PlanningTab]] = Registry("tab of planners")
PLANNING_SECTIONS: Final[Registry[PlanningSection]] = Registry("section of planners")


def tabs_for(user: rules.type_of_user, campaign: Campaign, here: str) -> list[Way]:
    """The tabs of a campaign that a member may open."""
    ordered = sorted(PLANNING_TABS, key=lambda one: one.position)
    with rules.roles_read_once():
        return [
            Way(one.title, one.address(campaign), is_here=one.name == here)
            for one in ordered
            if one.rule(user, campaign)
        ]


def sections_for(user: User, here: str) -> list[Way]:
    """The sections that a member may open."""
    return [
        Way(one.title, one.address(), is_here=one.name == here) for one in PLANNING_SECTIONS if one.rule(user)
    ]


def _below(route: str) -> Callable[[Campaign], str]:
    return lambda campaign: reverse(f"planning:{route}", args=(campaign.slug,))


def _may_order_releases(user: rules.type_of_user, campaign: Campaign) -> bool:
    return not campaign.publishes_points and rules.may_order_releases(user, campaign)


def _has_responses(user: rules.type_of_user, campaign: Campaign) -> bool:
    return rules.may_read_responses(user, campaign) and Question.objects.of_survey(campaign.pk).exists()


TABS: Final = (
    PlanningTab("queue", 10, _("Review"), _below("queue"), rules.may_moderate),
    PlanningTab("heatmap", 20, _("Heat map"), _below("heatmap"), rules.may_analyse),
    PlanningTab("survey", 25, _("Survey"), _below("survey"), _has_responses),
    PlanningTab("paper", 28, _("Paper"), _below("map-sheets"), rules.may_enter_paper),
    PlanningTab("numbers", 30, _("Numbers"), _below("numbers"), rules.may_analyse),
    PlanningTab("representation", 35, _("Who took part"), _below("representation"), rules.may_read_responses),
    PlanningTab("access", 40, _("Access for QGIS"), _below("access"), rules.may_analyse),
    PlanningTab("outreach", 45, _("Posters and links"), _below("outreach"), rules.may_plan),
    PlanningTab("areas", 50, _("Protected areas"), _below("areas"), _may_order_releases),
    PlanningTab("imports", 60, _("Read in data"), _below("imports"), rules.may_import),
    PlanningTab("setup", 70, _("Edit campaign"), _below("setup"), rules.may_manage),
)
SECTIONS: Final = (
    PlanningSection(
        "campaigns",
        _("All campaigns"),
        lambda: reverse("planning:campaigns"),
        lambda _user: True,
    ),
    PlanningSection(
        "waiting",
        _("Waiting for review"),
        lambda: reverse("planning:waiting"),
        rules.moderates_a_campaign,
    ),
    PlanningSection("city", _("The city"), lambda: reverse("planning:city"), rules.may_edit_city),
    PlanningSection("audit", _("Audit log"), lambda: reverse("planning:audit"), rules.may_read_audit_log),
)
