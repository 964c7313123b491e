"""Self-contained folium maps: no tile, script or style from other servers.

folium's own maps link Leaflet, jQuery, Bootstrap and icon fonts from content delivery networks. These link nothing:
Leaflet is embedded in the page (`assets`), the others are not used, and instead of a base map the area, the districts
and their names are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from branca.element import Figure, MacroElement
from folium import Map
from folium.template import Template

from mapping.reports.cells import DrawnRow


class OfflineMap(Map):
    """A folium map without links to other sites."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []


class CellLayer(MacroElement):
    """Cells, area and districts; drawn by `js/report/offline-map.js` from the page's data."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            drawHeatMap({{ this._parent.get_name() }}, {{ this.rows|tojson }}, {{ this.is_large|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, rows: Sequence[DrawnRow], *, is_large: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CellLayer"
        self.rows = [list(row) for row in rows]
        self.is_large = is_large


@dataclass(frozen=True, slots=True)
class WrittenMaps:
    """The element of each map in the given order, and the one script that fills them."""

    elements: Sequence[str]
    script: str


def written(layers: Sequence[tuple[Sequence[DrawnRow], bool]]) -> WrittenMaps:
    """Render maps: their rows and whether the map can be moved (`is_large`)."""
    figure = Figure()
    maps = []
    for rows, is_large in layers:
        made = OfflineMap(
            location=(0, 0),
            tiles=None,
            prefer_canvas=True,
            zoom_control="topright" if is_large else False,
            attribution_control=is_large,
            dragging=is_large,
            double_click_zoom=is_large,
            touch_zoom=is_large,
            box_zoom=is_large,
            keyboard=is_large,
            scroll_wheel_zoom=False,
            zoom_snap=0.25,
        )
        made.add_child(CellLayer(rows, is_large=is_large))
        figure.add_child(made)
        maps.append(made)
    figure.render()
    elements = [figure.html._children[made.get_name()].render() for made in maps]  # noqa: SLF001 - branca has no other way
    return WrittenMaps(elements, figure.script.render())
