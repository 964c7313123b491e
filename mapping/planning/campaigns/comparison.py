"""The page on which managers give a question of the survey its reference distribution."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mapping import rules
from mapping.aggregation.statistics.residents import Residents, residents
from mapping.filters.problems import QueryProblem
from mapping.forms.files import lost_upload, takes_files
from mapping.models import Audience, Campaign, ComparedAbout, Comparison, Question, ReferenceUnit
from mapping.models.survey.comparison import COMPARABLE
from mapping.planning.access import file_door, frame, member, planners_only
from mapping.planning.campaigns.reference import MOST_BYTES, groups_of, lines_of, parse_groups, text_of
from mapping.planning.setup.fields import Described, SetupForm, day_input
from mapping.questions.registry import KINDS
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence
from mapping.services.surveys.comparing import (
    LONGEST_SOURCE,
    ComparisonDraft,
    GroupDraft,
    compare_with,
    drop_comparison,
)

_LONGEST_TEXT: Final = 20_000
_UNITS: Final = (
    (
        ReferenceUnit.PEOPLE,
        Described(ReferenceUnit.PEOPLE.label, gettext_lazy("from a census or the register of residents")),
    ),
    (
        ReferenceUnit.PER_CENT,
        Described(ReferenceUnit.PER_CENT.label, gettext_lazy("all together about 100%")),
    ),
)


class ComparisonForm(SetupForm):
    """A reference distribution; once it is stored, also which choice belongs to which of its groups."""

    about = forms.ChoiceField(
        label=gettext_lazy("By what does the question divide people?"), choices=ComparedAbout
    )
    groups = forms.CharField(
        label=gettext_lazy("Groups and their numbers"),
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One line for each group: its name, a semicolon, its number. For example: 18 to 29; 15250"
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("… or a small table"),
        required=False,
        help_text=gettext_lazy("CSV with two columns: group and number. It replaces the lines above."),
    )
    unit = forms.ChoiceField(label=gettext_lazy("The numbers are"), choices=_UNITS, widget=forms.RadioSelect)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=LONGEST_SOURCE,
        help_text=gettext_lazy("It is named wherever the comparison is shown."),
    )
    as_of = forms.DateField(label=gettext_lazy("As of"), widget=day_input())
    is_public = forms.BooleanField(
        label=gettext_lazy("Show the comparison on the public page of results"), required=False
    )

    def __init__(
        self,
        question: Question,
        comparison: Comparison | None,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        self._values: dict[str, str] = {}
        if comparison is None:
            return
        of_value = {value: group["title"] for group in comparison.groups for value in group["choices"]}
        titles = [(group["title"], group["title"]) for group in comparison.groups]
        for number, (value, title) in enumerate(KINDS[question.kind].choices(question.options)):
            name = f"choice-{number}"
            self._values[name] = value
            self.fields[name] = forms.ChoiceField(
                label=str(title),
                required=False,
                choices=[("", _("in no group")), *titles],
                initial=of_value.get(value, ""),
            )

    def choices(self) -> list[forms.BoundField]:
        """The fields of the question's choices."""
        return [self[name] for name in self._values]

    def draft(self) -> ComparisonDraft:
        """The distribution as the service takes it; raises Invalid for lines and files that cannot be read."""
        data = self.cleaned_data
        groups = parse_groups(text_of(data["file"]) if data["file"] else data["groups"])
        return ComparisonDraft(
            about=data["about"],
            unit=data["unit"],
            groups=groups,
            source=data["source"],
            as_of=data["as_of"],
            is_public=data["is_public"],
            chosen={value: data[name] for name, value in self._values.items()},
        )


def largest_reference() -> int:
    """Twice the allowed size is still read, so that the page can report the limit."""
    return 2 * MOST_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@takes_files(largest_reference, file_door(rules.may_manage))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def comparison(request: HttpRequest, campaign: Campaign, question: str) -> HttpResponse:
    """Read and store the reference distribution; `?from=districts` fills in the inhabitants of the districts."""
    asked = _question(campaign, question)
    stored = Comparison.objects.filter(question=asked).first()
    known = _residents(campaign)
    if request.method == "POST":
        form = ComparisonForm(asked, stored, request.POST, request.FILES)
        if _store(request, form, asked):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{_address(campaign, asked)}#choices")
    else:
        from_districts = known if request.GET.get("from") == "districts" else None
        form = ComparisonForm(asked, stored, initial=_initial(stored, from_districts))
    return render(
        request,
        "planning/comparison.html",
        {
            **frame(request, campaign, "representation"),
            "question": asked,
            "form": form,
            "stored": stored,
            "known": known,
            "is_for_staff": asked.audience == Audience.STAFF,
        },
        status=422 if form.errors else 200,
    )


@require_POST
@planners_only(rules.may_manage)
def drop(request: HttpRequest, campaign: Campaign, question: str) -> HttpResponse:
    """Take the reference distribution from a question."""
    drop_comparison(_question(campaign, question), actor=member(request))
    messages.success(request, _("The comparison was removed."))
    return HttpResponseRedirect(reverse("planning:representation", args=(campaign.slug,)))


def _store(request: HttpRequest, form: ComparisonForm, question: Question) -> bool:
    """Store the form; returns False and adds errors to it if it was refused."""
    lost = lost_upload(request)
    if lost is not None:
        form.add_error("file", sentence(lost.code, lost.params))
    if not form.is_valid():
        return False
    try:
        compare_with(question, form.draft(), actor=member(request))
    except Invalid as refused:
        has_file = bool(form.cleaned_data.get("file"))
        form.refuse(refused, {"groups": "file"} if has_file else None)
        return False
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def _question(campaign: Campaign, slug: str) -> Question:
    found = Question.objects.of_survey(campaign.pk).filter(slug=slug, kind__in=COMPARABLE).first()
    if found is None:
        raise Http404
    found.campaign = campaign
    return found


def _residents(campaign: Campaign) -> Residents | None:
    try:
        return residents(campaign.pk)
    except QueryProblem:
        return None


def _initial(stored: Comparison | None, from_districts: Residents | None) -> dict[str, Any]:
    if from_districts is not None:
        grid = from_districts.grid
        return {
            "about": ComparedAbout.RESIDENCE,
            "groups": lines_of(list(groups_of(from_districts))),
            "unit": ReferenceUnit.PEOPLE,
            "source": grid.attribution or grid.title,
            "as_of": "" if stored is None else stored.as_of,
            "is_public": stored is not None and stored.is_public,
        }
    if stored is None:
        return {"about": ComparedAbout.AGE, "unit": ReferenceUnit.PEOPLE, "as_of": timezone.localdate()}
    groups = [GroupDraft(group["title"], group["size"]) for group in stored.groups]
    return {
        "about": stored.about,
        "groups": lines_of(groups),
        "unit": stored.unit,
        "source": stored.source,
        "as_of": stored.as_of,
        "is_public": stored.is_public,
    }


def _address(campaign: Campaign, question: Question) -> str:
    return reverse("planning:comparison", args=(campaign.slug, question.slug))
