"""Entries of the calendar."""

from engagement.web.calendar.sections import DATES_TAB, EVENTS, HOME_DATES, SENTENCES
from mapping.services.messages import enter_sentences
from mapping.web.campaign_tabs import CAMPAIGN_TABS
from mapping.web.overview.feeds import FEEDS
from mapping.web.overview.home import HOME_SECTIONS


def enter() -> None:
    """Fill the registries."""
    CAMPAIGN_TABS.register(DATES_TAB)
    HOME_SECTIONS.register(HOME_DATES)
    FEEDS.register(EVENTS)
    enter_sentences(SENTENCES)
