"""Votes with marks on what may and what may not be met; results that are hidden must leave no trace."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from mapping.models import Campaign, CampaignStatus, Contribution, ContributionStatus, Source
from tests import personas
from tests.gate.world import CITY, HIDDEN, HIDDEN_PLACE, SHOWN, SHOWN_PLACE, jpeg
from tests.voting.making import cast_ballots, make_vote
from voting.models import Ballot, BallotPile, CodeSeries, Option, Rule, SetAside, Vote, VotingCode


def put_up_votes(campaigns: Sequence[Campaign]) -> None:
    """In each campaign votes with options of every kind, ballots of people and on paper, codes, and ballots apart."""
    for campaign in campaigns:
        is_public = campaign.publishes_points and not campaign.is_draft
        mark = SHOWN if is_public else HIDDEN
        for rule, slug, shown in ((Rule.BUDGET, "budget", "after_end"), (Rule.POINTS, "points", "staff")):
            vote = make_vote(
                campaign,
                rule,
                0,
                slug=slug,
                results=shown,
                explanation=f"{CITY if is_public else HIDDEN} vote",
            )
            # Public in every campaign but drafts, protected ones too.
            vote.category.title = f"{HIDDEN if campaign.is_draft else CITY} {slug}"
            vote.category.save(update_fields=["title"])
            _put_up_options(vote, mark)
            _vote(vote)
        series = CodeSeries.objects.create(campaign=campaign, name=f"{HIDDEN} series")
        VotingCode.objects.create(series=series, number=1, digest=f"code of {campaign.slug}".encode())


def _put_up_options(vote: Vote, mark: str) -> None:
    """Options that stand, one that was withdrawn, and one that nobody may see yet."""
    for number in range(3):
        _put_up(vote, f"{mark} project {number}", mark, cost=10_000 * (number + 1))
    gone = _put_up(vote, f"{mark} withdrawn", mark, cost=5_000)
    gone.withdrawn_at = timezone.now() - timedelta(days=1)
    gone.withdrawn_reason = f"{mark} reason"
    gone.save()
    gone.changes.create(kind="withdrawn", reason=f"{mark} reason", changed_at=gone.withdrawn_at)
    _put_up(vote, f"{HIDDEN} project", HIDDEN, status=ContributionStatus.PENDING)


def _put_up(
    vote: Vote,
    title: str,
    mark: str,
    *,
    cost: int | None = None,
    status: ContributionStatus = ContributionStatus.PUBLISHED,
) -> Option:
    contribution = personas.make_contribution(
        vote.campaign,
        SHOWN_PLACE if mark == SHOWN else HIDDEN_PLACE,
        category=vote.category.slug,
        title=title,
        text=f"{mark} text",
        source=Source.CITY,
        status=status,
    )
    Contribution.objects.filter(pk=contribution.pk).update(participant=None)
    contribution.photos.create(file=jpeg(mark), width=8, height=8, digest=contribution.pk.bytes)
    return Option.objects.create(vote=vote, contribution=contribution, cost=cost)


def _vote(vote: Vote) -> None:
    """Ballots of people, on paper, and apart from the others."""
    made = cast_ballots(vote, [{0: 1}, {0: 1, 1: 1}, {1: 2, 3: 1}, {}])
    # A pile that is open would keep the result of a vote that has ended from being stored.
    now = timezone.now()
    pile = BallotPile.objects.create(vote=vote, name=f"{HIDDEN} pile", counted=2, closed_at=now)
    Ballot.objects.filter(pk__in=[one.pk for one in cast_ballots(vote, [{2: 1}], on_paper=True)]).update(
        pile=pile
    )
    reason = SHOWN if has_shown_result(vote) else HIDDEN
    aside = SetAside.objects.create(
        vote=vote,
        starts_at=timezone.now() - timedelta(hours=2),
        ends_at=timezone.now() - timedelta(hours=1),
        reason=f"{reason} burst",
    )
    Ballot.objects.filter(pk=made[0].pk).update(set_aside=aside)


def has_shown_result(vote: Vote) -> bool:
    """Whether everyone may read the result: of a public campaign that is over, shown after the end."""
    campaign = vote.campaign
    is_public = campaign.publishes_points and not campaign.is_draft
    return is_public and campaign.status == CampaignStatus.CLOSED and vote.results == "after_end"


def take_away_hidden_votes() -> None:
    """Delete ballots and codes where nobody may know of them, as if nobody had voted."""
    CodeSeries.objects.all().delete()
    for vote in Vote.objects.select_related("category__campaign"):
        if not has_shown_result(vote):
            Ballot.objects.filter(vote=vote).delete()
            SetAside.objects.filter(vote=vote).delete()
            BallotPile.objects.filter(vote=vote).delete()
