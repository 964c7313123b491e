/** What the site's modules expect of the page around them, as far as their pure functions need it. */

import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** A classic script of the pages: EPSG:3035 and back. */
export const proj4 = load("proj4");

/** Counts by the language of the test: English. */
export function standIn() {
  Object.assign(globalThis, {
    proj4,
    document: { documentElement: { lang: "en" } },
    gettext: (/** @type {string} */ text) => text,
    ngettext: (/** @type {string} */ one, /** @type {string} */ many, /** @type {number} */ count) =>
      count === 1 ? one : many,
    interpolate: (/** @type {string} */ format, /** @type {unknown[]} */ values) =>
      values.reduce((/** @type {string} */ text, value) => text.replace("%s", String(value)), format),
  });
}

/**
 * Numbers that look random and are the same in each run (mulberry32).
 * @param {number} seed
 * @returns {() => number} from 0 up to 1
 */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
