/**
 * The campaign's contributions on the map.
 *
 * Few (up to LIMIT) are loaded once. Many are loaded for the view; where more than LIMIT lie in the view, counts per
 * square are shown instead, so that a city's ten years of reports stay as light as a week's.
 */

import { ApiProblem, fetchJson } from "./api.js";
import { CellCounts, sizeFor } from "./cells.js";
import { L } from "./leaflet.js";
import { featureLayer } from "./markers.js";

const LIMIT = 1000;
/** Wait this long after the last movement, milliseconds. */
const PATIENCE = 180;
/** Parameters of the page's address by which the list and the map are filtered, beside categories. */
const NARROWING = new Set(["district", "q", "reply"]);

/**
 * @typedef {object} Shown
 * @property {import("./markers.js").FeatureLayer} drawn
 * @property {any} feature
 * @property {boolean} own
 */

export class Contributions {
  /**
   * @param {import("./map.js").BaseMap} base
   * @param {import("./campaign.js").Config} config
   * @param {{onSelect: (id: string) => void, onHover: (id: string | null) => void}} events
   */
  constructor(base, config, events) {
    this.base = base;
    this.map = base.map;
    this.config = config;
    this.events = events;
    this.categories = new Map(config.categories.map((category) => [category.slug, category]));
    /** @type {Set<string>} slugs of categories; empty: all */
    this.filter = new Set();
    /** The other filters of the list, as parameters of the API. */
    this.narrowed = new URLSearchParams();
    /** @type {Map<string, Shown>} */
    this.shown = new Map();
    this.others = L.layerGroup().addTo(this.map);
    this.own = L.layerGroup().addTo(this.map);
    this.bubbles = L.layerGroup().addTo(this.map);
    this.cells = new CellCounts(config.urls.heatmap);
    /** @type {string | null} */
    this.selected = null;
    /** @type {import("./markers.js").FeatureLayer | null} drawn only because it is selected */
    this.guest = null;
    this.isMany = config.total > LIMIT;
    /** @type {any[] | null} */
    this.all = null;
    this.running = new AbortController();
    /** @type {number | undefined} */
    this.waiting = undefined;
    if (config.isPublic && this.isMany) {
      this.map.on("moveend", () => {
        clearTimeout(this.waiting);
        this.waiting = window.setTimeout(() => this.#loadView(), PATIENCE);
      });
    }
  }

  /** Load what the map shows; called at the start and when something was contributed. */
  async load() {
    await this.loadOwn();
    if (!this.config.isPublic || this.config.isPreview) return;
    if (this.isMany) {
      this.cells.forget();
      await this.#loadView();
    } else {
      await this.#loadAll();
    }
  }

  async #loadAll() {
    const query = new URLSearchParams(this.narrowed);
    query.set("limit", String(LIMIT));
    const collection = await fetchJson(`${this.config.urls.contributions}?${query}`);
    this.all = collection.features;
    this.#draw(this.all ?? []);
  }

  /** The visitor's own contributions in whatever status, with a ring. */
  async loadOwn() {
    if (!this.config.hasOwn) return;
    const collection = await fetchJson(this.config.urls.mine);
    this.own.clearLayers();
    for (const [id, { own }] of this.shown) if (own) this.shown.delete(id);
    for (const feature of collection.features) this.#add(feature, true);
  }

  /**
   * Filter as the list is filtered.
   * @param {URLSearchParams} query the query of the page
   */
  readFilter(query) {
    const before = this.narrowed.toString();
    this.filter = new Set(query.getAll("category"));
    this.narrowed = new URLSearchParams([...query].filter(([name, value]) => NARROWING.has(name) && value !== ""));
    return this.narrowed.toString() !== before;
  }

  /** @param {URLSearchParams} query the query of the page */
  async setFilter(query) {
    const isOther = this.readFilter(query);
    if (!this.config.isPublic || this.config.isPreview) return;
    try {
      if (this.isMany) await this.#loadView();
      else if (isOther) await this.#loadAll();
      else this.#draw(this.all ?? []);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
    }
  }

  /**
   * Mark one as selected; one that is not on the map at the moment is drawn for as long as it is selected.
   * @param {string | null} id
   * @param {any} [feature] its feature, where it may not be on the map
   */
  select(id, feature) {
    this.shown.get(this.selected ?? "")?.drawn.setSelected(false);
    this.guest?.layer.remove();
    this.guest = null;
    this.selected = id;
    const found = id ? this.shown.get(id) : undefined;
    if (found) {
      found.drawn.setSelected(true);
      found.drawn.bringToFront();
    } else if (id && feature?.geometry) {
      const category = this.categories.get(feature.properties.category);
      if (!category) return;
      this.guest = featureLayer(feature.geometry, category, { selected: true });
      this.guest.layer.addTo(this.map);
      this.guest.setSelected(true);
    }
  }

