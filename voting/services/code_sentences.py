"""What people read when a voting code, a pile of paper ballots or an irregular span is refused."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CODES: Final[Mapping[str, str | Promise]] = {
    "voting_code_malformed": _(
        "A voting code has 11 letters and digits, never 0, O, 1, I or L. Please compare it with your letter."
    ),
    "voting_code_mistyped": _(
        "There is a typing error in this code. Please compare it with your letter, sign by sign."
    ),
    "voting_code_unknown": _("This code does not belong to this vote. Please compare it with your letter."),
    "voting_code_void": _(
        "This code was replaced by a new one and does not count any more. Please use the code of your newest letter."
    ),
    "voting_codes_out_of_range": _("Please give a number of codes from 1 to %(max)s."),
    "unknown_voting_district": _("This district is none of this campaign. Please choose one of the list."),
    "series_name_taken": _("This campaign has a series with this name already. Please choose another one."),
    "no_such_voting_code": _("This series has no valid code with the number %(number)s."),
    "voting_codes_used": _(
        "People have voted with codes of this series already. Please replace lost codes one by one."
    ),
    "pile_closed": _("This pile is closed. A manager of the campaign can open it again."),
    "pile_not_empty": _("This pile has ballots. Please delete these first."),
    "not_a_count": _("Please give a whole number from 0 to %(max)s, or leave it empty."),
    "unknown_total": _("This is no number of this pile. Please load the page again."),
    "span_inverted": _("The span must end after it begins. Please check both times."),
    "span_in_future": _("Only what is past can be marked. Please choose an end that lies behind us."),
    "span_without_ballots": _("No ballot that counts was cast online in this span. Please check both times."),
    "line_unreadable": _("This cannot be read: “%(word)s”. Please type numbers with blanks between them."),
    "line_unknown_number": _("There is no proposal with the number %(number)s; the last one is %(last)s."),
    "line_repeats_number": _("The number %(number)s stands on this line twice."),
    "no_vote": _("This campaign has no vote."),
    "vote_to_choose": _("This campaign has several votes. Please choose one of: %(choices)s."),
    "ballots_before_result": _(
        "Ballots are published once the result is stored: before, two files would show who voted what in between."
    ),
    "no_pabulib_file": _("Files of Pabulib have no such votes: %(rule)s. Please choose another format."),
}
