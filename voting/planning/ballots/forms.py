"""The forms of series of codes, of piles of paper ballots, and of spans that do not count."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from mapping.exports.documents.pdf import is_possible
from mapping.models import Campaign, District
from mapping.planning.setup.fields import Described, SetupForm, SpanForm
from voting.models import Rule
from voting.services.codes import LONGEST_NAME, MOST_CODES
from voting.services.pile_lines import LONGEST_LINE
from voting.services.piles import COUNTED, MOST_COUNTED, Comparison
from voting.services.set_asides import LONGEST_REASON

MOST_LETTERS: Final = 200
"""Most letters that a page makes while the browser waits; the command makes more."""
_CSV: Final = (
    "csv",
    Described(_("A table (CSV)"), _("Number, code and link, for a printer of serial letters.")),
)
_PDF: Final = ("pdf", Described(_("Letters (PDF)"), _("One page for each code, with a QR code to scan.")))

LINE_HELP: Final = {
    Rule.FOR_AGAINST: _(
        "Numbers of the proposals, with a minus where the ballot is against, for example 3 -7 12."
    ),
    Rule.ONE_OF: _("The number of the proposal, for example 7."),
    Rule.UP_TO: _("Numbers of the proposals, for example 3 7 12."),
    Rule.POINTS: _("Numbers of the proposals with their points, for example 3=2 7=1."),
    Rule.BUDGET: _("Numbers of the proposals, for example 3 7 12."),
    Rule.APPROVAL: _("Numbers of the proposals, for example 3 7 12."),
    Rule.RANKING: _("Numbers of the proposals, the best first, for example 7 3 12."),
}
"""What is typed of a ballot, by rule."""


class SeriesForm(SetupForm):
    """A new series of codes; its file is the answer."""

    name = forms.CharField(label=_("Name of the series"), max_length=LONGEST_NAME)
    number = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=MOST_CODES)
    district = forms.ChoiceField(
        label=_("District"),
        required=False,
        help_text=_("Ballots with these codes are counted for this district, too."),
    )
    format = forms.ChoiceField(label=_("File"), widget=forms.RadioSelect, initial="csv")

    def __init__(self, campaign: Campaign, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        found = District.objects.filter(layer=campaign.district_layer_id).defer("geom").order_by("code")
        self.districts = {str(one.pk): one for one in found}
        choices = [(pk, one.name) for pk, one in self.districts.items()]
        field, formats = self.fields["district"], self.fields["format"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        assert isinstance(formats, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [("", _("No district")), *choices]
        formats.choices = [_CSV, _PDF] if is_possible() else [_CSV]
        if not choices:
            del self.fields["district"]

    def clean(self) -> dict[str, Any]:
        """Letters take a while each."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("format") == "pdf" and (data.get("number") or 0) > MOST_LETTERS:
            self.add_error(
                "number",
                _(
                    "This page makes at most %(most)s letters. Please choose the table, or make several series."
                )
                % {"most": MOST_LETTERS},
            )
        return data

    @property
    def chosen_district(self) -> District | None:
        """The district of the series."""
        return self.districts.get(self.cleaned_data.get("district", ""))


class ReplaceForm(SetupForm):
    """The number of a code that somebody lost."""

    number = forms.IntegerField(
        label=_("Number of the lost code"), min_value=1, max_value=MOST_CODES, widget=forms.NumberInput()
    )


class LineForm(SetupForm):
    """One ballot on paper as a line of numbers (`services.pile_lines`)."""

    line = forms.CharField(
        label=_("Next ballot"),
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "autofocus": True}),
    )

    def __init__(self, rule: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["line"].help_text = LINE_HELP[Rule(rule)]


class CountForm(SetupForm):
    """What was counted by hand of a pile: ballots, and a total for each number of `comparison`."""

    def __init__(self, comparison: Comparison, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields[COUNTED] = _count(_("Ballots in the pile"), comparison.counted)
        for total in comparison.totals:
            self.fields[total.key] = _count(total.option.contribution.title, total.counted)

    def totals(self) -> dict[str, int | None]:
        """The totals by their keys; call it after `is_valid()`."""
        return {name: value for name, value in self.cleaned_data.items() if name != COUNTED}


class MarkForm(SpanForm):
    """A span whose ballots do not count."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Everybody reads it with the result."),
    )

    field_order = ("opens_on", "opens_time", "closes_on", "closes_time", "reason")


def _count(label: Any, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_COUNTED,
        initial=initial,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--small"}),
    )
