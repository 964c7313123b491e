/** The marker of a place that is being chosen: it can be dragged until the place is described. */

import { L } from "../map/leaflet.js";
import { categoryIcon } from "../map/markers.js";

/**
 * @param {import("leaflet").Map} map
 * @param {import("leaflet").LatLng} latlng
 * @param {import("../map/markers.js").CategoryLook} category
 * @param {() => void} onMoved
 */
export function addPlacingMarker(map, latlng, category, onMoved) {
  const marker = L.marker(latlng, {
    icon: categoryIcon(category, { selected: true, own: true }),
    draggable: true,
    autoPan: true,
    keyboard: false,
    zIndexOffset: 2000,
    alt: "",
  }).addTo(map);
  const element = marker.getElement();
  element?.classList.add("map-marker--placing");
  element?.setAttribute("role", "img");
  element?.setAttribute("aria-label", interpolate(gettext("Your place: %s"), [category.title]));
  marker.on("dragend", onMoved);
  return marker;
}
