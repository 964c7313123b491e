"""What voters do, in plain words, and what a ballot uses up while it is filled in."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from mapping.wording import in_words_number
from voting.models import Rule, Vote


@dataclass(frozen=True, slots=True)
class RunningSum:
    """The limit of a ballot: `unit` is one of "points", "euros", "choices"; `most` its whole."""

    unit: str
    most: int
    label: str


def instructions_of(vote: Vote) -> str:
    """How people vote by the rule of a vote, in one or two sentences."""
    match vote.rule:
        case Rule.FOR_AGAINST:
            return gettext(
                "Choose for or against at each proposal. You can leave out what you have no opinion on."
            )
        case Rule.ONE_OF:
            return gettext("Choose one proposal.")
        case Rule.UP_TO:
            most = vote.most_choices or 1
            return ngettext("Choose one proposal.", "Choose up to %(most)s proposals.", most) % {"most": most}
        case Rule.POINTS:
            return gettext("You have %(points)s points. Give one proposal up to %(most)s of them.") % {
                "points": vote.points,
                "most": vote.most_points,
            }
        case Rule.BUDGET:
            return gettext("Choose proposals that cost no more than %(sum)s € together.") % {
                "sum": _euros(vote)
            }
        case Rule.APPROVAL:
            return gettext(
                "Choose every proposal that you think is good, as many as you like. The sum of %(sum)s € pays for "
                "those with enough support."
            ) % {"sum": _euros(vote)}
        case _:
            return gettext(
                "Put the proposals in your order: rank 1 is the one you like best. You can leave the rest open."
            )


def running_sum_of(vote: Vote) -> RunningSum | None:
    """What is summed up while a ballot is filled in; None where there is no limit to keep."""
    match vote.rule:
        case Rule.POINTS:
            return RunningSum("points", vote.points or 0, gettext("Points that you gave"))
        case Rule.BUDGET:
            return RunningSum("euros", vote.budget or 0, gettext("Cost of your proposals"))
        case Rule.UP_TO:
            return RunningSum("choices", vote.most_choices or 0, gettext("Proposals that you chose"))
        case _:
            return None


def _euros(vote: Vote) -> str:
    return in_words_number(vote.budget or 0)
