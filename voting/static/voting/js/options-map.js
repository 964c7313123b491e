/**
 * `<options-map>`: the places of proposals, each with its name as a link to the proposal on the ballot. What it shows
 * stands in the JSON blocks `options-config` and `options-features`.
 */

import { L } from "../../mapping/js/map/leaflet.js";
import { createBaseMap, readMapConfig } from "../../mapping/js/map/map.js";

/**
 * @typedef {object} ShownOption
 * @property {import("geojson").Geometry} geometry
 * @property {string} name
 * @property {string} words the district
 * @property {string} address
 */

/** How near a single place is shown. */
const ZOOM = 16;

class OptionsMap extends HTMLElement {
  /** @type {import("../../mapping/js/map/map.js").BaseMap | null} */
  #base = null;

  async connectedCallback() {
    const options = /** @type {ShownOption[]} */ (readMapConfig("options-features"));
    const base = await createBaseMap(this, readMapConfig("options-config"), {
      grey: true,
      label: this.dataset.label,
      missing: gettext("Base map not reachable."),
    });
    if (!this.isConnected) {
      base.map.remove();
      return;
    }
    this.#base = base;
    const all = L.featureGroup(options.map(layerOf)).addTo(base.map);
    base.fit(all.getBounds(), ZOOM);
  }

  disconnectedCallback() {
    this.#base?.map.remove();
    this.#base = null;
  }
}

/** @param {ShownOption} option */
function layerOf(option) {
  const className = "option-shape";
  const isArea = option.geometry.type.endsWith("Polygon");
  const layer = L.geoJSON(option.geometry, {
    style: { className, fill: isArea },
    pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 9, className, fill: true }),
  });
  const link = document.createElement("a");
  link.href = option.address;
  link.textContent = option.name;
  const popup = document.createElement("div");
  popup.append(link);
  if (option.words) {
    const words = document.createElement("p");
    words.textContent = option.words;
    popup.append(words);
  }
  const name = document.createElement("span");
  name.textContent = option.name;
  return layer.bindPopup(popup).bindTooltip(name);
}

customElements.define("options-map", OptionsMap);
