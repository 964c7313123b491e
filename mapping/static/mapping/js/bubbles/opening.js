/** What a tap or Enter on the map opens: a contribution, what a bubble holds, or the list of what lies on one spot. */

import { L } from "../map/leaflet.js";
import { ApiProblem } from "../site/api.js";
import { loadWords } from "../site/words.js";
import { pageAt } from "./entries.js";
import { spreadOf } from "./grouping.js";

/** @typedef {import("./grouping.js").Group} Group */

/** Markers this close lie on the same spot, pixels. */
const SAME_SPOT = 10;
/** How many levels a tap on a bubble goes in. */
const STEP_IN = 2;

export class Opening {
  /**
   * @param {import("../map/map.js").BaseMap} base
   * @param {Map<string, import("../map/markers.js").CategoryLook>} categories
   * @param {{onSelect: (id: string) => void}} events
   */
  constructor(base, categories, events) {
    this.base = base;
    this.categories = categories;
    this.events = events;
    /** @type {import("./same-spot.js").SameSpot | null} fetched when the first list is opened */
    this.sameSpot = null;
  }

  /**
   * Open a contribution, or the list of those whose markers cover each other.
   * @param {any} feature
   * @param {any[]} others that have a marker, the contribution among them
   * @param {HTMLElement | null} element
   */
  one(feature, others, element) {
    const zoom = this.base.map.getZoom();
    const near = others.filter(
      (other) => isPoint(feature) && isPoint(other) && spreadOf([at(feature), at(other)], zoom) < SAME_SPOT,
    );
    if (near.length > 1) this.#list(placeOf(at(feature)), { features: near, next: null }, element);
    else this.events.onSelect(feature.id);
  }

  /**
   * Go in until the contributions of a bubble lie apart, or list them where they never do.
   * @param {Group} group
   * @param {any[]} features those it holds
   * @param {number} apart pixels from which on they do not become one bubble
   * @param {HTMLElement | null} element
   */
  group(group, features, apart, element) {
    const { map } = this.base;
    const [zoom, deepest] = [map.getZoom(), map.getMaxZoom()];
    if (zoom >= deepest || spreadOf(group.items, deepest) < apart) {
      this.#list(placeOf(group), { features, next: null }, element);
      return;
    }
    const bounds = L.latLngBounds(group.items.map(placeOf));
    const fitting = map.getBoundsZoom(bounds, false, L.point(120, 120));
    this.base.show(bounds.getCenter(), Math.min(deepest, Math.max(zoom + 1, fitting)));
  }

  /**
   * Go in to squares, or list what lies in the view where the map goes no further.
   * @param {Group} group
   * @param {string} url of the contributions in the view
   * @param {HTMLElement | null} element
   */
  async squares(group, url, element) {
    const { map } = this.base;
    const [zoom, deepest] = [map.getZoom(), map.getMaxZoom()];
    if (zoom < deepest) {
      this.base.show(placeOf(group), Math.min(deepest, zoom + STEP_IN));
      return;
    }
    try {
      this.#list(placeOf(group), await pageAt(url), element);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error; // The next tap tries again.
    }
  }

  /**
   * @param {import("leaflet").LatLng} place
   * @param {import("./entries.js").Found} found
   * @param {HTMLElement | null} opener gets the focus back
   */
  async #list(place, found, opener) {
    if (!this.sameSpot) {
      const [fetched] = await Promise.all([import("./same-spot.js"), loadWords()]).catch(() => [null]);
      // Without a network: the first of them, rather than nothing.
      if (!fetched) return this.events.onSelect(found.features[0].id);
      this.sameSpot ??= new fetched.SameSpot(this.base.map, this.categories, this.events);
    }
    this.sameSpot.open(place, found, opener);
  }
}

/** @param {any} feature */
function isPoint(feature) {
  return feature.geometry?.type === "Point";
}

/** @param {any} feature a point */
function at(feature) {
  const [lon, lat] = feature.geometry.coordinates;
  return { lon, lat };
}

/** @param {{lon: number, lat: number}} place */
function placeOf({ lon, lat }) {
  return L.latLng(lat, lon);
}
