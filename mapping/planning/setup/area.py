"""The step of the area: the whole city, some districts, a drawing or a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.gis.geos import MultiPolygon
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.base_map import map_config
from mapping.forms.files import largest_form_to_import, lost_upload, takes_files
from mapping.imports import areas
from mapping.imports.messages import file_sentence
from mapping.imports.problems import TableProblem
from mapping.models import Campaign, District, DistrictLayer
from mapping.models.setup.profile import city_boundary, current_city
from mapping.planning.access import file_door, member, planners_only
from mapping.planning.setup.fields import Described, StepForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError, invalid
from mapping.services.setup.area import set_area
from mapping.services.setup.changes import version_of

MOST_DRAWN: Final = 3000
"""Positions of an area that can still be changed point by point on the map; larger ones are only shown."""

DRAWN_OR_FILE: Final = (
    (
        "drawn",
        Described(
            gettext_lazy("Drawn on the map"), gettext_lazy("The outline on the map above, as you draw it.")
        ),
    ),
    (
        "file",
        Described(
            gettext_lazy("From a file"),
            gettext_lazy("The polygons of a Shapefile, GeoPackage, GeoJSON or KML, united."),
        ),
    ),
)
"""Where outlines come from that are not there yet, for areas of campaigns and the boundary of the city."""

_WAYS: Final = (
    (
        "boundary",
        Described(gettext_lazy("The whole city"), gettext_lazy("Its boundary, as the city's page has it.")),
    ),
    (
        "city",
        Described(
            gettext_lazy("The whole city"), gettext_lazy("All districts of one division of the city, united.")
        ),
    ),
    (
        "districts",
        Described(gettext_lazy("Some districts"), gettext_lazy("The districts that you choose, united.")),
    ),
    *DRAWN_OR_FILE,
    (
        "kept",
        Described(gettext_lazy("Stay as it is"), gettext_lazy("Only the districts to count by are changed.")),
    ),
    (
        "none",
        Described(gettext_lazy("No area"), gettext_lazy("For ideas and surveys without a map.")),
    ),
)


class AreaForm(StepForm):
    """Where the campaign takes place."""

    drawn = forms.CharField(required=False, strip=True, widget=forms.Textarea)
    way = forms.ChoiceField(label=gettext_lazy("The area is"), choices=_WAYS, widget=forms.RadioSelect)
    layer = forms.ModelChoiceField(
        DistrictLayer.objects.none(),
        label=gettext_lazy("Division of the city"),
        required=False,
        empty_label=None,
    )
    districts = forms.MultipleChoiceField(label=gettext_lazy("Districts"), required=False)
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    count_by = forms.ModelChoiceField(
        DistrictLayer.objects.none(),
        label=gettext_lazy("Count by"),
        help_text=gettext_lazy(
            "Districts shown on the map and in heat maps. They can be changed at any time."
        ),
        required=False,
        empty_label=gettext_lazy("no districts"),
    )

    def offer(self, layers: list[LayerChoice], campaign: Campaign) -> None:
        """Offer what there is: layers with their districts."""
        everything = DistrictLayer.objects.order_by("title", "pk")
        for name in ("layer", "count_by"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
            field.queryset = everything
        chosen = self.fields["districts"]
        assert isinstance(chosen, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        chosen.choices = [(str(one.pk), one.name) for layer in layers for one in layer.districts]
        missing = {"city", "districts"} if not layers else set()
        missing |= {"kept"} if campaign.area is None else set()
        # The districts of a division stand for the city only as long as its boundary is not known.
        missing |= {"city"} if current_city().has_boundary else {"boundary"}
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)  # noqa: S101 - for the type checker
        way.choices = [(name, label) for name, label in _WAYS if name not in missing]


@dataclass(frozen=True, slots=True)
class LayerChoice:
    """A layer with the districts that can be chosen of it."""

    layer: DistrictLayer
    districts: list[District]


@takes_files(largest_form_to_import, file_door(rules.may_manage))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def area(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Show and store the area and the districts to count by."""
    is_sent = request.method == "POST"
    layers = _layers()
    shown = drawing_of(campaign.area)
    initial = {
        "way": _first_way(campaign, shown),
        "drawn": shown,
        "count_by": campaign.district_layer_id,
        "expected": version_of(campaign, "area"),
    }
    form = AreaForm(request.POST, request.FILES) if is_sent else AreaForm(initial=initial)
    form.offer(layers, campaign)
    if is_sent and (lost := lost_upload(request)) is not None:
        form.refuse(lost)
    elif is_sent and form.is_valid() and _stored(campaign, form, request):
        return redirect("planning:setup-area", slug=campaign.slug)
    chosen = form["districts"].value() or ()
    return render(
        request,
        "planning/setup/area.html",
        {
            **setup_frame(request, campaign, "area"),
            "form": form,
            "layers": layers,
            "chosen": {str(one) for one in chosen},
            "config": _config(campaign, shown),
            "import_megabytes": settings.IMPORT_MEGABYTES,
        },
        status=422 if form.errors else 200,
    )


