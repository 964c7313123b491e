"""Entries of editing the calendar and of registrations."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagement import rules
from engagement.services.events.sentences import EVENTS
from engagement.services.registrations.retention import delete_persons
from mapping.planning.ways import PLANNING_SECTIONS, PLANNING_TABS, PlanningSection, PlanningTab
from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION, Retention

PERSONS = Retention(
    "registrations",
    "names and addresses of people who registered for a date, a day after it",
    "day",
    delete_persons,
)
SECTION = PlanningSection("calendar", _("Calendar"), lambda: reverse("records:events"), rules.edits_an_event)
TAB = PlanningTab(
    "calendar",
    45,
    pgettext_lazy("of events", "Dates"),
    lambda campaign: reverse("records:campaign-events", args=(campaign.slug,)),
    rules.may_edit_of_campaign,
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(EVENTS)
    RETENTION.register(PERSONS)
    PLANNING_SECTIONS.register(SECTION)
    PLANNING_TABS.register(TAB)
