"""The city's own places, lines and areas: drawn on a map with a name and a text, in an order, for people to discuss."""

from dataclasses import replace
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mapping import rules
from mapping.base_map import map_config
from mapping.forms.contribution import ContributionForm
from mapping.forms.questions import FieldLook
from mapping.models import Campaign, Category, Contribution, Source
from mapping.models.campaign import PlaceType
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.frame import setup_frame
from mapping.services import city
from mapping.services.checking.content import MAX_TITLE, Submission
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.services.setup.places import MOST_ORDERED, move_place, places_of

_DRAWN_AS = {PlaceType.POINT: "Point", PlaceType.LINE: "LineString", PlaceType.POLYGON: "Polygon"}
_MOST_LISTED = 200


class PlaceForm(ContributionForm):
    """A place of the city: as people's contributions, with a name, and without photos unless wanted."""

    def __init__(
        self,
        category: Category,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
        *,
        contribution: Contribution | None = None,
        with_photos: bool = False,
    ) -> None:
        super().__init__(category, data, files, contribution=contribution, with_photos=with_photos)
        self.fields["title"] = forms.CharField(
            label=gettext_lazy("Name"),
            help_text=gettext_lazy("Stands above the text in lists, for example the name of the street."),
            required=False,
            strip=False,
            initial="" if contribution is None else contribution.title,
            widget=forms.TextInput(attrs={"maxlength": MAX_TITLE}),
        )
        self.fields["title"].look = FieldLook("text", required=False)  # type: ignore[attr-defined]
        self.fields["text"].label = gettext_lazy("Description")
        if contribution is not None and contribution.geom is not None:
            self.initial["geometry"] = contribution.geom.json

    def content_fields(self) -> list[BoundField]:
        """The name stands above the rest."""
        return [self["title"], *super().content_fields()]

    def named(self) -> Submission:
        """The submission with its name; call it after `is_valid()`."""
        return replace(self.submission(), title=self.cleaned_data.get("title") or "")


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_write_features)
def places(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """All places of the city in their order, and the form of another one."""
    categories = list(campaign.categories.all())
    chosen = request.POST.get("category") or request.GET.get("category") or ""
    category = next((one for one in categories if one.slug == chosen), _first(categories))
    data = request.POST if request.method == "POST" else None
    form = None if category is None else PlaceForm(category, data)
    if data is not None and form is not None and form.is_valid() and _put_up(request, campaign, form):
        messages.success(request, _("The place was stored. It is shown at once."))
        return HttpResponseRedirect(f"{_address(campaign)}?{urlencode({'category': form.category.slug})}")
    drawn = places_of(campaign)
    return _page(
        request,
        campaign,
        form,
        {
            "categories": categories,
            "drawn": drawn[:_MOST_LISTED],
            "total": len(drawn),
            "has_order": 1 < len(drawn) <= MOST_ORDERED,
            "focus": request.GET.get("focus", ""),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_write_features)
def place(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """The form of a place of the city; the former content stays in the record."""
    found = _called(campaign, pk)
    category = found.category
    category.campaign = campaign
    form = PlaceForm(category, request.POST if request.method == "POST" else None, contribution=found)
    if request.method == "POST" and form.is_valid() and _replace(request, found, form):
        messages.success(request, _("Saved. The original stays in the record."))
        return HttpResponseRedirect(f"{_address(campaign)}#p-{found.pk}")
    return _page(request, campaign, form, {"place": found})


@require_POST
@planners_only(rules.may_write_features)
def move(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Move a place in the order: `up:<id>`, `down:<id>`, `place:<id>:<index>`."""
    what, _colon, rest = request.POST.get("do", "").partition(":")
    name, _colon, index = rest.partition(":")
    drawn = places_of(campaign)
    now = next((number for number, one in enumerate(drawn) if str(one.pk) == name), None)
    if now is None:
        messages.error(request, sentence("gone"))
        return HttpResponseRedirect(_address(campaign))
    step = {"up": -1, "down": 1}.get(what, 0)
    target = int(index) if what == "place" and index.isdecimal() and len(index) < 5 else now + step
    try:
        move_place(drawn[now], target, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    # Without a fragment: a browser that scrolls to one leaves `autofocus` alone.
    return HttpResponseRedirect(f"{_address(campaign)}?{urlencode({'focus': f'{what}:{name}'})}")


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_write_features)
def delete_place(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """Delete a place of the city with the reactions to it, after the question whether that is meant."""
    found = _called(campaign, pk)
    if request.method != "POST":
        return render(
            request,
            "planning/setup/place_delete.html",
            {**setup_frame(request, campaign, "categories"), "place": found},
        )
    try:
        city.take_away(found, actor=member(request), precondition=lambda: None)
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The place was deleted."))
    return HttpResponseRedirect(f"{_address(campaign)}?{urlencode({'category': found.category.slug})}")


def _page(
    request: HttpRequest, campaign: Campaign, form: PlaceForm | None, more: dict[str, object]
) -> HttpResponse:
    return render(
        request,
        "planning/setup/places.html",
        {
            **setup_frame(request, campaign, "categories"),
            "category": None if form is None else form.category,
            "form": form,
            "geometry_type": "" if form is None else drawn_as(form.category),
            "config": map_config(campaign),
            **more,
        },
        status=422 if form is not None and form.errors else 200,
    )


def _first(categories: list[Category]) -> Category | None:
    """The first category for places of the city, else the first one."""
    of_city = [one for one in categories if not one.takes_contributions]
    return next(iter(of_city or categories), None)


def _called(campaign: Campaign, pk: UUID) -> Contribution:
    drawn = Contribution.objects.filter(campaign=campaign, source=Source.CITY, participant=None)
    return get_object_or_404(drawn.select_related("category"), pk=pk)


def drawn_as(category: Category) -> str:
    """What the map draws for a category, as `<geometry-field>` names it; empty where it takes no place."""
    types = [one for one in category.geometry_types if one != PlaceType.NONE]
    if not types:
        return ""
    return _DRAWN_AS[PlaceType(types[0])] if len(types) == 1 else "Geometry"


def _put_up(request: HttpRequest, campaign: Campaign, form: PlaceForm) -> bool:
    """Store the place; returns False and adds errors to the form if it was refused."""
    try:
        city.put_up(campaign, form.named(), actor=member(request))
    except DomainError as error:
        form.take(error)
        return False
    return True


def _replace(request: HttpRequest, found: Contribution, form: PlaceForm) -> bool:
    """Store the change; returns False and adds errors to the form if it was refused."""
    try:
        city.replace(found, form.named(), actor=member(request), precondition=lambda: None)
    except DomainError as error:
        form.take(error)
        return False
    return True


def _address(campaign: Campaign) -> str:
    return reverse("planning:setup-places", args=(campaign.slug,))
