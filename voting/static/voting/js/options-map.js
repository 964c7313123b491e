/**
 * `<options-map>`: the places of proposals, each with its name as a link to the proposal on the ballot. What it shows
 * stands in the JSON blocks `options-config` and `options-features`.
 */

import { defineShapesMap, linkedShape } from "../../mapping/js/map/shapes-map.js";

/**
 * @typedef {object} ShownOption
 * @property {import("geojson").Geometry} geometry
 * @property {string} name
 * @property {string} words the district
 * @property {string} address
 */

defineShapesMap("options-map", {
  features: "options-features",
  config: "options-config",
  isGrey: true,
  /** @param {ShownOption[]} options */
  layersOf: (options) => options.map((option) => linkedShape(option, "option-shape")),
});
