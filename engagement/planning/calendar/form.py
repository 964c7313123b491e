"""The form of an event: texts, times and repetition without knowledge of rules, place, online, registration."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import shapely
from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from engagement.calendar import patterns
from engagement.calendar.clock import is_twice, known_zones
from engagement.calendar.patterns import Pattern, pattern_of, rule_of
from engagement.models import Event, EventKind, Known, Topic
from engagement.models.common import ONE_SUMMARY
from engagement.services.events.changes import values_of, version_of
from engagement.services.events.timing import timing_of
from engagement.services.events.values import LONGEST, MOST_HOURS, MOST_PLACES, EventValues, Timing
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import parse_geometry
from mapping.languages import OFFERED, ORIGINAL
from mapping.models import Campaign
from mapping.planning.setup.fields import Described, StepForm, day_input, formatted_text, time_input
from mapping.services.messages import sentence

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_KINDS: Final = (
    (EventKind.ON_SITE, Described(_("On site"), _("People meet at a place."))),
    (EventKind.DIGITAL, Described(_("Digital"), _("People take part by a link."))),
    (EventKind.HYBRID, Described(_("On site and digital"), _("Both at once."))),
)
_REPETITIONS: Final = (
    (patterns.NEVER, Described(_("Once"))),
    (patterns.DAILY, Described(_("By days"))),
    (patterns.WEEKLY, Described(_("By weeks"), _("On the weekday of the first date."))),
    (patterns.MONTHLY_WEEKDAY, Described(_("By months, on the same weekday"), _("As the first Tuesday."))),
    (patterns.MONTHLY_LAST, Described(_("By months, on the last such weekday"), _("As the last Tuesday."))),
    (patterns.MONTHLY_DAY, Described(_("By months, on the same day"), _("As the 15th."))),
    (patterns.YEARLY, Described(_("By years"))),
)
_AS_IT_IS: Final = (patterns.OTHER, Described(_("As it is"), _("By a rule that this form cannot show.")))
TIMES: Final = frozenset(
    {
        *("starts_on", "starts_time", "ends_on", "ends_time", "is_all_day", "time_zone", "is_second"),
        *("repeats", "interval", "repeats_until", "repeats_count"),
    }
)
_LONGEST_GEOMETRY: Final = 10_000
_OF_VALUES: Final = tuple(
    name
    for name in EventValues.__dataclass_fields__
    if name not in ("place", "campaigns", "language", "languages")
)


def _line(
    name: str, label: StrPromise, help_text: StrPromise | str = "", *, required: bool = False
) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST[name], required=required)


def _known(label: StrPromise) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Known.choices, initial=Known.UNKNOWN)


class TimesForm(StepForm):
    """When one date is; on the clock of the event's time zone."""

    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    starts_time = forms.TimeField(label=_("from (time)"), required=False, widget=time_input())
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Only if it ends on another day."),
        required=False,
        widget=day_input(),
    )
    ends_time = forms.TimeField(label=_("until (time)"), required=False, widget=time_input())
    is_second = forms.BooleanField(
        label=_("I mean the second one of the two hours"),
        help_text=_("On this night the clocks are put back: this time comes twice."),
        required=False,
    )

    def show_second_hour(self, zone: str) -> None:
        """Show the choice between two hours only where a time comes twice."""
        values = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else self.initial
        day = values.get("starts_on")
        times = (values.get("starts_time"), values.get("ends_time"))
        local = [datetime.combine(day, one) for one in times if isinstance(day, date) and one is not None]
        if zone not in known_zones() or not any(is_twice(one, zone) for one in local):
            del self.fields["is_second"]

    def times(self, *, zone: str, is_all_day: bool, rule: str = "") -> Timing:
        """What was typed; call it after `is_valid()`."""
        data = self.cleaned_data
        return Timing(
            starts_on=data["starts_on"],
            starts_time=data["starts_time"],
            ends_on=data["ends_on"],
            ends_time=data["ends_time"],
            time_zone=zone,
            is_all_day=is_all_day,
            is_second=bool(data.get("is_second")),
            rule=rule,
        )


