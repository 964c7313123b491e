"""Phases of a campaign as pages show them: what is now, what comes next, what people may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mapping.models import Action, Campaign, CampaignStatus, Phase
from mapping.translated.reading import Reading

PhaseState = Literal["past", "now", "next"]


@dataclass(frozen=True, slots=True)
class ShownPhase:
    """A phase and where it stands."""

    phase: Phase
    state: PhaseState


@dataclass(frozen=True, slots=True)
class ShownPhases:
    """The phases of a campaign, the present one and the next one."""

    phases: Sequence[ShownPhase]
    now: Phase | None
    following: Phase | None

    @property
    def follows_at_once(self) -> bool:
        """Whether the next phase begins when the present one ends, so that its date need not be repeated."""
        if self.now is None or self.following is None:
            return False
        return self.now.closes_at == self.following.opens_at


def phases_of(reading: Reading, at: datetime) -> ShownPhases | None:
    """The phases of a campaign at a moment, in the language in which it is read; None where it has none."""
    campaign = reading.original
    if not campaign.timeline:
        return None
    timeline = reading.all(campaign.timeline)
    is_over = campaign.status_at(at) == CampaignStatus.CLOSED
    present = campaign.phase_at(at) if campaign.status_at(at) == CampaignStatus.OPEN else None
    return ShownPhases(
        [ShownPhase(phase, _state(phase, at)) for phase in timeline],
        now=None if present is None else next(one for one in timeline if one.pk == present.pk),
        following=None if is_over else next((one for one in timeline if one.opens_at > at), None),
    )


def invites_to(campaign: Campaign, action: Action, at: datetime) -> bool:
    """Whether pages invite people to do something; those of drafts do as a preview, but accept nothing."""
    if campaign.status_at(at) != CampaignStatus.OPEN:
        return False
    phase = campaign.phase_at(at)
    return not campaign.timeline or (phase is not None and phase.allows_action(action))


def _state(phase: Phase, at: datetime) -> PhaseState:
    if phase.closes_at <= at:
        return "past"
    return "now" if phase.opens_at <= at else "next"
