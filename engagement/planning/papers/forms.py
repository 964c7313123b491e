"""The forms of bodies, members, sessions and agenda items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from engagement.models import EventKind, Topic
from engagement.services.bodies import editing, sessions
from engagement.services.events import values as of_events
from engagement.services.events.values import EventValues, Timing
from mapping.models import Campaign
from mapping.planning.setup.fields import SetupForm, StepForm, day_input, formatted_text, time_input


class BodyForm(StepForm):
    """A body."""

    name = forms.CharField(label=_("Name"), max_length=editing.LONGEST["name"])
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences: what the body is for."),
        max_length=editing.LONGEST["summary"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    description = formatted_text(_("Description"), editing.LONGEST["description"], 8)
    contact = forms.CharField(
        label=_("Contact"),
        help_text=_("E-mail address or telephone, public."),
        max_length=editing.LONGEST["contact"],
        required=False,
    )
    since = forms.DateField(label=_("Since"), required=False, widget=day_input())
    until = forms.DateField(label=_("Until"), required=False, widget=day_input())

    def values(self) -> dict[str, object]:
        """The columns; call it after `is_valid()`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "expected"}


class MemberForm(SetupForm):
    """A member of a body."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Everybody reads it. Please name only people who have agreed."),
        max_length=editing.LONGEST_OF_MEMBER["name"],
    )
    role = forms.CharField(
        label=_("Role"),
        help_text=_("For example: chair, citizen, department of planning."),
        max_length=editing.LONGEST_OF_MEMBER["role"],
        required=False,
    )
    since = forms.DateField(label=_("Since"), required=False, widget=day_input())
    until = forms.DateField(label=_("Until"), required=False, widget=day_input())


class NumberForm(SetupForm):
    """The number of a session."""

    number = forms.IntegerField(
        label=_("Number of the session"),
        help_text=_("Each number once per body; it orders the sessions in files and interfaces."),
        required=False,
        min_value=1,
        max_value=sessions.MOST_NUMBER,
    )


class SessionForm(NumberForm):
    """A new session with its date and place; everything else about its event is edited in the calendar."""

    title = forms.CharField(label=_("Title"), max_length=of_events.LONGEST["title"])
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices, initial=Topic.PARTICIPATION)
    starts_on = forms.DateField(label=_("Day"), widget=day_input())
    starts_time = forms.TimeField(label=_("from (time)"), widget=time_input())
    ends_time = forms.TimeField(label=_("until (time)"), widget=time_input())
    kind = forms.ChoiceField(
        label=_("Where people take part"), choices=EventKind.choices, initial=EventKind.ON_SITE
    )
    place_name = forms.CharField(label=_("Place"), max_length=of_events.LONGEST["place_name"], required=False)
    address = forms.CharField(label=_("Address"), max_length=of_events.LONGEST["address"], required=False)
    online_link = forms.CharField(
        label=_("Online link"), max_length=of_events.LONGEST["online_link"], required=False
    )

    def event_values(self, organiser: str) -> EventValues:
        """The event; call it after `is_valid()`."""
        data = self.cleaned_data
        names = ("title", "topic", "kind", "place_name", "address", "online_link")
        return EventValues(organiser=organiser, **{name: data[name] for name in names})

    def timing(self) -> Timing:
        """Its time; call it after `is_valid()`."""
        data = self.cleaned_data
        return Timing(
            starts_on=data["starts_on"],
            starts_time=data["starts_time"],
            ends_time=data["ends_time"],
            time_zone=settings.TIME_ZONE,
        )


class ItemForm(SetupForm):
    """An agenda item."""

    number = forms.CharField(
        label=_("Number on the agenda"),
        help_text=_("As it stands on the agenda, for example 3 or 3.1."),
        max_length=sessions.LONGEST["number"],
        required=False,
    )
    title = forms.CharField(label=_("Title"), max_length=sessions.LONGEST["title"])
    text = formatted_text(_("What it is about"), sessions.LONGEST["text"], 4)
    result = formatted_text(_("Result"), sessions.LONGEST["result"], 4)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Participation on this site"), required=False, empty_label=_("none")
    )
    is_public = forms.BooleanField(label=_("Public"), required=False, initial=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        campaign = self.fields["campaign"]
        assert isinstance(campaign, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        campaign.queryset = Campaign.objects.defer("area").order_by("title", "pk")
