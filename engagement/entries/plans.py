"""Entries of plans and updates."""

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.models import Plan, ProposalState, Update
from engagement.rules import may_edit_of_campaign, may_edit_records
from engagement.services.plans.proposals import proposals_of, take_back_all, token_of
from engagement.services.plans.sentences import PLANS
from engagement.web.plans.listing import search_plans
from mapping.geo.markup import without_markup
from mapping.models import Campaign, CampaignStatus
from mapping.planning.ways import PLANNING_SECTIONS, PLANNING_TABS, PlanningSection, PlanningTab
from mapping.services.messages import enter_sentences
from mapping.services.own.entries import LONGEST
from mapping.services.own.kinds import OWN_KINDS, Heading, Look, OwnKind, OwnRecord, OwnThing, State
from mapping.services.own.person import Person
from mapping.web.campaign_tabs import CAMPAIGN_TABS, CampaignTab
from mapping.web.overview.feeds import FEEDS, Feed, FeedEntry
from mapping.web.overview.home import HOME_SECTIONS, Content, HomeSection

_ON_HOME: Final = 4
_IN_FEED: Final = 30


def _plans() -> Content | None:
    """The newest public plans."""
    plans = list(search_plans(Plan.objects.public(), "")[:_ON_HOME])
    return Content({"plans": plans}) if plans else None


def _updates() -> list[FeedEntry]:
    """The newest news of all campaigns."""
    return _news(Update.objects.public())


def _updates_of(campaign: Campaign) -> list[FeedEntry]:
    return _news(Update.objects.public().filter(campaign=campaign.pk))


def _news(updates: QuerySet[Update]) -> list[FeedEntry]:
    return [
        FeedEntry(
            f"{one.campaign.title}: {one.title}",
            without_markup(one.text),
            one.get_absolute_url(),
            f"update-{one.pk}",
            one.published_at,
            max(one.changed_at, one.published_at),
        )
        for one in updates.select_related("campaign").defer("campaign__area")[:_IN_FEED]
    ]


def _new_plans() -> list[FeedEntry]:
    """The newest plans, those first that were changed last."""
    return _described(Plan.objects.public())


def _new_plans_of(campaign: Campaign) -> list[FeedEntry]:
    return _described(Plan.objects.public().filter(campaign=campaign.pk))


def _described(plans: QuerySet[Plan]) -> list[FeedEntry]:
    return [
        FeedEntry(
            gettext("Plan of the city: %(title)s") % {"title": one.title},
            one.summary,
            one.get_absolute_url(),
            "plan",
            one.created_at,
            one.changed_at,
        )
        for one in plans.order_by("-changed_at", "pk").defer("place")[:_IN_FEED]
    ]


_LOOKS: Final[dict[str, Look]] = {
    ProposalState.PENDING: "warning",
    ProposalState.ACCEPTED: "good",
    ProposalState.DECLINED: "bad",
}


def _own_proposals(person: Person) -> Iterator[OwnThing]:
    """What somebody proposed for plans."""
    for one in proposals_of(person.secret) if person.secret is not None else ():
        yield OwnThing(
            Heading(gettext("Plans"), reverse("plans")),
            gettext("Proposal: %(plan)s") % {"plan": one.plan.title},
            one.created_at,
            (State(one.get_state_display(), _LOOKS.get(one.state, "")),),
            Truncator(one.text).chars(LONGEST),
            reverse("plan-proposal", args=(token_of(one),)),
        )


def _proposal_records(person: Person) -> Iterator[OwnRecord]:
    """The same in full, with the city's replies."""
    for one in proposals_of(person.secret) if person.secret is not None else ():
        values = [(_("Status"), one.get_state_display()), (_("Text"), one.text)]
        yield OwnRecord(
            Heading(gettext("Plans"), reverse("plans")),
            gettext("Proposal: %(plan)s") % {"plan": one.plan.title},
            one.created_at,
            [*values, *([(_("Answer by the city"), one.answer)] if one.answer else [])],
            {
                "id": str(one.pk),
                "plan": one.plan.title,
                "state": one.state,
                "created_at": one.created_at.isoformat(),
                "text": one.text,
                "reply": one.answer,
            },
        )


OWN_PROPOSALS: Final = OwnKind(
    "proposals",
    _("Proposals for plans"),
    _own_proposals,
    erase=take_back_all,
    records=_proposal_records,
)
PLANNED: Final = HomeSection("plans", 35, "engagement/plans/home.html", _plans)
PLANS_SECTION: Final = PlanningSection(
    "plans", _("Plans"), lambda: reverse("records:plans"), may_edit_records
)

NEWS_TAB: Final = CampaignTab(
    "updates",
    42,
    title=lambda _campaign: _("News"),
    address=lambda campaign: reverse("updates", args=(campaign.slug,)),
    rows=lambda campaign: Update.objects.public().filter(campaign=campaign.pk),
)
OUTCOME_TAB: Final = CampaignTab(
    "outcome",
    44,
    title=lambda _campaign: _("What became of it"),
    address=lambda campaign: reverse("campaign-outcome", args=(campaign.slug,)),
    is_offered=lambda page: page.campaign.status != CampaignStatus.UPCOMING,
)
UPDATES_TAB: Final = PlanningTab(
    "updates",
    65,
    _("News"),
    lambda campaign: reverse("records:updates", args=(campaign.slug,)),
    may_edit_of_campaign,
)
UPDATES_FEED: Final = Feed(
    "updates", _("News of all participations"), _updates, lambda: reverse("outcomes"), entries_of=_updates_of
)
PLANS_FEED: Final = Feed(
    "plans", _("Plans of the city"), _new_plans, lambda: reverse("plans"), entries_of=_new_plans_of
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(PLANS)
    HOME_SECTIONS.register(PLANNED)
    PLANNING_SECTIONS.register(PLANS_SECTION)
    CAMPAIGN_TABS.register(NEWS_TAB)
    CAMPAIGN_TABS.register(OUTCOME_TAB)
    PLANNING_TABS.register(UPDATES_TAB)
    FEEDS.register(UPDATES_FEED)
    FEEDS.register(PLANS_FEED)
    OWN_KINDS.register(OWN_PROPOSALS)