class EventForm(TimesForm):
    """All of an event; services decide what is right."""

    title = _line("title", _("Title"), required=True)
    summary = _line("summary", _("What one can do there"), _("One sentence, in lists and at the top."))
    description = formatted_text(_("Description"), LONGEST["description"], 6)
    kind = forms.ChoiceField(label=_("Kind"), choices=_KINDS, widget=forms.RadioSelect)
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    campaigns = forms.ModelMultipleChoiceField(
        Campaign.objects.none(),
        label=_("Participations"),
        help_text=_("The event stands on the pages of these, too."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    organiser = _line("organiser", _("Organised by"))
    contact = _line("contact", _("Contact for questions"))
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken there"),
        help_text=_("Hold Ctrl to choose several."),
        choices=[(one.tag, one.name) for one in OFFERED],
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    is_all_day = forms.BooleanField(
        label=_("All day"), help_text=_("Times are not needed; the last day is included."), required=False
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name.replace("_", " ")) for name in sorted(known_zones())]
    )
    repeats = forms.ChoiceField(label=_("Repeats"), choices=_REPETITIONS, widget=forms.RadioSelect)
    interval = forms.IntegerField(
        label=_("Every … days, weeks, months or years"),
        help_text=_("2 with weeks: every second week."),
        min_value=1,
        max_value=99,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
    )
    repeats_until = forms.DateField(label=_("Last date on or before"), required=False, widget=day_input())
    repeats_count = forms.IntegerField(
        label=_("or number of dates"),
        min_value=1,
        max_value=99_999,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
    )

    place_name = _line("place_name", _("Place"), _("For example: town hall, great hall, 1st floor."))
    address = _line("address", _("Address"))
    step_free = _known(_("Step-free access"))
    accessible_toilet = _known(_("Accessible toilet"))
    hearing_loop = _known(_("Induction loop"))
    sign_language = _known(_("Sign language"))
    accessibility = forms.CharField(
        label=_("More about accessibility"),
        max_length=LONGEST["accessibility"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    online_link = forms.CharField(
        label=_("Online link"),
        help_text=_("An address that begins with https://."),
        max_length=LONGEST["online_link"],
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    hides_online_link = forms.BooleanField(
        label=_("Show the link only to those who registered here"), required=False
    )
    takes_registrations = forms.BooleanField(
        label=_("People register on this site"),
        help_text=_("They need no account. Names and addresses are deleted the day after the date."),
        required=False,
    )
    registration_places = forms.IntegerField(
        label=_("Number of places"),
        help_text=_("Who comes later stands on the waiting list and moves up. Empty: no limit."),
        min_value=1,
        max_value=MOST_PLACES,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
    )
    registration_closes_hours = forms.IntegerField(
        label=_("Registration ends, hours before the start"),
        initial=0,
        min_value=0,
        max_value=MOST_HOURS,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
    )
    registration_hint = _line(
        "registration_hint", _("How to register elsewhere"), _("For example: by telephone, 0631 0000.")
    )
    reason = forms.CharField(
        label=_("Reason, if dates are moved or fall away"),
        help_text=_("Everybody reads it beside these dates."),
        max_length=ONE_SUMMARY,
        required=False,
    )

    def __init__(self, *args: Any, event: Event | None, campaigns: Sequence[Campaign], **more: Any) -> None:
        super().__init__(*args, **more)
        self._event = event
        field, repeats = self.fields["campaigns"], self.fields["repeats"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(repeats, forms.ChoiceField)  # noqa: S101 - for the type checker
        if campaigns:
            field.queryset = Campaign.objects.filter(pk__in=[one.pk for one in campaigns]).order_by(
                "title", "pk"
            )
        else:
            del self.fields["campaigns"]
        if self.initial.get("repeats") == patterns.OTHER:
            repeats.choices = [*_REPETITIONS, _AS_IT_IS]
        if event is None or event.is_draft:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """A repetition needs one end, and only one."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("repeats") in (None, patterns.NEVER, patterns.OTHER):
            return data
        until, count = data.get("repeats_until"), data.get("repeats_count")
        if until is not None and count is not None:
            self.add_error("repeats_count", sentence("series_two_ends"))
        elif until is None and count is None and not {"repeats_until", "repeats_count"} & set(self.errors):
            self.add_error("repeats_until", sentence("rule_without_end"))
        return data

    @property
    def changes_times(self) -> bool:
        """Whether the dates are to be written anew: unless only other things were changed."""
        return self._event is None or bool(TIMES & set(self.changed_data))

    def timing(self) -> Timing:
        """The times with their rule; call it after `is_valid()`."""
        data = self.cleaned_data
        zone, is_all_day = data["time_zone"], bool(data["is_all_day"])
        if data["repeats"] == patterns.OTHER and self._event is not None:
            rule = self._event.rule
        else:
            pattern = Pattern(
                data["repeats"], data["interval"] or 1, data["repeats_until"], data["repeats_count"]
            )
            rule = rule_of(pattern, data["starts_on"], zone, is_all_day=is_all_day)
        return self.times(zone=zone, is_all_day=is_all_day, rule=rule)

    def values(self, place: Point | None) -> EventValues:
        """Everything else; call it after `is_valid()`."""
        data = self.cleaned_data
        return EventValues(
            **{name: data[name] for name in _OF_VALUES},
            place=place,
            language=ORIGINAL if self._event is None else self._event.language,
            languages=tuple(data["languages"]),
            campaigns=list(data.get("campaigns") or ()),
        )


def initial_of(event: Event) -> dict[str, Any]:
    """The form of a stored event."""
    timing = timing_of(event)
    values = values_of(event)
    return {
        **{name: getattr(values, name) for name in _OF_VALUES},
        **initial_times(timing),
        "languages": list(values.languages),
        "campaigns": [one.pk for one in values.campaigns],
        "is_all_day": timing.is_all_day,
        "time_zone": timing.time_zone,
        **_initial_pattern(pattern_of(timing.rule, timing.starts_on, timing.time_zone)),
        "expected": version_of(event),
    }


def initial_copy(event: Event) -> dict[str, Any]:
    """The form of a new event like a stored one, without its days."""
    kept = initial_of(event)
    left_out = {"starts_on", "ends_on", "is_second", "repeats_until", "expected"}
    return {name: value for name, value in kept.items() if name not in left_out} | {
        "repeats": patterns.NEVER,
        "repeats_count": None,
    }


def initial_times(timing: Timing) -> dict[str, Any]:
    """The fields of a `TimesForm`."""
    return {
        "starts_on": timing.starts_on,
        "starts_time": timing.starts_time,
        "ends_on": timing.ends_on,
        "ends_time": timing.ends_time,
        "is_second": timing.is_second,
    }


def _initial_pattern(pattern: Pattern) -> dict[str, Any]:
    return {
        "repeats": pattern.repeats,
        "interval": pattern.interval,
        "repeats_until": pattern.until,
        "repeats_count": pattern.count,
    }


def place_of(text: str) -> tuple[Point | None, str]:
    """The point in a field of GeoJSON (EPSG:4326), and what is wrong with it in words."""
    if not text.strip():
        return None, ""
    try:
        decoded = json.loads(text[:_LONGEST_GEOMETRY])
        geometry = parse_geometry(decoded, allowed=("Point",))
    except GeometryProblem as problem:
        return None, sentence(problem.code, problem.params)
    except (ValueError, RecursionError):
        return None, sentence("not_an_object")
    lon, lat = shapely.get_coordinates(geometry)[0]
    return Point(float(lon), float(lat), srid=4326), ""
