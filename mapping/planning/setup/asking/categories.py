"""The list of the categories of a campaign, the form of one, and its removal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.models import Campaign, Category
from mapping.models.campaign import Marker, Palette, PlaceType, SmallestZoom
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import SetupForm, words_of
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence
from mapping.services.setup.categories import (
    MOST_CATEGORIES,
    CategoryDraft,
    add_category,
    categories_of,
    change_category,
    count_of_contributions,
    draft_of,
    free_look,
    place_category,
    remove_category,
)


class CategoryForm(SetupForm):
    """A category; the service checks what it holds."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What people mark, for example: a place where I do not feel safe."),
        required=False,
    )
    description = forms.CharField(
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("Stands below the title when people choose the category."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    geometry_types = forms.MultipleChoiceField(
        label=gettext_lazy("What do people mark?"),
        choices=PlaceType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    marker = forms.ChoiceField(
        label=gettext_lazy("Marker"), choices=Marker.choices, required=False, widget=forms.RadioSelect()
    )
    colour = forms.ChoiceField(
        label=gettext_lazy("Colour"), choices=Palette.choices, required=False, widget=forms.RadioSelect()
    )
    takes_contributions = forms.BooleanField(
        label=gettext_lazy("Open to citizens"),
        help_text=gettext_lazy(
            "Off for places that the city draws for discussion, and to close the category."
        ),
        required=False,
    )
    text_required = forms.BooleanField(
        label=gettext_lazy("A text is required"),
        help_text=gettext_lazy("Off: people may send the place and the answers alone."),
        required=False,
    )

    smallest_zoom = forms.ChoiceField(
        label=gettext_lazy("How near must the map be?"),
        help_text=gettext_lazy(
            "People zoom in before they place something, so that it lies at the right house. This is a help on the map,"
            " no check: positions that are typed or sent by programs have no zoom."
        ),
        choices=SmallestZoom.choices,
        required=False,
    )

    def draft(self) -> CategoryDraft:
        """What was typed; call it after `is_valid()`."""
        zoom = self.cleaned_data["smallest_zoom"] or SmallestZoom.ANY
        return CategoryDraft(**self.cleaned_data | {"smallest_zoom": int(zoom)})


@dataclass(frozen=True, slots=True)
class ShownCategory:
    """A category in the list, with its kinds of place in words."""

    category: Category
    place_types: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def categories(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The categories in their order; buttons move them (`up:<name>`, `down:<name>`, `place:<name>:<index>`)."""
    found = categories_of(campaign)
    if request.method == "POST":
        return _moved(request, campaign, found)
    return render(
        request,
        "planning/setup/asking/categories.html",
        {
            **setup_frame(request, campaign, "categories"),
            "categories": [
                ShownCategory(one, [str(PlaceType(name).label) for name in one.geometry_types])
                for one in found
            ],
            "is_full": len(found) >= MOST_CATEGORIES,
            "focus": request.GET.get("focus", ""),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def new_category(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The form of another category, with a marker and a colour that are still free."""
    marker, colour = free_look(categories_of(campaign))
    return _form_page(request, campaign, None, CategoryDraft(title="", marker=marker, colour=colour))


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def category(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The form of a category."""
    found = _called(campaign, category)
    return _form_page(request, campaign, found, draft_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def remove(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """How many contributions are touched: they move, or the category is closed."""
    found = _called(campaign, category)
    problems: list[str] = []
    if request.method == "POST":
        try:
            done = _removed(request, campaign, found)
        except DomainError as error:
            problems = _sentences(error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(_list_address(campaign))
    return render(
        request,
        "planning/setup/asking/category_remove.html",
        {
            **setup_frame(request, campaign, "categories"),
            "category": found,
            "number": count_of_contributions(found),
            "questions_count": found.questions.count(),
            "others": campaign.categories.exclude(pk=found.pk).order_by("position", "pk"),
            "problems": problems,
            "chosen": request.POST.get("move_to", ""),
        },
        status=422 if problems else 200,
    )


def _form_page(
    request: HttpRequest, campaign: Campaign, found: Category | None, draft: CategoryDraft
) -> HttpResponse:
    initial: dict[str, Any] = dict(vars(draft)) | {"geometry_types": list(draft.geometry_types)}
    form = CategoryForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                stored = add_category(campaign, form.draft(), actor=member(request))
            else:
                stored = change_category(found, form.draft(), actor=member(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": stored.title})
            return HttpResponseRedirect(f"{_list_address(campaign)}#c-{stored.slug}")
    return render(
        request,
        "planning/setup/asking/category.html",
        {
            **setup_frame(request, campaign, "categories"),
            "category": found,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _moved(request: HttpRequest, campaign: Campaign, found: list[Category]) -> HttpResponse:
    what, _colon, rest = request.POST.get("do", "").partition(":")
    name, _colon, index = rest.partition(":")
    place = next((number for number, one in enumerate(found) if one.slug == name), None)
    if place is None:
        messages.error(request, sentence("gone"))
        return HttpResponseRedirect(_list_address(campaign))
    step = {"up": -1, "down": 1}.get(what, 0)
    target = int(index) if what == "place" and index.isdecimal() and len(index) < 5 else place + step
    try:
        place_category(found[place], target, actor=member(request))
    except DomainError as error:
        for words in _sentences(error):
            messages.error(request, words)
    return HttpResponseRedirect(f"{_list_address(campaign)}?{urlencode({'focus': f'{what}:{name}'})}")


def _removed(request: HttpRequest, campaign: Campaign, found: Category) -> str:
    """Close or remove the category; returns what was done, in words."""
    if request.POST.get("do") == "close":
        change_category(
            found,
            CategoryDraft(**vars(draft_of(found)) | {"takes_contributions": False}),
            actor=member(request),
        )
        return _("“%(title)s” is closed. What was contributed stays.") % {"title": found.title}
    chosen = request.POST.get("move_to", "")
    target = campaign.categories.filter(slug=chosen).first() if chosen else None
    remove_category(found, actor=member(request), move_to=target)
    return _("“%(title)s” is removed.") % {"title": found.title}


def _called(campaign: Campaign, slug: str) -> Category:
    found = get_object_or_404(Category, campaign=campaign, slug=slug)
    found.campaign = campaign
    return found


def _list_address(campaign: Campaign) -> str:
    return reverse("planning:setup-categories", args=(campaign.slug,))


def _sentences(error: DomainError) -> list[str]:
    if isinstance(error, Invalid):
        return [words_of(problem) for problems in error.fields.values() for problem in problems]
    return [sentence(error.code, error.params)]
