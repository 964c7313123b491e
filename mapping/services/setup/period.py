"""When a campaign runs and what is possible when: its period and its phases, checked before they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from accounts.models import User
from mapping.models import Campaign
from mapping.services.errors import Invalid, Problem
from mapping.services.setup.changes import PhaseValues, change

MOST_PHASES: Final = 12


def set_period(
    campaign: Campaign,
    actor: User,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    phases: Sequence[PhaseValues],
    expected: str = "",
) -> Campaign:
    """Store the period and the phases of a campaign, which replace those there are.

    Raises Invalid for `closes_at`, `phases`, and `phases.<number>.opens_at` or `.closes_at` with the phase's place in
    the given order; otherwise as `change` does.
    """
    problems = _problems(opens_at, closes_at, phases)
    if problems:
        raise Invalid({name: [problem] for name, problem in problems.items()})
    return change(
        campaign, actor, "period", {"opens_at": opens_at, "closes_at": closes_at}, phases, expected=expected
    )


def _problems(
    opens_at: datetime | None, closes_at: datetime | None, phases: Sequence[PhaseValues]
) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        found["closes_at"] = Problem("period_inverted")
    if len(phases) > MOST_PHASES:
        found["phases"] = Problem("too_many_phases", {"max": MOST_PHASES})
    previous: PhaseValues | None = None
    for number in sorted(range(len(phases)), key=lambda one: phases[one].opens_at):
        phase = phases[number]
        if phase.closes_at <= phase.opens_at:
            found[f"phases.{number}.closes_at"] = Problem("phase_inverted")
        elif closes_at is not None and phase.closes_at > closes_at:
            found[f"phases.{number}.closes_at"] = Problem("phase_outside")
        if previous is not None and phase.opens_at < previous.closes_at:
            found[f"phases.{number}.opens_at"] = Problem("phase_overlaps", {"title": previous.title})
        elif opens_at is not None and phase.opens_at < opens_at:
            found[f"phases.{number}.opens_at"] = Problem("phase_outside")
        if previous is None or phase.closes_at > previous.closes_at:
            previous = phase
    return found
