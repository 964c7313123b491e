"""The step of retention: how long after the end what people gave is kept, what would go, what is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.models import Campaign, RetentionRecord, RetentionSubject
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import StepForm
from mapping.planning.setup.frame import setup_frame
from mapping.planning.setup.retention_words import HELP, LABELS, OFFERED, in_words_months
from mapping.services.errors import DomainError
from mapping.services.retained import spans
from mapping.services.retained.defaults import Months, months_of
from mapping.services.retained.parts import PARTS
from mapping.services.retained.removing import Found, preview

_MOST_RECORDS = 50


class RetentionForm(StepForm):
    """A span for each subject; an empty one means as long as the campaign."""

    def __init__(self, *args: Any, stored: Months, is_promised: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        for subject in RetentionSubject.values:
            now = stored.get(subject)
            offered = sorted({*OFFERED, *([now] if now else [])})
            if is_promised and now:
                offered = [months for months in offered if months <= now]
            choices = [(str(months), in_words_months(months)) for months in offered]
            if not (is_promised and now):
                choices.append(("", in_words_months(None)))
            self.fields[subject] = forms.TypedChoiceField(
                label=str(LABELS[subject]),
                help_text=str(HELP[subject]),
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )

    def months(self) -> dict[str, int | None]:
        """The chosen months by subject; of a field that was not sent nothing."""
        return {name: self.cleaned_data[name] for name in RetentionSubject.values if name in self.data}


@dataclass(frozen=True, slots=True)
class ShownSpan:
    """A subject with its field, its date, and what would be removed now where that was asked."""

    field: forms.BoundField
    until: date | None
    done_at: datetime | None
    found: list[Found]


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """How much of one kind was removed on a day."""

    day: date
    title: str | Promise
    number: int


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def retention(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Show and store how long data are kept; with `?preview` how many rows would be removed now."""
    is_sent = request.method == "POST"
    stored, is_promised = months_of(campaign), spans.is_promised(campaign)
    initial = {name: "" if months is None else str(months) for name, months in stored.items()}
    form = RetentionForm(
        request.POST if is_sent else None,
        initial=initial | {"expected": spans.version_of(campaign)},
        stored=stored,
        is_promised=is_promised,
    )
    if is_sent and form.is_valid():
        try:
            expected = form.cleaned_data["expected"]
            spans.set_spans(campaign, member(request), form.months(), expected=expected)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:setup-retention", slug=campaign.slug)
    promised = {one.subject.value: one for one in spans.promises(campaign)}
    has_preview = "preview" in request.GET
    shown = [
        ShownSpan(
            form[subject],
            promised[subject].until if subject in promised else None,
            promised[subject].done_at if subject in promised else None,
            preview(campaign, subject) if has_preview else [],
        )
        for subject in RetentionSubject.values
    ]
    return render(
        request,
        "planning/setup/retention.html",
        {
            **setup_frame(request, campaign, spans.STEP),
            "form": form,
            "spans": shown,
            "is_promised": is_promised,
            "has_preview": has_preview,
            "notice_days": spans.NOTICE.days,
            "records": _records(campaign),
        },
        status=422 if form.errors else 200,
    )


def _records(campaign: Campaign) -> list[ShownRecord]:
    titles = {part.name: part.title for part in PARTS}
    found = RetentionRecord.objects.filter(campaign=campaign)[:_MOST_RECORDS]
    return [ShownRecord(one.day, titles.get(one.part, one.part), one.number) for one in found]
