/** Squares with the true centre of what they hold, counted by category, as the server knows them. */

import { fetchJson } from "../site/api.js";

/** @typedef {import("./grouping.js").Item} Item */
/** @typedef {import("./grouping.js").Range} Range */

/** Answers that are kept: some zooms and the way back. */
const KEPT = 12;

export class Centres {
  /**
   * @param {string} url
   * @param {string[]} slugs of the campaign's categories, in their order
   */
  constructor(url, slugs) {
    this.url = url;
    this.slugs = slugs;
    /** @type {Map<string, Promise<Item[]>>} */
    this.known = new Map();
  }

  /**
   * @param {number} size edge of the squares, metres
   * @param {Range} range
   * @param {URLSearchParams} filter
   * @returns {Promise<Item[]>}
   */
  get(size, range, filter) {
    const query = new URLSearchParams(filter);
    query.set("size", String(size));
    query.set("bbox", boxOf(range));
    const key = query.toString();
    let items = this.known.get(key);
    if (items) this.known.delete(key);
    else {
      items = this.#load(key);
      items.catch(() => this.known.delete(key));
    }
    this.known.set(key, items); // the last one asked for stands last
    for (const oldest of this.known.keys()) {
      if (this.known.size <= KEPT) break;
      this.known.delete(oldest);
    }
    return items;
  }

  forget() {
    this.known.clear();
  }

  /** @param {string} query */
  async #load(query) {
    return itemsOf(await fetchJson(`${this.url}?${query}`), this.slugs);
  }
}

/**
 * @param {{categories: string[], centres: number[][]}} answer
 * @param {string[]} slugs
 * @returns {Item[]}
 */
export function itemsOf(answer, slugs) {
  const positions = answer.categories.map((slug) => slugs.indexOf(slug));
  return answer.centres.map(([lon, lat, ...numbers]) => {
    const counts = slugs.map(() => 0);
    for (const [index, count] of numbers.entries()) if (positions[index] >= 0) counts[positions[index]] = count;
    return { key: `${lon} ${lat} ${counts}`, lon, lat, counts };
  });
}

/**
 * A range as a parameter of the API.
 * @param {Range} range
 */
export function boxOf(range) {
  return range.map((degree) => degree.toFixed(6)).join();
}
