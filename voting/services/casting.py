"""Ballots cast by people: stored, replaced until the end, withdrawn.

One transaction writes a ballot. It locks the person or the code, then the ballot, never the options, so that people who
vote at once do not wait for each other, and no public number changes. What is written is known to nobody but the voter
and the counts of results.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mapping.models import Action, Campaign, CampaignStatus, Participant
from mapping.services import identity
from mapping.services.checking.gates import why_not_open
from mapping.services.errors import NotAllowed, invalid
from mapping.services.files.disks import refusing_what_disks_refuse
from voting.models import Ballot, Choice, StoredResult, Vote, VotingCode
from voting.models.ballot import BallotQuerySet
from voting.rules import has_ended, may_vote
from voting.services.checking import check_choices

Voter = Participant | VotingCode
"""Who counts once in a vote: a browser, or a printed code."""


def cast(vote: Vote, voter: Voter, choices: Mapping[UUID, int], at: datetime | None = None) -> Ballot:
    """Store a ballot, in place of the one that the voter cast before.

    `choices` are values (see `voting.models.Rule`) by the id of an option's contribution. Raises NotAllowed
    (`campaign_...`, `voting_...`) outside the time of voting, Invalid on "code" or "choices.<id>", "choices".
    """
    at = at or timezone.now()
    require_voting(vote.campaign, at)
    options = {one.contribution_id: one for one in vote.options.all().public()}
    check_choices(vote, options.values(), choices)
    with refusing_what_disks_refuse(), transaction.atomic():
        ballot = _locked_ballot(vote, _locked_voter(vote, voter), at)
        # After the ballot was written: whoever closes a vote waits for it, or is waited for.
        if StoredResult.objects.filter(vote=vote).exists():
            raise NotAllowed("voting_counted")
        ballot.choices.all().delete()
        Choice.objects.bulk_create(
            Choice(ballot=ballot, option=options[pk], value=value) for pk, value in choices.items()
        )
    return ballot


def cast_in_browser(
    vote: Vote, secret: str, choices: Mapping[UUID, int], at: datetime | None = None
) -> Ballot:
    """Store the ballot of the person with a secret (`mapping.visitor`); see `cast`."""
    with refusing_what_disks_refuse(), transaction.atomic():
        return cast(vote, identity.locked_participant(vote.campaign, secret), choices, at)


def withdraw_ballot(vote: Vote, voter: Voter | None, at: datetime | None = None) -> bool:
    """Delete the ballot of a voter; returns whether there was one. Idempotent.

    Raises NotAllowed outside the time of voting: what was counted stays counted. A person without any other data in
    the campaign is deleted.
    """
    require_voting(vote.campaign, at or timezone.now())
    if voter is None:
        return False
    with transaction.atomic():
        # The voter before the ballot, as in `cast`, so that the two never wait for each other.
        _lock(voter)
        ballot = _ballots_of(vote, voter).select_for_update(of=("self",)).first()
        if ballot is None:
            return False
        ballot.delete()
        if isinstance(voter, Participant):
            identity.forget_if_idle(voter)
    return True


def cut_off_ended(participant: Participant) -> None:
    """Take a person's ballots from them where the vote has ended and its result is not stored yet: these count.

    Their moments go, too, as when a result is stored. Callers must have locked the person, who is erased next.
    """
    at = timezone.now()
    cast_by = Ballot.objects.filter(participant=participant).select_related("vote__category__campaign")
    ended = [one.pk for one in cast_by if has_ended(one.vote.campaign, at)]
    Ballot.objects.filter(pk__in=ended).update(participant=None, created_at=None, changed_at=None)


def ballot_of(vote: Vote, voter: Voter | None) -> Ballot | None:
    """The ballot that a voter cast; None for nobody, and once the vote was counted."""
    return None if voter is None else _ballots_of(vote, voter).first()


def choices_on(ballot: Ballot | None) -> dict[UUID, int]:
    """The values on a ballot by the id of an option's contribution, those of withdrawn options included."""
    if ballot is None:
        return {}
    return dict(ballot.choices.values_list("option__contribution_id", "value"))


def require_voting(campaign: Campaign, at: datetime) -> None:
    """Raise NotAllowed with the dates of voting unless people may vote at a moment."""
    if not may_vote(campaign, at):
        raise why_no_voting(campaign, at)


def why_no_voting(campaign: Campaign, at: datetime) -> NotAllowed:
    """Why nobody can vote at a moment: not yet (`opens_at`), not any more (`closes_at`), or never."""
    if not campaign.publishes_points:
        return NotAllowed("voting_never")
    if campaign.is_draft or campaign.status_at(at) != CampaignStatus.OPEN:
        return why_not_open(campaign, at)
    spans = [phase for phase in campaign.timeline if phase.allows_action(Action.VOTE)]
    coming = next((phase for phase in spans if phase.opens_at > at), None)
    if coming is not None:
        return NotAllowed("voting_upcoming", opens_at=coming.opens_at)
    if spans:
        return NotAllowed("voting_over", closes_at=spans[-1].closes_at)
    return NotAllowed("voting_never")


def voting_ends_at(campaign: Campaign, at: datetime) -> datetime | None:
    """The end of the present span of voting, phases that follow at once included; None without an end."""
    ends_at = campaign.closes_at
    for phase in campaign.timeline:
        if phase.opens_at <= at < phase.closes_at or phase.opens_at == ends_at:
            if not phase.allows_action(Action.VOTE):
                break
            ends_at = phase.closes_at
    return ends_at


def _ballots_of(vote: Vote, voter: Voter) -> BallotQuerySet:
    """The ballot of a voter, at most one."""
    ballots: BallotQuerySet = Ballot.objects.filter(vote=vote)
    if isinstance(voter, Participant):
        return ballots.filter(participant=voter)
    return ballots.filter(code=voter)


def _lock(voter: Voter) -> Voter | None:
    """The voter's row, locked until the transaction ends; None where it is gone, or the code void."""
    if isinstance(voter, Participant):
        return identity.lock_participant(voter)
    codes = VotingCode.objects.select_for_update(of=("self",), no_key=True).select_related("series")
    return codes.filter(pk=voter.pk, voided_at=None).first()


def _locked_voter(vote: Vote, voter: Voter) -> Voter:
    """The voter, locked, so that two requests at once are one ballot; raises where they may not vote here."""
    locked = _lock(voter)
    if isinstance(voter, Participant):
        if vote.needs_code:
            raise invalid("code", "code_required")
        if locked is None:
            raise NotAllowed("gone")
        return locked
    if not vote.needs_code:
        raise invalid("code", "code_not_needed")
    if not isinstance(locked, VotingCode) or locked.series.campaign_id != vote.category.campaign_id:
        raise invalid("code", "voting_code_void")
    return locked


def _locked_ballot(vote: Vote, voter: Voter, at: datetime) -> Ballot:
    """The voter's ballot, locked; a new one where there is none."""
    ballot = _ballots_of(vote, voter).select_for_update(of=("self",), no_key=True).first()
    if ballot is not None:
        ballot.changed_at = at
        ballot.save(update_fields=["changed_at"])
        return ballot
    if isinstance(voter, Participant):
        return Ballot.objects.create(vote=vote, participant=voter, created_at=at, changed_at=at)
    return Ballot.objects.create(
        vote=vote, code=voter, district_id=voter.series.district_id, created_at=at, changed_at=at
    )
