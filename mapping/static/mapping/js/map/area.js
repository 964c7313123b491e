/** The campaign's area: outlined, everything outside dimmed; and the test whether a place lies inside. */

import { fetchJson } from "../site/api.js";
import { L } from "./leaflet.js";

/** @typedef {import("geojson").Position[]} Ring */

/**
 * @param {import("leaflet").Map} map
 * @param {string | undefined} url
 * @returns {Promise<import("geojson").Feature | null>}
 */
export async function addArea(map, url) {
  if (!url) return null;
  /** @type {import("geojson").Feature | null} */
  let feature = null;
  try {
    feature = await fetchJson(url);
  } catch {
    return null; // The server checks the area again; the map stays usable without its outline.
  }
  if (!feature?.geometry) return null;
  const pane = map.createPane("area");
  pane.style.zIndex = "350";
  pane.style.pointerEvents = "none";
  const renderer = L.svg({ pane: "area", padding: 1 });
  const polygons = polygonsOf(feature.geometry);
  const shared = { renderer, pane: "area", interactive: false, smoothFactor: 1.5 };

  /** @type {Ring} */
  const world = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
  ];
  L.polygon([world, ...polygons.map(([outer]) => outer)].map(flip), { ...shared, className: "area-outside" }).addTo(
    map,
  );
  for (const hole of polygons.flatMap((rings) => rings.slice(1))) {
    L.polygon(flip(hole), { ...shared, className: "area-outside" }).addTo(map);
  }
  for (const ring of polygons.flat()) {
    L.polygon(flip(ring), { ...shared, className: "area-casing" }).addTo(map);
    L.polygon(flip(ring), { ...shared, className: "area-outline" }).addTo(map);
  }
  return feature;
}

/**
 * Whether a place lies inside a polygon feature (crossing number; the server decides, this only explains earlier).
 * @param {import("geojson").Feature} feature
 * @param {[number, number]} place lon, lat
 */
export function contains(feature, place) {
  return polygonsOf(feature.geometry).some(
    ([outer, ...holes]) => inRing(outer, place) && !holes.some((hole) => inRing(hole, place)),
  );
}

/**
 * @param {Ring} ring
 * @param {[number, number]} place
 */
function inRing(ring, [x, y]) {
  let inside = false;
  for (let index = 0, before = ring.length - 1; index < ring.length; before = index, index += 1) {
    const [x1, y1] = ring[index];
    const [x2, y2] = ring[before];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/**
 * @param {import("geojson").Geometry} geometry
 * @returns {Ring[][]}
 */
function polygonsOf(geometry) {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  if (geometry.type === "MultiPolygon") return geometry.coordinates;
  return [];
}

/**
 * GeoJSON writes lon, lat; Leaflet reads lat, lon.
 * @param {Ring} ring
 * @returns {[number, number][]}
 */
function flip(ring) {
  return ring.map(([lon, lat]) => [lat, lon]);
}
