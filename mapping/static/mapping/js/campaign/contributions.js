/**
 * The campaign's contributions on the map.
 *
 * Few (up to LIMIT) are loaded once. Many are loaded for a range around the view; where more than MOST_IN_VIEW lie
 * there, squares with the true centre of what they hold come instead, so that a city's ten years of reports stay as
 * light as a week's. Whatever lies too close on the screen becomes one bubble (`bubbles/`).
 */

import { boxOf, Centres } from "../bubbles/centres.js";
import { pageAt, wordsOf } from "../bubbles/entries.js";
import { groupsOf, holds, metresPerPixel, rangeAround, sizeFor } from "../bubbles/grouping.js";
import { Bubbles } from "../bubbles/layer.js";
import { Opening } from "../bubbles/opening.js";
import { Rover } from "../bubbles/rover.js";
import { L } from "../map/leaflet.js";
import { featureLayer } from "../map/markers.js";
import { ApiProblem, fetchJson } from "../site/api.js";

const LIMIT = 1000;
/** Single contributions that are loaded for a view: some 150 kB. */
const MOST_IN_VIEW = 400;
/** Wait this long after the last movement, milliseconds. */
const PATIENCE = 120;
/** Pixels within which markers, or what the server counted, become one bubble. */
const OF_MARKERS = { alone: 16, together: 38 };
const OF_SQUARES = { alone: 52, together: 52 };
/** Contributions of a list of what lies on one spot, a page. */
const AT_ONCE = 40;
const PANE = "contributions";
/** Parameters of the page's address by which the list and the map are filtered, beside categories. */
const NARROWING = new Set(["district", "q", "reply"]);

/** @typedef {import("../bubbles/grouping.js").Group} Group */
/** @typedef {import("../bubbles/grouping.js").Item} Item */
/** @typedef {import("../bubbles/grouping.js").Range} Range */
/**
 * @typedef {object} Shown
 * @property {import("../map/markers.js").FeatureLayer} drawn
 * @property {any} feature
 * @property {boolean} own
 */
/**
 * What was loaded for a range: contributions, or squares of a size.
 * @typedef {{filter: string, range: Range, zoom: number, size: number | null}} Loaded
 */

/**
 * Load the contributions of a page while its map is still being made; null where the map decides which are loaded.
 * @param {import("../campaign.js").Config} config
 * @param {URLSearchParams} query of the page
 * @returns {Promise<any> | null}
 */
export function loadEarly(config, query) {
  if (!config.isPublic || config.isPreview || config.total > LIMIT) return null;
  const loading = fetchJson(urlOfAll(config, narrowedBy(query)));
  loading.catch(() => {}); // Whoever waits for it hears of the problem.
  return loading;
}

/** @param {import("../campaign.js").Config} config @param {URLSearchParams} narrowed */
function urlOfAll(config, narrowed) {
  const query = new URLSearchParams(narrowed);
  query.set("limit", String(LIMIT));
  return `${config.urls.contributions}?${query}`;
}

/** @param {URLSearchParams} query of the page */
function narrowedBy(query) {
  return new URLSearchParams([...query].filter(([name, value]) => NARROWING.has(name) && value !== ""));
}

