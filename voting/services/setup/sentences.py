"""What planners read about their votes while they set them up."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SETUP: Final[Mapping[str, str | Promise]] = {
    "vote_locked": _(
        "People have voted already. The rule with its limits and how winners are found stay as they are; only the "
        "explanation and who sees the results can be changed."
    ),
    "vote_has_ballots": _("People have voted already. The vote stays; end it by its phase instead."),
    "category_has_vote": _("People vote in this category. Please remove the vote first."),
    "too_many_options": _("A vote has at most %(max)s proposals."),
    "option_has_ballots": _(
        "People have voted already. Please withdraw the proposal instead: it keeps its votes, and everyone reads why."
    ),
    "option_stays": _("This place is a proposal in a vote and stays in its category."),
    "cost_needs_reason": _("People have voted already. Please write why the cost is another one now."),
    "merge_too_late": _("People have voted already. Proposals can no longer be merged or split."),
    "merge_target": _("Please choose another proposal that can be chosen itself."),
    "ideas_needed": _("Please choose at least one idea."),
    "too_many_ideas": _("At most %(max)s ideas can be taken over at once."),
    "setup_vote_protected": _(
        "People vote in this campaign, but the topic is protected: proposals could not be shown. Please publish every "
        "contribution, or remove the vote."
    ),
    "setup_vote_no_phase": _("People are to vote, but no phase allows it."),
    "setup_vote_no_options": _("The vote “%(title)s” has no proposals yet."),
    "setup_vote_open": _(
        "The category “%(title)s” is open to citizens: what they contribute there is no proposal of the vote. Please "
        "collect ideas in another category."
    ),
    "setup_option_no_cost": _("In “%(title)s”, proposals have no cost yet: %(number)s."),
    "setup_vote_sum_too_small": _("In “%(title)s”, every proposal costs more than the whole sum."),
    "setup_vote_all_can_be_paid": _(
        "In “%(title)s”, the sum pays for all proposals: there is nothing to decide."
    ),
    "setup_vote_all_can_be_chosen": _(
        "In “%(title)s”, people may choose all proposals: there is nothing to decide."
    ),
}
