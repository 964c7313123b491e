"""Lookup of the votes of an address through the gate: 404 for everything that the visitor may not see."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from mapping.models import Campaign, Category
from mapping.translated.reading import Reading
from mapping.web.languages import reading_of
from mapping.web.lookup import campaign_or_404
from voting.models import Vote
from voting.rules import may_see_vote


@dataclass(frozen=True)
class ReadVote:
    """A vote as this visitor reads it: `category` is in their language, `vote` is the row to work with."""

    reading: Reading
    category: Category
    vote: Vote

    @property
    def campaign(self) -> Campaign:
        """The campaign to work with."""
        return self.reading.original


def votes_or_404(request: HttpRequest, slug: str) -> tuple[Reading, list[ReadVote]]:
    """All votes of a campaign in the order of its categories, at least one."""
    campaign = campaign_or_404(request, slug)
    reading = reading_of(request, campaign)
    categories = {one.pk: one for one in campaign.categories.all()}
    shown = {one.pk: one for one in reading.campaign.categories.all()}
    found = []
    for vote in Vote.objects.all().of(campaign):
        vote.category = categories[vote.category_id]
        vote.category.campaign = campaign
        if may_see_vote(request.user, vote):
            found.append(ReadVote(reading, shown[vote.category_id], vote))
    if not found:
        raise Http404
    return reading, found


def vote_or_404(request: HttpRequest, slug: str, category: str) -> ReadVote:
    """The vote of a category."""
    for one in votes_or_404(request, slug)[1]:
        if one.category.slug == category:
            return one
    raise Http404
