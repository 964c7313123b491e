"""The import page, steps one and two: choose the kind and the file; preview it and assign its fields."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mapping import rules
from mapping.base_map import map_config
from mapping.forms.files import largest_form_to_import, lost_upload, takes_files
from mapping.imports.messages import file_sentence
from mapping.imports.parts import Parts
from mapping.imports.problems import TableProblem
from mapping.imports.reading import uploads
from mapping.imports.reading.formats import FORMATS
from mapping.imports.reading.uploads import Upload
from mapping.models import Campaign
from mapping.planning.access import file_door, frame, member, planners_only
from mapping.planning.imports.contributions import KINDS
from mapping.planning.imports.form import (
    ENCODINGS,
    LAT_FIRST,
    LON_FIRST,
    Given,
    Option,
    Question,
    Section,
    field_select,
    problem_sentence,
    select,
    text,
)
from mapping.planning.imports.kinds import Kind
from mapping.planning.imports.preview import Preview, features_of, guesses_of, preview_of
from mapping.services.errors import NotStored
from mapping.services.messages import sentence

_SYSTEMS = (
    ("EPSG:4326", "WGS 84, Länge und Breite"),
    ("EPSG:25832", "ETRS89 / UTM 32"),
    ("EPSG:25833", "ETRS89 / UTM 33"),
    ("EPSG:4647", "ETRS89 / UTM 32, Zone vorangestellt"),
    ("EPSG:31466", "Gauß-Krüger 2"),
    ("EPSG:31467", "Gauß-Krüger 3"),
    ("EPSG:3857", "Web Mercator"),
    ("EPSG:3035", "ETRS89 / LAEA"),
    ("EPSG:2056", "CH1903+ / LV95"),
)
_PLACE_QUERY = ("layer", "encoding", "header", "place_field", "place_order", "crs", "lon", "lat")


@takes_files(largest_form_to_import, file_door(rules.may_import))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_import)
def start(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Step one: choose the kind of data and the file."""
    wrong: dict[str, str] = {}
    chosen = request.POST.get("kind") or request.GET.get("kind", "")
    if request.method == "POST":
        file, lost = request.FILES.get("file"), lost_upload(request)
        if chosen not in KINDS:
            wrong["kind"] = _("Please choose what the file holds.")
        if lost is not None:
            wrong["file"] = sentence(lost.code, lost.params)
        elif file is None:
            wrong["file"] = file_sentence("upload_missing", {})
        elif not wrong:
            try:
                upload = uploads.keep(file, chosen, member(request), campaign)
            except TableProblem as problem:
                wrong["file"] = problem_sentence(problem)
            except NotStored as problem:
                wrong["file"] = sentence(problem.code, problem.params)
            else:
                return redirect("planning:import", slug=campaign.slug, upload=upload.id)
    return render(
        request,
        "planning/imports.html",
        {
            **frame(request, campaign, "imports"),
            "kinds": [(kind, kind.slug == chosen) for kind in KINDS.values()],
            "formats": list(dict.fromkeys(form.title for form in FORMATS.values())),
            "import_megabytes": settings.IMPORT_MEGABYTES,
            "wrong": wrong,
            "step": 1,
        },
        status=422 if wrong else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_import)
