"""What people read when an event, its dates or a registration are refused."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: Final[Mapping[str, str | Promise]] = {
    "not_event_editor": _(
        "Your account may not edit this date. Events of several campaigns are edited by those who manage all of them."
    ),
    "event_is_draft": _("This event is a draft. Drafts are deleted, not cancelled."),
    "event_is_public": _(
        "This event is public and stands in people's calendars. Please cancel it, so that they learn of it."
    ),
    "date_is_over": _("This date is over. Only its report can be changed."),
    "date_not_over": _("This date is not over yet. A report can be written afterwards."),
    "place_needed": _("People need to know where to go. Please name the place or the address."),
    "link_needed": _(
        "People need to know how to take part. Please name the online link, or how to register."
    ),
    "link_invalid": _("This is no address of a page. Please write it like https://city.example/meeting."),
    "ends_before_start": _("The event must end after it begins. Please check both times."),
    "date_too_long": _("One date may last %(days)s days at most. Please choose a repetition instead."),
    "year_unlikely": _("Please choose a day from %(first)s to %(last)s."),
    "time_missing": _(
        "This time does not exist: on that night the clocks are put forward (%(moment)s). Please choose another one."
    ),
    "rule_unknown": _("Dates can repeat by days, weeks, months or years. Please choose one of these."),
    "rule_without_end": _("A series needs an end. Please fill in the last day or the number of dates."),
    "series_two_ends": _("Please fill in either the last day or the number of dates, not both."),
    "rule_misses_start": _(
        "The first date is not one of this repetition. Please choose a first day that fits, or another repetition."
    ),
    "series_of_one": _("This repetition has one date only. Please check the end, or choose no repetition."),
    "series_too_many": _("A series may have %(max)s dates at most. Please choose an earlier end."),
    "series_too_long": _("A series may last %(years)s years at most. Please choose an earlier end."),
    "too_many_images": _("There can be %(max)s pictures at most. Please remove one first."),
    "registration_places": _("Please enter a number of places from 1 to %(max)s."),
    "registration_hours": _("Please enter a number of hours from 0 to %(max)s."),
    "registration_closed": _("Registration for this date has ended."),
    "people_number": _("Please enter a number of people from 1 to %(max)s."),
    "more_than_places": _("There are %(max)s places at this date."),
}