export class Contributions {
  /**
   * @param {import("../map/map.js").BaseMap} base
   * @param {import("../campaign.js").Config} config
   * @param {{onSelect: (id: string) => void, onHover: (id: string | null) => void}} events
   * @param {Promise<any> | null} early what `loadEarly` began
   */
  constructor(base, config, events, early) {
    this.early = early;
    this.base = base;
    this.map = base.map;
    this.config = config;
    this.events = events;
    this.categories = new Map(config.categories.map((category) => [category.slug, category]));
    this.slugs = config.categories.map(({ slug }) => slug);
    /** @type {Set<string>} slugs of categories; empty: all */
    this.filter = new Set();
    /** The other filters of the list, as parameters of the API. */
    this.narrowed = new URLSearchParams();
    /** @type {Map<string, Shown>} */
    this.shown = new Map();
    const pane = this.map.createPane(PANE);
    this.others = L.layerGroup().addTo(this.map);
    this.own = L.layerGroup().addTo(this.map);
    this.rover = new Rover(this.map, pane, gettext("Contributions on the map"));
    this.bubbles = new Bubbles(this.map, this.rover, config.categories, PANE, (group, element) =>
      this.#openGroup(group, element),
    );
    this.opening = new Opening(base, this.categories, { onSelect: events.onSelect });
    this.centres = new Centres(config.urls.centres, this.slugs);
    /** @type {string | null} */
    this.selected = null;
    /** @type {any} the selected one's feature, where it may not be on the map */
    this.selectedFeature = null;
    /** @type {import("../map/markers.js").FeatureLayer | null} drawn only because it is selected */
    this.guest = null;
    this.isMany = config.total > LIMIT;
    /** @type {any[]} the contributions that are loaded, whatever their category */
    this.features = [];
    /** @type {Item[] | null} squares where there are too many contributions to load each */
    this.squares = null;
    /** @type {Loaded | null} */
    this.loaded = null;
    this.running = new AbortController();
    /** @type {number | undefined} */
    this.waiting = undefined;
    if (!config.isPublic) return;
    this.map.on("zoomend", () => this.#draw());
    if (this.isMany) {
      this.map.on("moveend", () => {
        clearTimeout(this.waiting);
        if (!this.#isCovered()) this.waiting = window.setTimeout(() => this.#loadView(), PATIENCE);
      });
    }
  }

  /** Load what the map shows; called at the start and when something was contributed. */
  async load() {
    await this.loadOwn();
    if (!this.config.isPublic || this.config.isPreview) return;
    if (this.isMany) {
      this.centres.forget();
      this.loaded = null;
      await this.#loadView();
    } else {
      await this.#loadAll();
    }
  }

  async #loadAll() {
    const loading = this.early ?? fetchJson(urlOfAll(this.config, this.narrowed));
    this.early = null;
    this.features = (await loading).features;
    this.#draw();
  }

  /** The visitor's own contributions in whatever status, with a ring. */
  async loadOwn() {
    if (!this.config.hasOwn) return;
    const collection = await fetchJson(this.config.urls.mine);
    for (const [id, { own }] of this.shown) if (own) this.#remove(id);
    for (const feature of collection.features) this.#add(feature, true);
  }

  /**
   * Filter as the list is filtered.
   * @param {URLSearchParams} query the query of the page
   */
  readFilter(query) {
    const before = this.narrowed.toString();
    this.filter = new Set(query.getAll("category"));
    this.narrowed = narrowedBy(query);
    return this.narrowed.toString() !== before;
  }

  /** @param {URLSearchParams} query the query of the page */
  async setFilter(query) {
    const isOther = this.readFilter(query);
    if (isOther) this.early = null;
    if (!this.config.isPublic || this.config.isPreview) return;
    try {
      if (this.isMany) await this.#loadView();
      else if (isOther) await this.#loadAll();
      else this.#draw();
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
    const before = this.shown.get(this.selected ?? "");
    before?.drawn.setSelected(false);
    this.rover.select(before?.drawn.getElement() ?? null, false);
    this.selected = id;
    this.selectedFeature = id ? feature : null;
    this.#showSelected();
  }

  #showSelected() {
    this.guest?.layer.remove();
    this.guest = null;
    const found = this.selected ? this.shown.get(this.selected) : undefined;
    if (found) {
      found.drawn.setSelected(true);
      found.drawn.bringToFront();
      this.rover.select(found.drawn.getElement(), true);
    } else if (this.selectedFeature?.geometry) {
      const category = this.categories.get(this.selectedFeature.properties.category);
      if (!category) return;
      this.guest = featureLayer(this.selectedFeature.geometry, category, { selected: true });
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

  /** @returns {Range} */
  get #view() {
    const view = this.map.getBounds();
    return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
  }

  /** The filter as parameters of the API. */
  get #query() {
    const query = new URLSearchParams(this.narrowed);
    if (this.filter.size > 0) query.set("category", [...this.filter].join());
    return query;
  }

  get #size() {
    return sizeFor(metresPerPixel(this.map.getCenter().lat, this.map.getZoom()));
  }

