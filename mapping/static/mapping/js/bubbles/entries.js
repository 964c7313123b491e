/** Contributions as entries of a list: a page of them, and what one is about in few words. */

import { fetchJson } from "../site/api.js";

/** Characters of a text. */
const LONGEST = 90;

/**
 * @typedef {object} Found contributions and, where there are more, how to get them
 * @property {any[]} features
 * @property {string | null} next
 */

/**
 * A page of contributions.
 * @param {string} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<Found & {matched: number | undefined}>}
 */
export async function pageAt(url, signal) {
  const collection = await fetchJson(url, { signal });
  const link = collection.links?.find((/** @type {{rel: string}} */ { rel }) => rel === "next");
  // Of the same site, whatever name a proxy gave it.
  const next = link ? new URL(link.href, location.href) : null;
  return {
    features: collection.features,
    next: next && next.pathname + next.search,
    matched: collection.numberMatched,
  };
}

/**
 * What a contribution is about: its topic and the beginning of what it says.
 * @param {any} feature
 * @param {import("../map/markers.js").CategoryLook | undefined} category
 */
export function wordsOf(feature, category) {
  const { title, text } = feature.properties;
  const said = (title || text || "").trim();
  const short = said.length > LONGEST ? `${said.slice(0, LONGEST - 1).trimEnd()}…` : said;
  return [category?.title, short].filter(Boolean).join(": ");
}
