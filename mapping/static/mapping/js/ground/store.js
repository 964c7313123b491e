/** Tiles of the ground, each fetched and decoded once, however many parts of the map show it. */

import { keyOf, urlOf } from "./address.js";

/** @typedef {import("./address.js").Address} Address */
/** @typedef {import("./decoding.js").Tile} Tile */
/**
 * @typedef {object} Entry
 * @property {Promise<Tile | null>} loading
 * @property {Tile | null | undefined} tile undefined: not here yet
 * @property {AbortController} control
 * @property {number} users parts of the map that show it
 */

/** So many tiles stay decoded that no part of the map shows. */
const SPARE = 64;

export class TileStore {
  /** @type {Map<string, Entry>} those used last at the end */
  #entries = new Map();

  /**
   * @param {string} template address of tiles
   * @param {(bytes: ArrayBuffer) => Tile} decode
   * @param {(url: string, options: {signal: AbortSignal}) => Promise<Response>} [load]
   */
  constructor(template, decode, load = (url, options) => fetch(url, options)) {
    this.template = template;
    this.decode = decode;
    this.load = load;
  }

  /**
   * A tile for a part of the map, which gives it back by `release`.
   * @param {Address} address
   * @returns {Promise<Tile | null>} null: nothing lies there
   * @throws {Error} where it cannot be fetched or read; the next use tries again
   */
  use(address) {
    const key = keyOf(address);
    const entry = this.#entries.get(key) ?? this.#begin(address);
    entry.users += 1;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.loading;
  }

  /** @param {Address} address */
  release(address) {
    const key = keyOf(address);
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    if (entry.tile === undefined) {
      entry.control.abort();
      this.#entries.delete(key);
    } else this.#forget();
  }

  /**
   * @param {Address} address
   * @returns {Tile | null} null: empty, or not here
   */
  get(address) {
    return this.#entries.get(keyOf(address))?.tile ?? null;
  }

  /** @param {Address} address */
  #begin(address) {
    const control = new AbortController();
    const loading = this.#fetch(address, control.signal);
    /** @type {Entry} */
    const entry = { loading, tile: undefined, control, users: 0 };
    loading.then(
      (tile) => {
        entry.tile = tile;
      },
      () => {
        if (this.#entries.get(keyOf(address)) === entry) this.#entries.delete(keyOf(address));
      },
    );
    return entry;
  }

  /**
   * @param {Address} address
   * @param {AbortSignal} signal
   */
  async #fetch(address, signal) {
    const answer = await this.load(urlOf(this.template, address), { signal });
    if (!answer.ok) throw new Error(`the ground answered ${answer.status}`);
    return answer.status === 204 ? null : this.decode(await answer.arrayBuffer());
  }

  #forget() {
    const spare = [...this.#entries].filter(([, { users }]) => users === 0);
    for (const [key] of spare.slice(0, Math.max(0, spare.length - SPARE))) this.#entries.delete(key);
  }
}
