/**
 * How a bubble looks: the number of what it holds, in the colour and shape of its topic; of several topics as a ring
 * whose parts stand in the order of the topics, apart by white gaps. Pure functions that write SVG.
 */

import { SHAPES } from "../map/markers.js";

/** @typedef {import("../map/markers.js").CategoryLook} CategoryLook */
/** @typedef {{index: number, start: number, length: number}} Share of a ring of 100 */

/** The least part of a ring: a topic with one of a thousand is still seen. */
const LEAST = 5;
/** White between two parts of a ring. */
const GAP = 2;
/** Shapes that leave less room for a number, and where it sits in a box of 32. */
const NARROW = /** @type {Record<string, number>} */ ({ triangle: 19, diamond: 16, drop: 14 });

/**
 * The parts of a ring, which add up to 100, in the order of the categories.
 * @param {number[]} counts
 * @returns {Share[]}
 */
export function sharesOf(counts) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts
    .map((count, index) => ({ index, share: (100 * count) / total }))
    .filter(({ share }) => share > 0);
  const raised = present.map(({ index, share }) => ({ index, share: Math.max(share, LEAST) }));
  const sum = raised.reduce((all, { share }) => all + share, 0);
  let start = 0;
  return raised.map(({ index, share }) => {
    const length = (100 * share) / sum;
    const part = { index, start, length };
    start += length;
    return part;
  });
}

/**
 * A number short enough for a bubble.
 * @param {number} total
 * @param {string} language
 */
export function shortNumber(total, language) {
  return total.toLocaleString(language, { notation: total >= 10_000 ? "compact" : "standard" });
}

/**
 * Pixels across: a little more with each digit, at least what a finger hits.
 * @param {number} total
 * @param {string} words the number as it is written
 * @param {boolean} isNarrow
 */
export function diameterOf(total, words, isNarrow = false) {
  const grown = 34 + 5 * Math.log10(Math.max(1, total)) + 3 * Math.max(0, words.length - 2);
  return Math.round(Math.min(72, grown * (isNarrow ? 1.25 : 1)));
}

/**
 * @param {number[]} counts contributions by category
 * @param {CategoryLook[]} categories in the same order
 * @param {string} language
 * @returns {{svg: string, size: number}} size in pixels
 */
export function bubble(counts, categories, language) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const words = shortNumber(total, language);
  const shares = sharesOf(counts);
  const only = shares.length === 1 ? categories[shares[0].index] : null;
  const narrow = only ? NARROW[only.marker] : undefined;
  const height = Math.min(11, (narrow ? 17 : 21) / (0.58 * words.length));
  const middle = (narrow ?? 16) + height * 0.36;
  const drawn = only ? shape(only) : ring(shares, categories);
  return {
    size: diameterOf(total, words, narrow !== undefined),
    svg:
      `<svg class="bubble__drawing" viewBox="-3 -3 38 38" aria-hidden="true" focusable="false">${drawn}` +
      `<text class="bubble__count" x="16" y="${rounded(middle)}" font-size="${rounded(height)}" text-anchor="middle">` +
      `${plain(words)}</text></svg>`,
  };
}

/**
 * What a bubble holds, in words.
 * @param {number[]} counts
 * @param {CategoryLook[]} categories
 * @param {string} language
 */
export function wordsOf(counts, categories, language) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const words = interpolate(ngettext("%s contribution", "%s contributions", total), [total.toLocaleString(language)]);
  const topics = categories
    .map(({ title }, index) => ({ title, count: counts[index] }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count)
    .map(({ title, count }) => `${title} ${count.toLocaleString(language)}`);
  return `${words}: ${topics.join(", ")}`;
}

/** @param {CategoryLook} category */
function shape(category) {
  const path = SHAPES[category.marker] ?? SHAPES.circle;
  return (
    `<g class="marker--${word(category.colour)}"><path class="marker__halo" d="${path}"/>` +
    `<path class="marker__shape" d="${path}"/></g>`
  );
}

/**
 * @param {Share[]} shares
 * @param {CategoryLook[]} categories
 */
function ring(shares, categories) {
  const parts = shares.map(
    ({ index, start, length }) =>
      `<circle class="bubble__part marker--${word(categories[index].colour)}" cx="16" cy="16" r="14" pathLength="100"` +
      ` stroke-dasharray="${rounded(length - GAP)} ${rounded(100 - length + GAP)}"` +
      ` stroke-dashoffset="${rounded(25 - start - GAP / 2)}"/>`,
  );
  return `<circle class="bubble__disc" cx="16" cy="16" r="18.5"/>${parts.join("")}`;
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 100) / 100;
}

/**
 * Digits, separators and the short words for thousands and millions, fit to stand in SVG text.
 * @param {string} text
 */
function plain(text) {
  return text.replace(/[^\p{L}\p{N}\p{Zs}.,’']/gu, "");
}

/**
 * A value of a fixed list, fit to stand in a class name.
 * @param {string} value
 */
function word(value) {
  return value.replace(/[^a-z_-]/g, "");
}
