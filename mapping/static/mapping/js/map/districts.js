/** The city's districts: thin lines, names where a district is large enough on the screen. */

import { fetchJson } from "../site/api.js";
import { L } from "./leaflet.js";

/** An event of the map: names of districts were written anew. */
export const NAMES_WRITTEN = "districtnames";

/** A name is written where its district is at least this wide on the screen. */
const WIDTH_FOR_NAME = 72;

/**
 * @param {import("leaflet").Map} map
 * @param {string | undefined} url
 */
export async function addDistricts(map, url) {
  if (!url) return;
  /** @type {import("geojson").FeatureCollection} */
  let collection;
  try {
    collection = await fetchJson(url);
  } catch {
    return; // Districts are orientation only.
  }
  const pane = map.createPane("districts");
  pane.style.zIndex = "360";
  pane.style.pointerEvents = "none";
  const renderer = L.svg({ pane: "districts", padding: 0.5 });
  const names = L.layerGroup().addTo(map);
  const style = { renderer, pane: "districts", className: "district", smoothFactor: 1.5, interactive: false };
  const shapes = /** @type {import("leaflet").Polygon[]} */ (
    L.geoJSON(collection, { style, interactive: false }).addTo(map).getLayers()
  );
  const labels = shapes
    .map((shape) => ({
      name: String(shape.feature?.properties?.name ?? ""),
      bounds: shape.getBounds(),
      place: shape.getCenter(),
    }))
    .filter(({ name }) => name);

  const draw = () => {
    names.clearLayers();
    for (const { name, bounds, place } of labels) {
      const west = map.latLngToContainerPoint(bounds.getSouthWest());
      const east = map.latLngToContainerPoint(bounds.getNorthEast());
      if (east.x - west.x < Math.max(WIDTH_FOR_NAME, name.length * 8)) continue;
      const html = document.createElement("span");
      html.textContent = name;
      const icon = L.divIcon({ className: "district-name", html, iconSize: [0, 0] });
      L.marker(place, { icon, pane: "districts", interactive: false, keyboard: false }).addTo(names);
    }
    map.fire(NAMES_WRITTEN);
  };
  map.on("zoomend", draw);
  draw();
}
