/**
 * `<plan-map>`: the places of plans, coloured by their stage, each with its name as a link. What it shows stands in the
 * JSON blocks `plans-config` and `plans-features`; the list beside it has the same plans.
 */

import { L } from "../../mapping/js/map/leaflet.js";
import { createBaseMap, readMapConfig } from "../../mapping/js/map/map.js";

/**
 * @typedef {object} ShownPlan
 * @property {import("geojson").Geometry} geometry
 * @property {string} stage
 * @property {string} name
 * @property {string} words the stage in words
 * @property {string} address
 */

/** How near a single place is shown. */
const ZOOM = 16;

class PlanMap extends HTMLElement {
  /** @type {import("../../mapping/js/map/map.js").BaseMap | null} */
  #base = null;

  async connectedCallback() {
    const plans = /** @type {ShownPlan[]} */ (readMapConfig("plans-features"));
    const base = await createBaseMap(this, readMapConfig("plans-config"), {
      grey: true,
      label: this.dataset.label,
      missing: gettext("Base map not reachable."),
    });
    if (!this.isConnected) {
      base.map.remove();
      return;
    }
    this.#base = base;
    const all = L.featureGroup(plans.map(layerOf)).addTo(base.map);
    base.fit(all.getBounds(), ZOOM);
  }

  disconnectedCallback() {
    this.#base?.map.remove();
    this.#base = null;
  }
}

/** @param {ShownPlan} plan */
function layerOf(plan) {
  const className = `plan-shape plan-shape--${plan.stage}`;
  const isArea = plan.geometry.type.endsWith("Polygon");
  const layer = L.geoJSON(plan.geometry, {
    style: { className, fill: isArea },
    pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 9, className, fill: true }),
  });
  const link = document.createElement("a");
  link.href = plan.address;
  link.textContent = plan.name;
  const words = document.createElement("p");
  words.textContent = plan.words;
  const popup = document.createElement("div");
  popup.append(link, words);
  const name = document.createElement("span");
  name.textContent = plan.name;
  return layer.bindPopup(popup).bindTooltip(name);
}

customElements.define("plan-map", PlanMap);
