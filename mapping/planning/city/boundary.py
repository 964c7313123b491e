"""The boundary of the city: from a division of the city, drawn, or from a file."""

from __future__ import annotations

from typing import Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.gis.geos import MultiPolygon
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from mapping.base_map import map_config
from mapping.forms.files import largest_form_to_import, lost_upload, takes_files
from mapping.imports import areas
from mapping.imports.messages import file_sentence
from mapping.imports.problems import TableProblem
from mapping.models import City, DistrictLayer
from mapping.planning.city.frame import city_frame, editors_only, file_door
from mapping.planning.setup.area import DRAWN_OR_FILE, drawing_of
from mapping.planning.setup.fields import Described, StepForm
from mapping.services.errors import DomainError, invalid
from mapping.services.setup.city.changes import stored_city, version_of
from mapping.services.setup.city.page import LONGEST, set_boundary

_WAYS: Final = (
    (
        "layer",
        Described(
            gettext_lazy("All districts"), gettext_lazy("All districts of one division of the city, united.")
        ),
    ),
    *DRAWN_OR_FILE,
    (
        "kept",
        Described(gettext_lazy("Stay as it is"), gettext_lazy("Only its source is changed.")),
    ),
    (
        "none",
        Described(
            gettext_lazy("No boundary"),
            gettext_lazy("Maps of the city show all districts, or the areas of all campaigns."),
        ),
    ),
)


class BoundaryForm(StepForm):
    """Where the city lies."""

    drawn = forms.CharField(required=False, strip=True, widget=forms.Textarea)
    way = forms.ChoiceField(label=gettext_lazy("The boundary is"), choices=_WAYS, widget=forms.RadioSelect)
    layer = forms.ModelChoiceField(
        DistrictLayer.objects.none(),
        label=gettext_lazy("Division of the city"),
        required=False,
        empty_label=None,
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    boundary_source = forms.CharField(
        label=gettext_lazy("Source of the boundary"),
        help_text=gettext_lazy("Whom to name, for example the land survey. It stands in the imprint."),
        max_length=LONGEST["boundary_source"],
        required=False,
    )

    def offer(self, city: City) -> None:
        """Offer what there is: divisions that have districts, the boundary of today."""
        layer, way = self.fields["layer"], self.fields["way"]
        assert isinstance(layer, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(way, forms.ChoiceField)  # noqa: S101 - for the type checker
        layer.queryset = (
            DistrictLayer.objects.filter(districts__isnull=False).distinct().order_by("title", "pk")
        )
        missing = set() if layer.queryset.exists() else {"layer"}
        missing |= {"kept"} if city.boundary is None else set()
        way.choices = [(name, label) for name, label in _WAYS if name not in missing]


@takes_files(largest_form_to_import, file_door)
@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def boundary(request: HttpRequest, editor: User) -> HttpResponseBase:
    """Show and store it."""
    is_sent = request.method == "POST"
    city = stored_city()
    shown = drawing_of(city.boundary)
    initial = {
        "way": "" if city.boundary is None else "kept",
        "drawn": shown,
        "boundary_source": city.boundary_source,
        "expected": version_of(city, "boundary"),
    }
    form = BoundaryForm(request.POST, request.FILES) if is_sent else BoundaryForm(initial=initial)
    form.offer(city)
    if is_sent and (lost := lost_upload(request)) is not None:
        form.refuse(lost)
    elif is_sent and form.is_valid() and _is_stored(editor, city, form):
        messages.success(request, _("Saved."))
        return redirect("planning:city-boundary")
    config = dict(map_config())
    if city.boundary is not None and not shown:
        config["area"] = reverse("api:city")
    return render(
        request,
        "planning/city/boundary.html",
        {
            **city_frame("boundary"),
            "form": form,
            "config": config,
            "import_megabytes": settings.IMPORT_MEGABYTES,
        },
        status=422 if form.errors else 200,
    )


def _is_stored(editor: User, city: City, form: BoundaryForm) -> bool:
    data = form.cleaned_data
    try:
        found = _boundary(editor, city, form)
        set_boundary(editor, found, data["boundary_source"], expected=data["expected"])
    except TableProblem as problem:
        form.add_error("file", file_sentence(problem.code, problem.params))
        return False
    except DomainError as error:
        form.refuse(error, {"boundary": "way"})
        return False
    return True


def _boundary(editor: User, city: City, form: BoundaryForm) -> MultiPolygon | None:
    data = form.cleaned_data
    way = data["way"]
    if way == "layer":
        if data["layer"] is None:
            raise invalid("layer", "layer_needed")
        return areas.city_of(data["layer"])
    if way == "drawn":
        return areas.drawn(data["drawn"])
    if way == "file":
        if not data["file"]:
            raise invalid("file", "file_needed")
        return areas.area_of_file(data["file"], editor, None)
    found: MultiPolygon | None = city.boundary if way == "kept" else None
    return found
