"""What the forms of the steps share: choices with an explanation, spans of time, refusals at their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import end_of
from mapping.imports.messages import file_sentence
from mapping.services.errors import DomainError, Invalid, Problem
from mapping.services.messages import SENTENCES, sentence
from mapping.wording import last_whole_day

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FORMATTING: Final = gettext_lazy(
    "Headings with #, lists with -, **bold**, *italics*, [words](https://address) for links; a blank line begins a "
    "paragraph."
)
"""The help below texts with simple formatting."""


def formatted_text(
    label: StrPromise, longest: int, rows: int, help_text: StrPromise = FORMATTING
) -> forms.CharField:
    """The field of an optional text with simple formatting, whose editor `js/planning/formatting.js` adds."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, "data-formatting": ""}),
    )


@dataclass(frozen=True, slots=True)
class Described:
    """The label of a choice with a sentence that explains it."""

    title: str | Promise
    description: str | Promise = ""

    def __str__(self) -> str:
        return str(self.title)


class SetupForm(forms.Form):
    """A form of a step; the answer says what is wrong, not the browser, so that each field can be saved alone."""

    use_required_attribute = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more | {"label_suffix": ""})

    def refuse(self, error: DomainError, names: Mapping[str, str] | None = None) -> None:
        """Show a refusal of a service at its fields; `names` are fields with other names than the service's."""
        if not isinstance(error, Invalid):
            self.add_error(None, sentence(error.code, error.params))
            return
        for name, problems in error.fields.items():
            field = (names or {}).get(name, name)
            for problem in problems:
                self.add_error(field if field in self.fields else None, words_of(problem))


class StepForm(SetupForm):
    """The form of a whole step; `expected` is the version of it that was read (`services.setup.changes.version_of`)."""

    expected = forms.CharField(required=False, widget=forms.HiddenInput)

    def refuse(self, error: DomainError, names: Mapping[str, str] | None = None) -> None:
        """As of all forms; a change by somebody else can be overwritten when the form is sent again."""
        if error.code == "step_changed" and isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["expected"] = str(error.params["version"])
            self.data = data
        super().refuse(error, names)


def words_of(problem: Problem) -> str:
    """A problem as a sentence; what the model itself says needs no words around it."""
    if problem.code == "refused":
        return str(problem.params.get("message", ""))
    if problem.code not in SENTENCES:
        return file_sentence(problem.code, problem.params)
    return sentence(problem.code, problem.params)


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    """The browser's own clock."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SpanForm(SetupForm):
    """A form with a beginning and an end: days, and times where the day alone does not say enough.

    A beginning without a time is the start of its day, an end without one the end of its day. `opens_at` and
    `closes_at` are in the cleaned data as they are stored: the end is the first moment that is no part of the span.
    """

    opens_on = forms.DateField(label=gettext_lazy("First day"), required=False, widget=day_input())
    opens_time = forms.TimeField(label=gettext_lazy("from (time)"), required=False, widget=time_input())
    closes_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=day_input())
    closes_time = forms.TimeField(label=gettext_lazy("until (time)"), required=False, widget=time_input())

    def clean(self) -> dict[str, Any]:
        """Put days and times together."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["opens_at"] = self._moment("opens", at_end=False)
        data["closes_at"] = self._moment("closes", at_end=True)
        return data

    def _moment(self, name: str, *, at_end: bool) -> datetime | None:
        day, at = self.cleaned_data.get(f"{name}_on"), self.cleaned_data.get(f"{name}_time")
        if day is None:
            if at is not None and f"{name}_on" not in self.errors:
                self.add_error(f"{name}_on", ValidationError(_("Please choose a day, too.")))
            return None
        if at is None and at_end:
            return end_of(day)
        return timezone.make_aware(datetime.combine(day, at or time.min))


def initial_span(opens_at: datetime | None, closes_at: datetime | None) -> dict[str, date | time | None]:
    """The fields of a `SpanForm` for a stored span."""
    opens_on, opens_time = _parts(opens_at)
    last = None if closes_at is None else last_whole_day(timezone.localtime(closes_at))
    closes_on, closes_time = (last, None) if last is not None else _parts(closes_at)
    return {
        "opens_on": opens_on,
        "opens_time": opens_time,
        "closes_on": closes_on,
        "closes_time": closes_time,
    }


def _parts(moment: datetime | None) -> tuple[date | None, time | None]:
    if moment is None:
        return None, None
    local = timezone.localtime(moment)
    return local.date(), None if local.time() == time.min else local.time()
