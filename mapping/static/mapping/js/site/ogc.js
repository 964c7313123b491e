/**
 * `<ogc-items>`: the map beside a table of the OGC API's items. Row and place highlight each other; without this
 * script the table stands for itself. What is drawn comes in the JSON block `ogc-picture`.
 */

import { createBaseMap, readMapConfig } from "../map/map.js";
import { featureLayer } from "../map/markers.js";
import { L } from "../map/whole-leaflet.js";

/**
 * @typedef {object} Picture
 * @property {{id: string, geometry: import("geojson").Geometry, look: string}[]} features
 * @property {Record<string, import("../map/markers.js").CategoryLook>} looks by name; cells name a class of heat instead
 * @property {[number, number, number, number] | null} [extent] shown where there are no features
 */

/** Closer than this a single place is not shown at once. */
const CLOSEST = 16;

class OgcItems extends HTMLElement {
  /** @type {import("../map/map.js").BaseMap | null} */
  #base = null;
  /** @type {Map<string, import("../map/markers.js").FeatureLayer>} */
  #drawn = new Map();
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  #chosen = "";

  connectedCallback() {
    const stage = /** @type {HTMLElement | null} */ (this.querySelector("[data-map]"));
    /** @type {Picture} */
    const picture = readMapConfig("ogc-picture");
    if (stage && (picture.features.length > 0 || picture.extent)) this.#start(stage, picture);
  }

  /** @param {HTMLElement} stage @param {Picture} picture */
  async #start(stage, picture) {
    stage.hidden = false;
    this.classList.add("is-live");
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-item]"))) {
      this.#rows.set(row.dataset.item ?? "", row);
    }
    const base = await createBaseMap(stage, readMapConfig("map-config"), {
      grey: picture.features.some(({ look }) => look.startsWith("heat-")),
      missing: gettext("Base map not reachable."),
    });
    this.#base = base;
    if (picture.extent && picture.features.length === 0) {
      const [west, south, east, north] = picture.extent;
      const bounds = L.latLngBounds([south, west], [north, east]);
      L.rectangle(bounds, { className: "ogc-extent", interactive: false }).addTo(base.map);
      base.fit(bounds);
    } else {
      this.#draw(base, picture);
    }
    this.#listen();
    this.classList.add("is-ready");
  }

  /** @param {import("../map/map.js").BaseMap} base @param {Picture} picture */
  #draw(base, picture) {
    const bounds = L.latLngBounds([]);
    for (const { id, geometry, look } of picture.features) {
      const drawn = look.startsWith("heat-") ? cellLayer(geometry, look) : placeLayer(geometry, picture.looks[look]);
      drawn.layer.addTo(base.map);
      drawn.layer.on("click", () => this.#choose(id, true));
      drawn.layer.on("mouseover", () => this.#raise(id, true));
      drawn.layer.on("mouseout", () => this.#raise(id, false));
      bounds.extend(drawn.getBounds());
      this.#drawn.set(id, drawn);
    }
    if (bounds.isValid()) base.fit(bounds, CLOSEST);
    if (this.#rows.size === 0) for (const drawn of this.#drawn.values()) drawn.setSelected(true);
  }

  #listen() {
    for (const [id, row] of this.#rows) {
      const drawn = this.#drawn.get(id);
      if (!drawn) continue;
      const set = (/** @type {boolean} */ raised) => drawn.setSelected(raised || id === this.#chosen);
      row.addEventListener("pointerenter", () => set(true));
      row.addEventListener("pointerleave", () => set(false));
      row.addEventListener("focusin", () => set(true));
      row.addEventListener("focusout", () => set(false));
      row.addEventListener("click", (event) => {
        if (event.target instanceof Element && event.target.closest("a")) return;
        this.#choose(id, false);
      });
    }
  }

  /**
   * @param {string} id
   * @param {boolean} fromMap then the table moves, else the map
   */
  #choose(id, fromMap) {
    this.#rows.get(this.#chosen)?.classList.remove("is-chosen");
    this.#drawn.get(this.#chosen)?.setSelected(false);
    this.#chosen = id;
    const row = this.#rows.get(id);
    const drawn = this.#drawn.get(id);
    row?.classList.add("is-chosen");
    drawn?.setSelected(true);
    if (fromMap) row?.scrollIntoView({ block: "nearest", inline: "nearest" });
    else if (drawn && this.#base) this.#base.fit(drawn.getBounds(), Math.max(this.#base.map.getZoom(), CLOSEST - 1));
  }

  /** @param {string} id @param {boolean} raised */
  #raise(id, raised) {
    this.#rows.get(id)?.classList.toggle("is-raised", raised);
  }
}

/**
 * A place in the look of its category; whatever has none is drawn grey.
 * @param {import("geojson").Geometry} geometry
 * @param {import("../map/markers.js").CategoryLook | undefined} look
 */
function placeLayer(geometry, look) {
  return featureLayer(geometry, look ?? { slug: "", title: "", marker: "circle", colour: "grey" });
}

/**
 * @param {import("geojson").Geometry} geometry
 * @param {string} look `heat-1` to `heat-5`
 * @returns {import("../map/markers.js").FeatureLayer}
 */
function cellLayer(geometry, look) {
  const layer = L.geoJSON(geometry, { style: { className: `ogc-cell ${look}` } });
  return {
    layer,
    bringToFront: () => layer.bringToFront(),
    getBounds: () => layer.getBounds(),
    getElement: () => null,
    setSelected(selected) {
      layer.eachLayer((path) => {
        /** @type {import("leaflet").Path} */ (path).getElement()?.classList.toggle("is-selected", selected);
      });
    },
  };
}

customElements.define("ogc-items", OgcItems);