def _stored(campaign: Campaign, form: AreaForm, request: HttpRequest) -> bool:
    layer: DistrictLayer | None = form.cleaned_data["count_by"]
    way = form.cleaned_data["way"]
    if layer is None and campaign.district_layer is None and way == "city":
        layer = form.cleaned_data["layer"]
    try:
        found = _area(campaign, form, request)
        _campaign, outside = set_area(campaign, member(request), found, layer, form.cleaned_data["expected"])
    except TableProblem as problem:
        form.add_error("file", file_sentence(problem.code, problem.params))
        return False
    except DomainError as error:
        form.refuse(error)
        return False
    messages.success(request, _("Saved."))
    if outside:
        words = ngettext(
            "%(number)s contribution lies outside the new area. It stays.",
            "%(number)s contributions lie outside the new area. They stay.",
            outside,
        )
        messages.warning(request, words % {"number": outside})
    return True


def _area(campaign: Campaign, form: AreaForm, request: HttpRequest) -> MultiPolygon | None:
    data = form.cleaned_data
    way = data["way"]
    if way == "boundary":
        return city_boundary()
    if way == "city":
        if data["layer"] is None:
            raise invalid("layer", "layer_needed")
        return areas.city_of(data["layer"])
    if way == "districts":
        return areas.districts_of([int(one) for one in data["districts"]])
    if way == "drawn":
        return areas.drawn(data["drawn"])
    if way == "file":
        if not data["file"]:
            raise invalid("file", "file_needed")
        return areas.area_of_file(data["file"], member(request), campaign)
    found: MultiPolygon | None = campaign.area if way == "kept" else None
    return found


def _layers() -> list[LayerChoice]:
    districts: dict[int, list[District]] = {}
    for one in District.objects.defer("geom").order_by("layer", "name", "pk"):
        districts.setdefault(one.layer_id, []).append(one)
    layers = DistrictLayer.objects.order_by("title", "pk")
    return [LayerChoice(layer, districts[layer.pk]) for layer in layers if layer.pk in districts]


def drawing_of(outline: MultiPolygon | None) -> str:
    """An outline as GeoJSON, where it is small enough to be changed by hand; empty otherwise."""
    if outline is None or outline.num_coords > MOST_DRAWN:
        return ""
    return json.dumps(json.loads(outline.geojson), separators=(",", ":"))


def _first_way(campaign: Campaign, shown: str) -> str:
    """What describes the area there is; without one, nothing is chosen yet."""
    if campaign.area is None:
        return ""
    return "drawn" if shown else "kept"


def _config(campaign: Campaign, shown: str) -> dict[str, object]:
    """The map: on the area, else on the city; an area that can be changed is drawn once, as what can be changed."""
    if campaign.area is None:
        return dict(map_config())
    config = dict(map_config(campaign))
    config.pop("districts", None)
    if shown:
        config.pop("area", None)
    return config
