"""What the app brings into the registries."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Count, F, Max, Min
from django.urls import reverse
from django.utils import timezone

from mapping import rules
from mapping.exports.fields import Field
from mapping.exports.metadata import Site
from mapping.exports.metadata.dataset import DATASET_SOURCES, Dataset, DatasetSource, Distribution
from mapping.exports.sources import SortKey, Source
from mapping.exports.values import Second
from mapping.models import Campaign
from mapping.ogc.collections import Collection, CollectionKind, Times, register_kind
from mapping.planning.ways import PLANNING_SECTIONS, PLANNING_TABS, PlanningSection, PlanningTab
from mapping.services.retention import RETENTION, Retention
from mapping.web.campaign_tabs import CAMPAIGN_TABS, CampaignTab
from mapping.web.overview.feeds import FEEDS, Feed, FeedEntry
from mapping.web.overview.home import HOME_SECTIONS, Content, HomeSection
from tests.neighbour.models import Meeting

FIELDS = (
    Field("title", "Title", "text", is_always_there=True),
    Field("begins", "Begins", "datetime", is_always_there=True),
    Field("ends", "Ends", "datetime", is_always_there=True),
)


def meetings_source(collection: Collection) -> Source:
    """The public meetings of a campaign; who works on it sees all."""
    meetings = Meeting.objects.filter(campaign=collection.campaign)
    return Source(
        rows=meetings if collection.is_exact else meetings.filter(is_public=True),
        fields=FIELDS,
        values={"title": F("title"), "begins": Second("begins_at"), "ends": Second("ends_at")},
        identifier="code",
        place="place",
        order=(SortKey(F("begins_at"), is_nullable=False),),
        period=("begins_at", "ends_at"),
    )


def times_of(campaign: Campaign) -> Times:
    """From the first meeting to the last one."""
    found = Meeting.objects.filter(campaign=campaign, is_public=True)
    times = found.aggregate(first=Min("begins_at"), last=Max("ends_at"))
    return times["first"], times["last"]


def numbers_of(campaigns: Sequence[Campaign]) -> Mapping[int, int]:
    """Public meetings by campaign."""
    found = Meeting.objects.filter(campaign__in=campaigns, is_public=True).order_by()
    return dict(found.values_list("campaign").annotate(number=Count("pk")))


MEETINGS = CollectionKind(
    "meetings",
    title="meetings",
    heading="Meetings",
    description="Dates and places where people meet.",
    is_offered=lambda reading: Meeting.objects.filter(campaign=reading.campaign).exists(),
    models=(Meeting,),
    source=meetings_source,
    place="geometry-point",
    times=times_of,
    numbers=numbers_of,
    label="title",
    preview="title",
)


def datasets(site: Site, _language: str) -> list[Dataset]:
    """All public meetings are one dataset, once there is one."""
    found = Meeting.objects.filter(is_public=True).aggregate(first=Min("begins_at"))["first"]
    if found is None:
        return []
    address = f"{site.url}/meetings/"
    calendar = Distribution(
        "calendar", "iCalendar", f"{address}all.ics", "ics", "text/calendar", "Für den Kalender."
    )
    return [
        Dataset(
            address=address,
            page=address,
            title="Treffen",
            description="Wann und wo sich Menschen treffen.",
            created_at=found,
            modified_at=found,
            distributions=lambda: (calendar,),
            keywords=("Termine",),
            summary="Wann und wo.",
        )
    ]


DATASETS = DatasetSource("meetings", datasets)


def next_meetings() -> Content | None:
    """Public meetings."""
    meetings = list(Meeting.objects.filter(is_public=True).order_by("begins_at"))
    return Content({"meetings": meetings}) if meetings else None


HOME_SECTION = HomeSection("meetings", 25, "neighbour/home.html", next_meetings)
CAMPAIGN_TAB = CampaignTab(
    "meetings",
    45,
    title=lambda _campaign: "Meetings",
    address=lambda campaign: reverse("neighbour:meetings", args=(campaign.slug,)),
    is_offered=lambda page: Meeting.objects.filter(campaign=page.campaign, is_public=True).exists(),
)
PLANNING_TAB = PlanningTab(
    "meetings",
    35,
    "Meetings",
    lambda campaign: reverse("neighbour:plan-meetings", args=(campaign.slug,)),
    rules.may_moderate,
)
PLANNING_SECTION = PlanningSection(
    "meetings", "All meetings", lambda: reverse("neighbour:all-meetings"), lambda user: user.is_active
)


def feed_entries() -> list[FeedEntry]:
    """Public meetings, the latest first."""
    return [
        FeedEntry(one.title, "", f"/campaigns/{one.campaign.slug}/meetings/", one.code, one.begins_at)
        for one in Meeting.objects.filter(is_public=True).select_related("campaign").order_by("-begins_at")
    ]


def forget_past() -> int:
    """Take away what is over for a year."""
    removed, _of = Meeting.objects.filter(ends_at__lt=timezone.now() - timedelta(days=365)).delete()
    return removed


FEED = Feed("meetings", "Meetings", feed_entries, lambda: reverse("home"))
PAST_MEETINGS = Retention("meetings", "meetings a year after their end", "day", forget_past)


def enter() -> None:
    """Fill the registries."""
    register_kind(MEETINGS)
    DATASET_SOURCES.register(DATASETS)
    HOME_SECTIONS.register(HOME_SECTION)
    CAMPAIGN_TABS.register(CAMPAIGN_TAB)
    PLANNING_TABS.register(PLANNING_TAB)
    PLANNING_SECTIONS.register(PLANNING_SECTION)
    FEEDS.register(FEED)
    RETENTION.register(PAST_MEETINGS)
