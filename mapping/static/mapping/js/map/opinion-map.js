/**
 * `<opinion-map>`: lines, areas and places coloured by their balance, each with its rank and balance as a label. What
 * it shows stands in the JSON blocks `opinions-config` and `opinions-features`; the table beside it has the same numbers.
 */

import { defineShapesMap } from "./shapes-map.js";
import { L } from "./whole-leaflet.js";

/**
 * @typedef {object} Judged
 * @property {import("geojson").Geometry} geometry
 * @property {string} look CSS class of the colour
 * @property {number} rank
 * @property {string} balance with its sign
 * @property {boolean} isOpposed whether opposition prevails
 * @property {string} name
 */

/** Most labels that can be read at once; the others appear under the pointer. */
const MOST_LABELS = 12;

/**
 * @param {Judged} one
 * @param {boolean} isLabelled
 */
function layerOf(one, isLabelled) {
  const isArea = one.geometry.type.endsWith("Polygon");
  const classes = ["opinion-shape", one.look];
  if (one.isOpposed) classes.push("opinion-shape--opposed");
  if (isArea) classes.push("opinion-shape--area");
  /** @param {string} className @param {boolean} fill */
  const drawn = (className, fill) =>
    L.geoJSON(one.geometry, {
      style: { className, fill },
      pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 8, className, fill }),
    });
  const casing = drawn("opinion-casing", false);
  const shape = drawn(classes.join(" "), isArea);
  const label = document.createElement("span");
  label.textContent = `${one.rank}. (${one.balance})`;
  shape.bindTooltip(label, {
    permanent: isLabelled,
    direction: "center",
    className: "opinion-label",
  });
  const name = document.createElement("span");
  name.textContent = one.name;
  shape.bindPopup(name);
  return L.featureGroup([casing, shape]);
}

/** @param {Judged[]} features by rank */
function layersOf(features) {
  const labelled = new Set(features.slice(0, MOST_LABELS));
  // Groups draw in the order in which their layers are made: the first rank lies above the others.
  return [...features].reverse().map((one) => layerOf(one, labelled.has(one)));
}

defineShapesMap("opinion-map", {
  features: "opinions-features",
  config: "opinions-config",
  isGrey: true,
  layersOf,
});
