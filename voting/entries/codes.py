"""Entries of voting codes, ballots on paper, and what does not count."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mapping.exports.files import CAMPAIGN_FILES, CampaignFile
from mapping.planning.paper.frame import PAPER_WAYS, PaperWay
from mapping.planning.ways import PLANNING_TABS, PlanningTab
from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION, Retention
from voting.models import Vote
from voting.planning.ballots.frame import SECTION, has_votes
from voting.services.ballot_files import FORMATS, LABELS, ballots_file
from voting.services.code_sentences import CODES
from voting.services.codes import forget_codes

SERIES: Final = Retention(
    "voting-codes",
    "voting codes, thirty days after the end of their campaign",
    "day",
    forget_codes,
)
TAB: Final = PlanningTab(
    SECTION,
    27,
    _("Votes"),
    lambda campaign: reverse("voting-planning:votes", args=(campaign.slug,)),
    has_votes,
)
PAPER: Final = PaperWay(
    "ballots",
    _("Ballots on paper"),
    lambda campaign: reverse("voting-planning:paper", args=(campaign.slug,)),
    lambda campaign: Vote.objects.of(campaign).exists(),
)
BALLOTS: Final = CampaignFile(
    "ballots",
    "the ballots of a vote whose result is stored, shuffled; --category names the vote, where there are several",
    FORMATS,
    LABELS,
    ballots_file,
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(CODES)
    RETENTION.register(SERIES)
    PLANNING_TABS.register(TAB)
    PAPER_WAYS.register(PAPER)
    CAMPAIGN_FILES.register(BALLOTS)
