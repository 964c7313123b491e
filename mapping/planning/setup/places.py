"""The city's own places, lines and areas: drawn on a map, with a text, for people to discuss."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping import rules
from mapping.base_map import map_config
from mapping.forms.contribution import ContributionForm
from mapping.models import Campaign, Category, Contribution, Source
from mapping.models.campaign import PlaceType
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.frame import setup_frame
from mapping.services import city
from mapping.services.errors import DomainError

_DRAWN_AS = {PlaceType.POINT: "Point", PlaceType.LINE: "LineString", PlaceType.POLYGON: "Polygon"}
_MOST_LISTED = 200


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_write_features)
def places(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """All places of the city by category, and the form of another one."""
    categories = list(campaign.categories.all())
    chosen = request.POST.get("category") or request.GET.get("category") or ""
    category = next((one for one in categories if one.slug == chosen), _first(categories))
    form = None if category is None else _form(category, request)
    if request.method == "POST" and form is not None and form.is_valid() and _store(request, campaign, form):
        messages.success(request, _("The place was stored. It is shown at once."))
        return HttpResponseRedirect(f"{_address(campaign)}?category={form.category.slug}")
    drawn = Contribution.objects.filter(campaign=campaign, source=Source.CITY).select_related("category")
    return render(
        request,
        "planning/setup/places.html",
        {
            **setup_frame(request, campaign, "categories"),
            "categories": categories,
            "category": category,
            "form": form,
            "geometry_type": "" if category is None else _drawn_as(category),
            "config": map_config(campaign),
            "drawn": drawn.order_by("category__position", "created_at")[:_MOST_LISTED],
            "total": drawn.count(),
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_POST
@planners_only(rules.may_write_features)
def delete_place(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """Delete a place of the city, with the reactions to it."""
    place = get_object_or_404(Contribution, campaign=campaign, pk=pk, source=Source.CITY)
    try:
        city.take_away(place, actor=member(request), precondition=lambda: None)
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The place was deleted."))
    return HttpResponseRedirect(f"{_address(campaign)}?category={place.category.slug}")


def _first(categories: list[Category]) -> Category | None:
    """The first category for places of the city, else the first one."""
    of_city = [one for one in categories if not one.takes_contributions]
    return next(iter(of_city or categories), None)


def _form(category: Category, request: HttpRequest) -> ContributionForm:
    data = request.POST if request.method == "POST" else None
    form = ContributionForm(category, data, with_photos=False)
    form.fields["text"].label = _("Name and description")
    return form


def _drawn_as(category: Category) -> str:
    types = [one for one in category.geometry_types if one != PlaceType.NONE]
    if not types:
        return ""
    return _DRAWN_AS[PlaceType(types[0])] if len(types) == 1 else "Geometry"


def _store(request: HttpRequest, campaign: Campaign, form: ContributionForm) -> bool:
    """Store the place; returns False and adds errors to the form if it was refused."""
    try:
        city.put_up(campaign, form.submission(), actor=member(request))
    except DomainError as error:
        form.take(error)
        return False
    return True


def _address(campaign: Campaign) -> str:
    return reverse("planning:setup-places", args=(campaign.slug,))
