"""The report as one HTML file that opens offline: maps made with folium, everything else from a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import shapely
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.surface import Surface
from mapping.exports.cells.surface import picture
from mapping.geo.crs import laea_to_lonlat
from mapping.models import Category
from mapping.models.setup.profile import current_city
from mapping.reports import assets
from mapping.reports.cells import DrawnRow, ShownCell, shapes_of
from mapping.reports.charts import chart_of, unit_for
from mapping.reports.classes import HeatClass, step_of
from mapping.reports.content import Content
from mapping.reports.tables import CellRow, area_rows, cell_rows
from mapping.reports.words.method import chips_of, statements_of
from mapping.reports.words.units import (
    class_lines_of,
    column_of,
    in_words_cells,
    legend_of,
    legend_title_of,
    note_of,
    title_of,
)

MOST_ROWS: Final = 50
"""Most cells in the table; all of them are on the map and in the download of cells."""

_STYLES: Final = (
    "vendor/leaflet/leaflet.css",
    "mapping/css/tokens.css",
    "mapping/css/base.css",
    "mapping/css/frame.css",
    "mapping/css/buttons.css",
    "mapping/css/cards.css",
    "mapping/css/components.css",
    "mapping/css/map.css",
    "mapping/css/markers.css",
    "mapping/css/heatmap/charts.css",
    "mapping/css/heatmap/heatmap_legend.css",
    "mapping/css/heatmap/report.css",
)
_SCRIPTS: Final = ("vendor/leaflet/leaflet.js", "mapping/js/report/offline-map.js")


def html_of(content: Content) -> str:
    """Write the report in the active language."""
    # folium takes half a second to import, which only requests for reports should wait for.
    from mapping.reports.maps import written

    parts = [part for part in content.categories if part.cells]
    large = [side.cells for side in content.sides] or [content.cells]
    layers = [
        *((cells, content.classes, True) for cells in large),
        *((part.cells, content.category_classes, False) for part in parts),
    ]
    outlines, positions = _outlines([cells for cells, _classes, _is_large in layers])
    maps = written([(_rows(cells, classes, positions), is_large) for cells, classes, is_large in layers])
    # Texts of folium and our own files; user input is escaped by the template or `as_script_data`.
    elements = [mark_safe(element) for element in maps.elements]
    titles = [side.title for side in content.sides] or [""]
    words = [side.words for side in content.sides] or [""]
    city = current_city()
    logo = city.logo.read() if city.logo else None
    text = render_to_string(
        "reports/heatmap.html",
        {
            "content": content,
            "campaign": content.campaign,
            "city_name": city.name,
            "logo": city.logo,
            "logo_address": assets.picture(logo) if logo else "",
            "language": get_language() or "de",
            "filters": chips_of(content),
            "styles": mark_safe("\n".join(assets.style(path) for path in _STYLES)),
            "scripts": [mark_safe(assets.script(path)) for path in _SCRIPTS],
            "map_script": mark_safe(maps.script),
            "data": mark_safe(assets.as_script_data(_data(content, outlines))),
            "large_maps": list(zip(titles, words, elements, strict=False)),
            "legend": legend_of(content),
            "legend_title": legend_title_of(content),
            "legend_note": note_of(content),
            "category_legend": class_lines_of(content, content.category_classes),
            "cells_title": title_of(content),
            "cells_column": column_of(content),
            "cells_in_words": in_words_cells(content, len(content.cells)),
            "category_maps": list(zip(parts, elements[len(large) :], strict=True)),
            "timeline": _timeline(content),
            "rows": _table(content),
            "statements": statements_of(content),
        },
    )
    return text.lstrip()


def _outlines(layers: Sequence[Sequence[ShownCell]]) -> tuple[list[shapely.Geometry], Mapping[str, int]]:
    """The outlines of all maps without duplicates, with positions by id: small maps share cells with the large one."""
    known: dict[str, shapely.Geometry] = {}
    for cells in layers:
        for cell in cells:
            known.setdefault(cell.id, cell.outline)
    return list(known.values()), {name: number for number, name in enumerate(known)}


def _rows(
    cells: Sequence[ShownCell], classes: Sequence[HeatClass], positions: Mapping[str, int]
) -> list[DrawnRow]:
    return [
        (positions[cell.id], *_numbers(cell), step, cell.value)
        for cell in cells
        if (step := step_of(cell.value, classes)) is not None
    ]


def _numbers(cell: ShownCell) -> tuple[float, float]:
    if cell.pair is None:
        return cell.contributions, cell.participants
    return cell.pair.first, cell.pair.second


def _table(content: Content) -> list[CellRow]:
    cells = content.cells[:MOST_ROWS]
    if content.release is not None:
        return area_rows(cells, content.districts)
    return cell_rows(content.campaign, cells, _leading(content))


def _leading(content: Content) -> Mapping[str, Category]:
    """The category with most contributions of each cell; in a tie the category with more contributions in total."""
    most: dict[str, tuple[int, Category]] = {}
    for part in content.categories:
        for cell in part.cells:
            if cell.contributions > most.get(cell.id, (0, None))[0]:
                most[cell.id] = (cell.contributions, part.category)
    return {name: category for name, (_number, category) in most.items()}


def _data(content: Content, outlines: Sequence[shapely.Geometry]) -> Mapping[str, object]:
    """The data for `js/report/offline-map.js`."""
    names = [one.name for one in content.districts]
    shapes = shapes_of([one.outline for one in content.districts]) if names else []
    centres = [shapely.point_on_surface(one.outline) for one in content.districts]
    places = laea_to_lonlat(shapely.get_coordinates(centres)).tolist() if centres else []
    return {
        "outlines": shapes_of(outlines) if outlines else [],
        "area": [] if content.area is None else shapes_of([content.area]),
        "districts": [
            {"name": name, "shape": shape, "at": [round(lat, 6), round(lon, 6)]}
            for name, shape, (lon, lat) in zip(names, shapes, places, strict=True)
        ],
        "marks": [
            {"look": one.look, "shape": shape}
            for one, [shape] in ((one, shapes_of([one.outline])) for one in content.outlines if one.cells)
        ],
        "surface": _surface(content.surface),
        "ramp": content.ramp,
        "isChange": content.view.mode == "change",
        "words": {
            "change": _("%(before)s before, %(after)s after: %(change)s"),
            "contributions": [ngettext("%s contribution", "%s contributions", number) for number in (1, 2)],
            "participants": [ngettext("%s contributor", "%s contributors", number) for number in (1, 2)],
        },
        "value": content.value_title,
        "knowsPeople": content.totals.participants is not None,
        "attribution": content.campaign.attribution,
    }


def _surface(surface: Surface | None) -> Mapping[str, object] | None:
    """The picture of a smooth surface and its bounds."""
    if surface is None or surface.bounds is None:
        return None
    west, south, east, north = surface.bounds
    return {"picture": assets.picture(picture(surface)), "bounds": [[south, west], [north, east]]}


def _timeline(content: Content) -> Mapping[str, object]:
    bins = content.bins
    if not bins:
        return {}
    unit = unit_for(bins[0].start, bins[-1].end)
    return {
        "bins": bins,
        "wide": chart_of(bins, unit, width=880, height=260, with_line=True),
        "narrow": chart_of(bins, unit, width=340, height=240, with_line=True),
        "most": max(bins, key=lambda one: one.value),
    }
