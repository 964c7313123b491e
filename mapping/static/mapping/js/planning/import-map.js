/** `<import-map data-config data-places>`: where the first rows of an uploaded file lie. */

import { createBaseMap, readMapConfig } from "../map/map.js";
import { L } from "../map/whole-leaflet.js";
import { fetchJson } from "../site/api.js";

class ImportMap extends HTMLElement {
  /** @type {import("../map/map.js").BaseMap | null} */
  #base = null;

  async connectedCallback() {
    const { config = "", places = "" } = this.dataset;
    const [base, collection] = await Promise.all([
      createBaseMap(this, readMapConfig(config), {
        grey: true,
        label: gettext("Map of the first rows of the file"),
        missing: gettext("Base map not reachable."),
      }),
      fetchJson(places).catch(() => null),
    ]);
    if (!this.isConnected) {
      base.map.remove();
      return;
    }
    this.#base = base;
    if (collection) show(base.map, collection);
    this.dataset.ready = "";
  }

  disconnectedCallback() {
    this.#base?.map.remove();
    this.#base = null;
  }
}

/**
 * Points as small circles, lines and areas as they are; a tap tells the row.
 * @param {import("leaflet").Map} map
 * @param {import("geojson").FeatureCollection} collection
 */
function show(map, collection) {
  L.geoJSON(collection, {
    pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 4 }),
    style: (feature) => ({ className: `preview-place preview-place--${kindOf(feature?.geometry.type ?? "")}` }),
    onEachFeature: (feature, layer) => {
      layer.bindTooltip(interpolate(gettext("Row %s"), [String(feature.properties?.row ?? "")]));
    },
  }).addTo(map);
}

/** @param {string} type a type of GeoJSON */
function kindOf(type) {
  if (type.endsWith("Point")) return "point";
  return type.endsWith("LineString") ? "line" : "area";
}

customElements.define("import-map", ImportMap);