def mapping(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponse:
    """Step two: the preview and the assignment of fields; POST shows them again with the entered values."""
    found = uploads.find(upload, member(request), campaign)
    if found is None:
        return gone(request, campaign)
    if found.is_done:
        return redirect("planning:import-result", slug=campaign.slug, upload=found.id)
    if request.method == "POST":
        return mapping_page(request, campaign, found, given_in(request.POST))
    return mapping_page(request, campaign, found, Given(found.given) if found.given else None)


@require_safe
@planners_only(rules.may_import)
def places(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponse:
    """The first places of the file for the preview map, as GeoJSON in degrees."""
    found = uploads.find(upload, member(request), campaign)
    features: dict[str, object] = {"type": "FeatureCollection", "features": []}
    if found is not None and not found.is_done:
        # Errors of the file are shown on the page around the map.
        with suppress(TableProblem):
            features = features_of(found, given_in(request.GET))
    return JsonResponse(features, content_type="application/geo+json")


@require_http_methods(["POST"])
@planners_only(rules.may_import)
def discard(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponse:
    """Delete an uploaded file without importing it."""
    found = uploads.find(upload, member(request), campaign)
    if found is not None:
        uploads.forget(found)
    return redirect("planning:imports", slug=campaign.slug)


def gone(request: HttpRequest, campaign: Campaign) -> HttpResponseRedirect:
    """Redirect to the start, for files that were removed meanwhile, and for those of other users."""
    messages.warning(request, file_sentence("file_missing", {}))
    return redirect("planning:imports", slug=campaign.slug)


def given_in(data: QueryDict) -> Given:
    """The values of a form that belong to questions."""
    return Given({name: data.getlist(name) for name in data if name != "csrfmiddlewaretoken"})


def mapping_page(
    request: HttpRequest,
    campaign: Campaign,
    upload: Upload,
    given: Given | None,
    wrong: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page of step two; without `given` it begins with guesses, `wrong` are errors shown at the questions."""
    kind = KINDS[upload.kind]
    problem, preview, sections = "", None, []
    try:
        given = _with_guesses(kind, upload, given or Given({}))
        preview, problem = _preview(upload, given)
        sections = kind.sections(campaign, member(request), preview, given)
    except TableProblem as found:
        problem = problem_sentence(found)
        given = given or Given({})
    wrong = dict(wrong or {})
    about_file = Section(_("The file"), list(_file_questions(upload, preview, given)))
    known = {one.name for section in [about_file, *sections] for one in section.questions}
    context = {
        **frame(request, campaign, "imports"),
        "kind": kind,
        "upload": upload,
        "preview": preview,
        "problem": problem or " ".join(words for name, words in wrong.items() if name not in known),
        "about_file": _marked(about_file, wrong),
        "sections": [_marked(section, wrong) for section in sections],
        "map_config": _map_config(campaign, preview),
        "places_url": _places_url(campaign, upload, given),
        "step": 2,
    }
    return render(request, "planning/import.html", context, status=422 if problem or wrong else 200)


def _preview(upload: Upload, given: Given) -> tuple[Preview, str]:
    """The preview and an error message; an unusable CRS is ignored and reported."""
    try:
        return preview_of(upload, given), ""
    except TableProblem as problem:
        if not given.text("crs"):
            raise
        return preview_of(upload, given.but(crs="")), problem_sentence(problem)


def _with_guesses(kind: Kind, upload: Upload, given: Given) -> Given:
    """The entered values, completed by guesses until the questions of this layer have been shown."""
    seen, seen_header = given.text("seen"), given.text("seen_header")
    same_layer = seen == (given.text("layer") or seen)
    same_header = not seen_header or given.text("header") in {"", seen_header}
    if seen and same_layer and same_header:
        return given
    # Another header line makes other fields; another sheet may have another header line.
    kept_names = ("layer", "encoding", "header") if same_layer and seen else ("layer", "encoding")
    kept = {name: given.values[name] for name in kept_names if given.text(name)}
    with upload.opened(Given(kept).reading()) as table:
        values = guesses_of(table)
        stem = upload.name.partition(".")[0].replace("_", " ")
        guesses = kind.guess(table.fields, stem)
    values |= {name: [value] for name, value in guesses.items() if value}
    return Given(values | kept)


def _file_questions(upload: Upload, preview: Preview | None, given: Given) -> Iterator[Question]:
    """Questions that the preview depends on: layer, encoding, coordinates."""
    if preview is not None and len(preview.layers) > 1:
        layers = [(one, one[:80]) for one in preview.layers]
        label = _("Layer") if preview.header is None else _("Sheet")
        yield select("layer", label, given, layers, reloads=True)
    if upload.ending.startswith((".csv", ".zip", ".shp", ".mif", ".tab")):
        yield select("encoding", _("Encoding"), given, ENCODINGS, empty="UTF-8", reloads=True)
    if preview is not None and preview.header is not None:
        lines = [(str(number), _line(number, words)) for number, words in enumerate(preview.heads, start=1)]
        given = given.but(header=str(preview.header))
        yield select(
            "header",
            _("Line with the names of the fields"),
            given,
            [*lines, ("0", _("No line"))],
            reloads=True,
        )
    if upload.kind == "population":
        return
    if preview is not None and preview.header is not None:
        yield from _place_questions(preview, given)
    detected = preview.crs if preview is not None and not preview.is_from_columns else ""
    help_text = _("In the file: %(crs)s") % {"crs": detected} if detected else _("The file does not say it.")
    systems = [Option(code, title) for code, title in _SYSTEMS]
    yield replace(
        text("crs", _("Coordinate system"), given, help=help_text, reloads=True), suggestions=systems
    )
    if upload.kind in {"contributions", "places"}:
        yield Question(
            "drop_heights",
            _("Leave heights out"),
            "check",
            options=[Option("1", _("Leave heights out"), given.flag("drop_heights"))],
        )
        if preview is not None and preview.has_geometries:
            yield select(
                "parts",
                _("Places of several parts"),
                given,
                [
                    (Parts.SPLIT.value, _("Split into single places")),
                    (Parts.JOIN.value, _("Join lines and touching areas, split the rest")),
                ],
                empty=_("Leave these rows out"),
            )


def _place_questions(preview: Preview, given: Given) -> Iterator[Question]:
    """Questions about a table's geometry: in one field or in two."""
    given = given.but(place_field=preview.place_field or "")
    yield field_select(
        "place_field",
        _("Place in one field"),
        given,
        preview.fields,
        empty=_("Not in the file"),
        help=_("WKT, WKB, GeoJSON, or both coordinates."),
        reloads=True,
    )
    if preview.place_field and preview.lat_first is not None:
        orders = [(LAT_FIRST, _("Latitude first")), (LON_FIRST, _("Longitude or x first"))]
        chosen = given.but(place_order=LAT_FIRST if preview.lat_first else LON_FIRST)
        yield select("place_order", _("Order of both coordinates"), chosen, orders, reloads=True)
    for name, label in (("lon", _("Longitude or x")), ("lat", _("Latitude or y"))):
        yield field_select(name, label, given, preview.fields, empty=_("Not in the file"), reloads=True)


def _line(number: int, words: str) -> str:
    return f"{number}: {words}" if words else str(number)


def _marked(section: Section, wrong: Mapping[str, str]) -> Section:
    questions = [replace(one, error=wrong.get(one.name, one.error)) for one in section.questions]
    return replace(section, questions=questions)


def _map_config(campaign: Campaign, preview: Preview | None) -> Mapping[str, object]:
    config = {name: value for name, value in map_config(campaign).items() if name != "districts"}
    if preview is not None and preview.bounds is not None:
        config["bounds"] = _with_room(preview.bounds)
    return config


def _with_room(bounds: Sequence[float]) -> list[float]:
    """Extend the bounds of a single point, which have no extent for a map."""
    west, south, east, north = bounds
    room = 0.002
    return [west - room, south - room, east + room, north + room]


def _places_url(campaign: Campaign, upload: Upload, given: Given) -> str:
    query = QueryDict(mutable=True)
    for name in _PLACE_QUERY:
        if given.text(name):
            query[name] = given.text(name)
    address = reverse("planning:import-places", args=(campaign.slug, upload.id))
    return f"{address}?{query.urlencode()}" if query else address