  /** Whether what is loaded shows all of the view. */
  #isCovered() {
    if (!this.loaded) return false;
    const { filter, range, zoom, size } = this.loaded;
    const isFine = size === null || (size === this.#size && zoom === this.map.getZoom());
    return filter === this.#query.toString() && holds(range, this.#view) && isFine;
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
    const filter = this.#query;
    const zoom = this.map.getZoom();
    const range = rangeAround(this.#view, zoom);
    const size = this.#size;
    const squares = await this.centres.get(size, range, filter);
    if (signal.aborted) return;
    const number = squares.reduce((sum, { counts }) => sum + counts.reduce((all, count) => all + count, 0), 0);
    if (number <= MOST_IN_VIEW) {
      const query = new URLSearchParams(filter);
      query.set("bbox", boxOf(range));
      query.set("limit", String(LIMIT));
      const { features, matched } = await pageAt(`${this.config.urls.contributions}?${query}`, signal);
      if (signal.aborted) return;
      if (matched !== undefined && matched <= features.length) {
        this.features = features;
        this.squares = null;
        this.loaded = { filter: filter.toString(), range, zoom, size: null };
        this.#draw();
        return;
      }
    }
    this.features = [];
    this.squares = squares;
    this.loaded = { filter: filter.toString(), range, zoom, size };
    this.#draw();
  }

  /** Draw what is loaded as the zoom of the map allows. */
  #draw() {
    const zoom = this.map.getZoom();
    if (this.squares) {
      this.#showEach([]);
      const groups = groupsOf(this.squares, zoom, OF_SQUARES);
      // After going in, those far outside are not drawn until what is finer has come.
      const around = this.map.getBounds().pad(0.5);
      const isOld = zoom !== this.loaded?.zoom;
      this.bubbles.show(isOld ? groups.filter(({ lon, lat }) => around.contains([lat, lon])) : groups);
    } else {
      const chosen = this.features.filter(
        ({ id, geometry, properties }) =>
          geometry &&
          (this.filter.size === 0 || this.filter.has(properties.category)) &&
          this.categories.has(properties.category) &&
          !this.shown.get(id)?.own,
      );
      const byId = new Map(chosen.map((feature) => [feature.id, feature]));
      const points = chosen.filter(({ geometry }) => geometry.type === "Point");
      const groups = groupsOf(
        points.map((feature) => this.#itemOf(feature)),
        zoom,
        OF_MARKERS,
      );
      const alone = groups.filter(({ total }) => total === 1).map(({ key }) => byId.get(key));
      this.#showEach([...chosen.filter(({ geometry }) => geometry.type !== "Point"), ...alone]);
      this.bubbles.show(groups.filter(({ total }) => total > 1));
    }
    if (this.selected) this.#showSelected();
  }

  /**
   * @param {any} feature a point
   * @returns {Item}
   */
  #itemOf(feature) {
    const [lon, lat] = feature.geometry.coordinates;
    const counts = this.slugs.map((slug) => (slug === feature.properties.category ? 1 : 0));
    return { key: feature.id, lon, lat, counts };
  }

  /** @param {any[]} features */
  #showEach(features) {
    const keep = new Set(features.map(({ id }) => id));
    for (const [id, { own }] of this.shown) if (!own && !keep.has(id)) this.#remove(id);
    for (const feature of features) if (!this.shown.has(feature.id)) this.#add(feature, false);
  }

  /** @param {string} id */
  #remove(id) {
    const before = this.shown.get(id);
    if (!before) return;
    const element = before.drawn.getElement();
    if (element) this.rover.remove(element);
    (before.own ? this.own : this.others).removeLayer(before.drawn.layer);
    this.shown.delete(id);
  }

  /**
   * @param {any} feature
   * @param {boolean} own
   */
  #add(feature, own) {
    const category = this.categories.get(feature.properties.category);
    if (!feature.geometry || !category) return;
    this.#remove(feature.id);
    const drawn = featureLayer(feature.geometry, category, {
      own,
      pending: own && feature.properties.status === "pending",
      pane: PANE,
    });
    const open = () => {
      const others = [...this.shown.values()].map((shown) => shown.feature);
      this.opening.one(feature, others, drawn.getElement());
    };
    drawn.layer.on("click", open);
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
    const element = drawn.getElement();
    if (element) this.rover.add(element, wordsOf(feature, category), { place: drawn.getBounds().getCenter(), open });
    if (feature.id === this.selected) drawn.setSelected(true);
  }

  /**
   * @param {Group} group
   * @param {HTMLElement | null} element
   */
  #openGroup(group, element) {
    if (this.squares) {
      const query = this.#query;
      query.set("bbox", boxOf(this.#view));
      query.set("limit", String(AT_ONCE));
      this.opening.squares(group, `${this.config.urls.contributions}?${query}`, element);
    } else {
      const keys = new Set(group.items.map(({ key }) => key));
      const features = this.features.filter(({ id }) => keys.has(id));
      this.opening.group(group, features, OF_MARKERS.alone, element);
    }
  }
}
