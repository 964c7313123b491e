/** Maps of what a page lists: an element each, which shows the shapes of a JSON block. */

import { createBaseMap, readMapConfig } from "./map.js";
import { L } from "./whole-leaflet.js";

/**
 * @template Shape
 * @typedef {object} Shapes
 * @property {string} features the id of the JSON block with the shapes
 * @property {string} config the id of the one with the map's configuration
 * @property {boolean} [isGrey] whether the ground is pale, so that colours of shapes are read
 * @property {number} [closest] zoom at which a single place is shown
 * @property {(shapes: Shape[]) => import("leaflet").Layer[]} layersOf in the order in which they are drawn
 */

/**
 * Define an element that shows shapes on a map.
 * @template Shape
 * @param {string} tag
 * @param {Shapes<Shape>} shapes
 */
export function defineShapesMap(tag, { features, config, isGrey = false, closest = 16, layersOf }) {
  class ShapesMap extends HTMLElement {
    /** @type {import("./map.js").BaseMap | null} */
    #base = null;

    async connectedCallback() {
      this.hidden = false;
      const base = await createBaseMap(this, readMapConfig(config), {
        grey: isGrey,
        label: this.dataset.label,
        missing: gettext("Base map not reachable."),
      });
      if (!this.isConnected) {
        base.map.remove();
        return;
      }
      this.#base = base;
      const all = L.featureGroup(layersOf(readMapConfig(features))).addTo(base.map);
      base.fit(all.getBounds(), closest);
    }

    disconnectedCallback() {
      this.#base?.map.remove();
      this.#base = null;
    }
  }
  customElements.define(tag, ShapesMap);
}

/**
 * A shape that a tap names and leads on from.
 * @param {{geometry: import("geojson").Geometry, name: string, address: string, words: string}} shape
 * @param {string} className
 */
export function linkedShape({ geometry, name, address, words }, className) {
  const layer = L.geoJSON(geometry, {
    style: { className, fill: geometry.type.endsWith("Polygon") },
    pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 9, className, fill: true }),
  });
  const link = document.createElement("a");
  link.href = address;
  link.textContent = name;
  const popup = document.createElement("div");
  popup.append(link);
  if (words) {
    const paragraph = document.createElement("p");
    paragraph.textContent = words;
    popup.append(paragraph);
  }
  const title = document.createElement("span");
  title.textContent = name;
  return layer.bindPopup(popup).bindTooltip(title);
}
