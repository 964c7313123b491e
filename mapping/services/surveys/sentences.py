"""What managers read about reference distributions; `services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COMPARING: Final[Mapping[str, str | Promise]] = {
    "not_comparable": _(
        "Only questions of a survey that put each person into one group can be compared: one choice, one picture, yes "
        "or no."
    ),
    "groups_needed": _("Please give at least two groups, each with a number: one line for each group."),
    "groups_empty": _("At least two groups must have somebody in them."),
    "too_many_groups": _("These are too many groups; at most %(max)s can be compared."),
    "group_twice": _("The group “%(title)s” stands here twice."),
    "size_out_of_range": _("The number of the group “%(title)s” must be 0 or more."),
    "size_unreadable": _(
        "Line %(line)s cannot be read: “%(text)s”. Please write a group, a semicolon and a number, for example “18 to "
        "29; 15250”."
    ),
    "size_ambiguous": _(
        "Line %(line)s can be read in two ways: “%(text)s”. Please leave out the separator of thousands."
    ),
    "shares_total": _(
        "The shares add up to %(total)s per cent; they must make about 100, unless they are numbers of people."
    ),
    "in_the_future": _("This day has not come yet."),
    "file_no_text": _("The file is no text. Please save the table as CSV (UTF-8)."),
    "no_residents": _("No grid of inhabitants is known here that covers the districts of this campaign."),
}
