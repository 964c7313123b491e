"""The form of a subscription: what about, where, how often, which address."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from engagement.models import Body, Plan, Rhythm
from engagement.services.subscriptions.subjects import (
    CALENDAR,
    Subject,
    circle,
    in_words_distance,
    subject_named,
)
from mapping.forms.questions import FieldLook
from mapping.models import Campaign, District
from mapping.questions.kind import AnswerRefused
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS
from mapping.questions.widgets import PlaceInput
from mapping.services.messages import sentence

RADII: Final = (250, 500, 1000, 2000, 5000)
_CALENDAR: Final = "calendar"
_CIRCLE: Final = "circle"


class AddressForm(forms.Form):
    """Whose subscriptions are meant."""

    mail = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None, label_suffix="")
        self.fields["mail"].look = FieldLook("mail", required=True)  # type: ignore[attr-defined] # as `field_for`


class SubscriptionForm(AddressForm):
    """A subscription to the `subject` that the address names, to a circle (`?about=circle`), or to one of a list."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=Rhythm.choices,
        initial=Rhythm.AT_ONCE,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Please choose how often mails should come.")},
    )
    field_order = ("about", "place", "radius", "rhythm", "mail")

    def __init__(self, request: HttpRequest, subject: Subject | None) -> None:
        super().__init__(request)
        self.fixed = subject
        self.is_circle = subject is None and request.GET.get("about") == _CIRCLE
        if self.is_circle:
            self._add_circle()
        elif subject is None:
            self._add_choice()
        self.fields["rhythm"].look = FieldLook("single_choice", required=True)  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def subject(self) -> Subject:
        """What was chosen; only of a valid form."""
        chosen: Subject = self.fixed or self.cleaned_data["subject"]
        return chosen

    def clean(self) -> dict[str, Any]:
        """Find the subject; what was chosen may have become a draft meanwhile."""
        cleaned = super().clean() or self.cleaned_data
        subject = None
        if self.is_circle:
            subject = self._circle()
        elif "about" in cleaned:
            subject = self._chosen(str(cleaned["about"]))
        if subject is not None:
            cleaned["subject"] = subject
        return cleaned

    def _chosen(self, about: str) -> Subject | None:
        if about == _CALENDAR:
            return CALENDAR
        name, _colon, value = about.partition(":")
        subject = subject_named(name, value)
        if subject is None:
            self.add_error("about", gettext("This is not here any more. Please choose something else."))
        return subject

    def _circle(self) -> Subject | None:
        kind = KINDS[QuestionKind.PLACE]
        if not {"place", "radius"} <= self.cleaned_data.keys():
            return None
        try:
            answer = kind.parse(kind.posted(self.cleaned_data["place"]), {})
        except AnswerRefused as refusal:
            self.add_error("place", sentence(refusal.code, refusal.params))
            return None
        if not isinstance(answer, dict):
            self.add_error("place", gettext("Please mark the place on the map, or type its coordinates."))
            return None
        longitude, latitude = answer["coordinates"]
        return circle(longitude, latitude, self.cleaned_data["radius"])

    def _add_choice(self) -> None:
        about = forms.ChoiceField(
            label=gettext("What do you want to hear of?"),
            choices=_choices(),
            initial=_CALENDAR,
            error_messages={"invalid_choice": gettext("Please choose one of the list.")},
        )
        about.look = FieldLook("select", required=True)  # type: ignore[attr-defined] # as `field_for`
        self.fields["about"] = about

    def _add_circle(self) -> None:
        place = forms.CharField(
            label=gettext("Middle of the circle"),
            max_length=200,
            widget=PlaceInput(),
            error_messages={
                "required": gettext("Please mark the place on the map, or type its coordinates.")
            },
        )
        place.look = FieldLook("place", required=True)  # type: ignore[attr-defined] # as `field_for`
        radius = forms.TypedChoiceField(
            label=gettext("How far around it?"),
            choices=[(one, in_words_distance(one)) for one in RADII],
            initial=RADII[1],
            coerce=int,
            error_messages={"invalid_choice": gettext("Please choose one of the list.")},
        )
        radius.look = FieldLook("select", required=True)  # type: ignore[attr-defined] # as `field_for`
        self.fields.update({"place": place, "radius": radius})


def _choices() -> list[Any]:
    """Everything public that a list can hold; categories and contributions are chosen on their own pages."""
    campaigns = Campaign.objects.visible().exclude(closes_at__lte=timezone.now()).order_by("title", "pk")
    plans = Plan.objects.public().order_by("title", "pk")
    bodies = Body.objects.public().order_by("name", "pk")
    districts = District.objects.order_by("name", "pk")
    groups = (
        (gettext("Participations"), "campaign", campaigns.values_list("slug", "title")),
        (gettext("Working groups"), "body", bodies.values_list("slug", "name")),
        (gettext("Plans of the city"), "plan", plans.values_list("slug", "title")),
        (gettext("Districts"), "district", districts.values_list("pk", "name")),
    )
    whole = [(_CALENDAR, gettext("The whole calendar"))]
    listed = [(title, [(f"{name}:{key}", words) for key, words in rows]) for title, name, rows in groups]
    return [*whole, *(group for group in listed if group[1])]
