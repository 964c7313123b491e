"""The form of a place from a map sheet: a contribution with the number and the date of its sheet."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from mapping.forms.contribution import ContributionForm
from mapping.models import Category, Contribution, MapSheet
from mapping.planning.setup.fields import day_input
from mapping.services.errors import DomainError, Invalid
from mapping.services.paper.sheets import HIGHEST_NUMBER, PaperPlace


class SheetForm(ContributionForm):
    """A place of a sheet.

    `further` is set where the sheet has a place already: by the page that goes on with a sheet, or by the person who
    was told that the number is taken.
    """

    def __init__(
        self,
        category: Category,
        data: QueryDict | None = None,
        *,
        sheet: int | None = None,
        dated_on: date | None = None,
        waits: bool = False,
        stored: MapSheet | None = None,
        contribution: Contribution | None = None,
    ) -> None:
        super().__init__(category, data, contribution=contribution, with_photos=False)
        self.is_taken = False
        self.fields["sheet"] = forms.IntegerField(
            label=gettext_lazy("Number of the sheet"),
            min_value=1,
            max_value=HIGHEST_NUMBER,
            initial=sheet if stored is None else stored.number,
        )
        self.fields["dated_on"] = forms.DateField(
            label=gettext_lazy("Date on the sheet"),
            required=False,
            initial=dated_on if stored is None else stored.dated_on,
            widget=day_input(),
        )
        self.fields["waits"] = forms.BooleanField(
            label=gettext_lazy("Somebody else reviews it before it is published"),
            required=False,
            initial=waits,
        )
        self.fields["further"] = forms.BooleanField(
            label=gettext_lazy("This is a further place on the same sheet"),
            required=False,
            initial=stored is not None and contribution is None,
        )
        self.fields["text"].label = gettext_lazy("Text")
        if contribution is not None and contribution.geom is not None:
            self.initial["geometry"] = contribution.geom.json

    def place(self) -> PaperPlace:
        """What `services.paper.sheets` stores; call it after `is_valid()`."""
        cleaned = self.cleaned_data
        return PaperPlace(
            self.submission(),
            sheet=cleaned["sheet"],
            dated_on=cleaned.get("dated_on"),
            is_further=bool(cleaned.get("further")),
            waits=bool(cleaned.get("waits")),
        )

    def take(self, error: DomainError) -> None:
        """As all forms do; a number that is taken lets the person say that the sheet is meant."""
        super().take(error)
        if isinstance(error, Invalid):
            codes = {problem.code for problem in error.fields.get("sheet", ())}
            self.is_taken = "sheet_taken" in codes
