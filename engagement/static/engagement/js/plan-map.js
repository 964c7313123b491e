/**
 * `<plan-map>`: the places of plans, coloured by their stage, each with its name as a link. What it shows stands in the
 * JSON blocks `plans-config` and `plans-features`; the list beside it has the same plans.
 */

import { defineShapesMap, linkedShape } from "../../mapping/js/map/shapes-map.js";

/**
 * @typedef {object} ShownPlan
 * @property {import("geojson").Geometry} geometry
 * @property {string} stage
 * @property {string} name
 * @property {string} words the stage in words
 * @property {string} address
 */

defineShapesMap("plan-map", {
  features: "plans-features",
  config: "plans-config",
  isGrey: true,
  /** @param {ShownPlan[]} plans */
  layersOf: (plans) => plans.map((plan) => linkedShape(plan, `plan-shape plan-shape--${plan.stage}`)),
});
