/** Counts per square of EPSG:3035, from the compact heat map, as places in longitude and latitude. */

import { fetchJson } from "./api.js";
import { loadScript, staticUrl } from "./leaflet.js";

/** ETRS89-LAEA (EPSG:3035), as the EPSG registry defines it. */
const LAEA = "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs";

/** Sizes that the server counts in, metres. */
const SERVED = [100, 200, 500, 1000, 5000, 10000];
/** Sizes shown; those that the server does not count in are put together here from smaller ones. */
const SHOWN = [100, 200, 500, 1000, 2000, 5000, 10000, 20_000, 50_000, 100_000, 200_000];
/** A square is at least this wide on the screen, so that its bubble does not touch the next. */
const WIDTH = 52;

/**
 * @typedef {object} Cell
 * @property {number} lon middle of the square
 * @property {number} lat
 * @property {number} count contributions
 */

/** @type {Promise<(place: [number, number]) => [number, number]> | null} */
let projection = null;

/** @returns {Promise<(place: [number, number]) => [number, number]>} from metres to lon/lat */
function toLonLat() {
  projection ??= loadScript(staticUrl("vendor/proj4/proj4.js")).then(() => {
    // @ts-expect-error -- a classic script's global
    const { forward } = globalThis.proj4(LAEA, "WGS84");
    return forward;
  });
  return projection;
}

/**
 * The size of squares that suits a zoom of the map.
 * @param {number} metresPerPixel
 */
export function sizeFor(metresPerPixel) {
  return SHOWN.find((size) => size / metresPerPixel >= WIDTH) ?? SHOWN[SHOWN.length - 1];
}

export class CellCounts {
  /** @param {string} url the heat map's address */
  constructor(url) {
    this.url = url;
    /** @type {Map<string, Promise<Cell[]>>} */
    this.known = new Map();
  }

  /**
   * @param {number} size metres, one of SHOWN
   * @param {string} filter parameters of the filter; empty: all
   * @returns {Promise<Cell[]>}
   */
  get(size, filter) {
    const key = `${size} ${filter}`;
    let cells = this.known.get(key);
    if (!cells) {
      cells = this.#load(size, filter);
      cells.catch(() => this.known.delete(key));
      this.known.set(key, cells);
    }
    return cells;
  }

  forget() {
    this.known.clear();
  }

  /** @param {number} size @param {string} filter */
  async #load(size, filter) {
    const served = SERVED.findLast((one) => size % one === 0) ?? SERVED[0];
    const query = new URLSearchParams(filter);
    for (const [name, value] of [
      ["grid", "square"],
      ["size", String(served)],
      ["f", "compact"],
    ])
      query.set(name, value);
    const [heatmap, project] = await Promise.all([fetchJson(`${this.url}?${query}`), toLonLat()]);
    /** @type {Map<string, [number, number, number]>} */
    const merged = new Map();
    for (const [east, north, count] of heatmap.cells) {
      const corner = [Math.floor(east / size) * size, Math.floor(north / size) * size];
      const key = corner.join();
      const before = merged.get(key)?.[2] ?? 0;
      merged.set(key, [corner[0], corner[1], before + count]);
    }
    return [...merged.values()].map(([east, north, count]) => {
      const [lon, lat] = project([east + size / 2, north + size / 2]);
      return { lon, lat, count };
    });
  }
}
