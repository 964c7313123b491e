"""Sentences of refused ballots."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BALLOTS: Final[Mapping[str, str | Promise]] = {
    "option_unknown": _("This proposal is not on this ballot. Please leave it out."),
    "option_twice": _("This proposal is on the ballot twice. Please send it once."),
    "option_withdrawn": _("This proposal was withdrawn and cannot be chosen any more. Please leave it out."),
    "option_merged": _("This proposal was merged into another one. Please choose that one instead."),
    "not_for_or_against": _("Please choose for (1) or against (-1), or leave this proposal out."),
    "not_chosen": _("Please give 1 to each proposal that you choose, and leave out the others."),
    "not_whole": _("Please enter a whole number."),
    "points_out_of_range": _("A proposal gets from 1 to %(most)s points. Leave it empty to give none."),
    "rank_out_of_range": _("Ranks go from 1 to %(most)s."),
    "rank_repeated": _("Rank %(rank)s is given to another proposal already. Please give each rank once."),
    "ranked_again": _("This proposal has a better rank already. Please give each proposal one rank."),
    "rank_missing": _("Nothing has rank %(rank)s. Please give ranks without a gap, the best one rank 1."),
    "nothing_chosen": _("You chose nothing. Please choose something, or confirm that your ballot is empty."),
    "too_many_chosen": _("You chose %(given)s proposals; at most %(most)s are possible."),
    "too_many_points": _("You gave %(given)s points; you have %(most)s to distribute."),
    "over_budget": _(
        "Your proposals cost %(given)s € together. That is %(over)s € more than the sum of %(most)s €. "
        "Please take something out."
    ),
    "choices_missing": _("Please send the choices: for each option its value."),
    "not_choices": _("The choices must be an object with a value for each option."),
    "voting_never": _("There is no voting in this campaign."),
    "voting_upcoming": _("Voting has not begun yet. You can vote from %(opens_at)s."),
    "voting_over": _("Voting ended on %(closes_at)s. Ballots cannot be changed any more."),
    "voting_counted": _("This vote is counted. Ballots cannot be changed any more."),
    "code_required": _("Please enter the voting code from your letter."),
    "code_not_needed": _("This vote needs no code. Please leave it out."),
    "results_hidden": _("The results of this vote are not public, or not yet."),
    "vote_without_sum": _("This vote has no sum of money. Please leave this out."),
}
