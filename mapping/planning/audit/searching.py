"""Which entries of the audit log are meant: the form, and the query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import end_of
from audit.actions import GROUPS
from audit.models import Entry
from mapping.models import Campaign

ON_A_PAGE: Final = 50
_IN_A_PIECE: Final = 1000
_IN_A_NUMBER: Final = 18
"""Digits of the largest id."""

Choices = list[tuple[str | Promise, Any]]


class SearchForm(forms.Form):
    """Person, action or group of actions, campaign, span of days. Everything may be empty."""

    person = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "search", "autocapitalize": "none", "placeholder": "@"}),
    )
    action = forms.ChoiceField(label=_("What"), required=False)
    campaign = forms.ModelChoiceField(
        label=_("Campaign"), required=False, queryset=Campaign.objects.none(), empty_label=_("all")
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")
        action, campaign = self.fields["action"], self.fields["campaign"]
        assert isinstance(action, forms.ChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(campaign, forms.ModelChoiceField)  # noqa: S101
        action.choices = _actions()
        campaign.queryset = Campaign.objects.only("title").order_by("title", "pk")

    def clean(self) -> dict[str, Any]:
        """Refuse spans that end before they begin."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day lies before the first.")))
        return cleaned

    def entries(self) -> QuerySet[Entry]:
        """The entries of a valid form, the newest first."""
        wanted = self.cleaned_data
        found = Entry.objects.select_related("user", "campaign").defer(
            *(f"campaign__{name}" for name in ("area", "description", "outcome"))
        )
        if wanted["person"]:
            found = found.filter(user__email__icontains=wanted["person"])
        if wanted["action"]:
            group = GROUPS.get(wanted["action"])
            found = found.filter(action__in=group[1] if group else (wanted["action"],))
        if wanted["campaign"]:
            found = found.filter(campaign=wanted["campaign"])
        if wanted["since"]:
            found = found.filter(at__gte=timezone.make_aware(datetime.combine(wanted["since"], time.min)))
        if wanted["until"]:
            found = found.filter(at__lt=end_of(wanted["until"]))
        return found.order_by("-pk")


def _actions() -> Choices:
    groups: Choices = [("", _("everything"))]
    for name, (title, actions) in GROUPS.items():
        groups.append(
            (
                title,
                [
                    (name, format_lazy("{}: {}", title, _("all"))),
                    *((one.value, one.label) for one in actions),
                ],
            )
        )
    return groups


def page_of(found: QuerySet[Entry], before: str) -> tuple[list[Entry], int | None]:
    """A page of entries older than the id `before`, and the id from which the next page goes on."""
    if before.isascii() and before.isdecimal() and len(before) <= _IN_A_NUMBER:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: ON_A_PAGE + 1])
    more = len(rows) > ON_A_PAGE
    return rows[:ON_A_PAGE], rows[ON_A_PAGE - 1].pk if more else None


def all_of(found: QuerySet[Entry]) -> Iterator[Entry]:
    """All entries, read in pieces by id, so that neither memory nor a transaction grows with them."""
    last: int | None = None
    while True:
        rows: Sequence[Entry] = list((found if last is None else found.filter(pk__lt=last))[:_IN_A_PIECE])
        yield from rows
        if len(rows) < _IN_A_PIECE:
            return
        last = rows[-1].pk