  /**
   * Raise one for a moment (the pointer is over its entry in the list).
   * @param {string} id
   * @param {boolean} raised
   */
  raise(id, raised) {
    if (id !== this.selected) this.shown.get(id)?.drawn.setSelected(raised);
  }

  /** @param {string} id */
  boundsOf(id) {
    return this.shown.get(id)?.drawn.getBounds() ?? (id === this.selected ? this.guest?.getBounds() : undefined);
  }

  async #loadView() {
    this.running.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    try {
      await this.#showView(signal);
    } catch (error) {
      if (signal.aborted || error instanceof ApiProblem) return; // The next movement tries again.
      throw error;
    }
  }

  /** @param {AbortSignal} signal */
  async #showView(signal) {
    const view = this.map.getBounds();
    const size = sizeFor(metresPerPixel(this.map));
    const filter = new URLSearchParams(this.narrowed);
    if (this.filter.size > 0) filter.set("category", [...this.filter].join());
    const counted = await this.cells.get(size, filter.toString());
    const cells = counted.filter(({ lon, lat }) => view.pad(0.1).contains([lat, lon]));
    if (signal.aborted) return;
    const inView = cells.reduce((sum, { count }) => sum + count, 0);
    if (inView <= LIMIT) {
      const box = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((degree) => degree.toFixed(6));
      const query = new URLSearchParams(filter);
      query.set("bbox", box.join());
      query.set("limit", String(LIMIT));
      const collection = await fetchJson(`${this.config.urls.contributions}?${query}`, { signal });
      if (signal.aborted) return;
      if (collection.numberMatched <= collection.numberReturned) {
        this.bubbles.clearLayers();
        this.#draw(collection.features);
        return;
      }
    }
    this.#draw([]);
    this.#drawBubbles(cells);
  }

  /** @param {any[]} features */
  #draw(features) {
    const keep = new Set();
    for (const feature of features) {
      if (this.filter.size > 0 && !this.filter.has(feature.properties.category)) continue;
      keep.add(feature.id);
      if (!this.shown.has(feature.id)) this.#add(feature, false);
    }
    for (const [id, { drawn, own }] of this.shown) {
      if (own || keep.has(id)) continue;
      this.others.removeLayer(drawn.layer);
      this.shown.delete(id);
    }
  }

  /**
   * @param {any} feature
   * @param {boolean} own
   */
  #add(feature, own) {
    const category = this.categories.get(feature.properties.category);
    if (!feature.geometry || !category) return;
    const before = this.shown.get(feature.id);
    if (before) this.others.removeLayer(before.drawn.layer);
    const drawn = featureLayer(feature.geometry, category, {
      own,
      pending: own && feature.properties.status === "pending",
    });
    drawn.layer.on("click", () => this.events.onSelect(feature.id));
    drawn.layer.on("mouseover", () => {
      this.raise(feature.id, true);
      this.events.onHover(feature.id);
    });
    drawn.layer.on("mouseout", () => {
      this.raise(feature.id, false);
      this.events.onHover(null);
    });
    drawn.layer.addTo(own ? this.own : this.others);
    this.shown.set(feature.id, { drawn, feature, own });
    if (feature.id === this.selected) drawn.setSelected(true);
  }

  /** @param {import("./cells.js").Cell[]} cells */
  #drawBubbles(cells) {
    this.bubbles.clearLayers();
    const most = Math.max(1, ...cells.map(({ count }) => count));
    const language = document.documentElement.lang || "de";
    for (const { lon, lat, count } of cells) {
      const html = document.createElement("span");
      html.className = "bubble__count";
      html.textContent = count.toLocaleString(language, { notation: count >= 10_000 ? "compact" : "standard" });
      const words = html.textContent.length * 7 + 12;
      const diameter = Math.max(words, 26 + Math.round(24 * Math.sqrt(count / most)));
      const icon = L.divIcon({ className: "bubble", html, iconSize: [diameter, diameter] });
      L.marker([lat, lon], { icon, keyboard: false })
        .on("click", () => this.base.show([lat, lon], Math.min(20, this.map.getZoom() + 2)))
        .addTo(this.bubbles);
    }
  }
}

/** @param {import("leaflet").Map} map */
function metresPerPixel(map) {
  const latitude = (map.getCenter().lat * Math.PI) / 180;
  return (40_075_016.7 * Math.cos(latitude)) / (256 * 2 ** map.getZoom());
}
