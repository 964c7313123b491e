/** The legend of the heat map: every class with its limits and how many cells it has, always in view. */

import { cells as cellsInWords, formatted, signed, valued } from "./words.js";

/** @typedef {import("./classes.js").ValueClass} ValueClass */
/**
 * @typedef {object} Entry
 * @property {string} look class of the swatch
 * @property {string} words
 * @property {string} number
 * @property {string} [colour] where it comes from the server
 */

/**
 * @param {HTMLElement} element
 * @param {{title: string, entries: Entry[], note: string}} content
 */
export function drawLegend(element, { title, entries, note }) {
  /** @type {HTMLElement} */ (element.querySelector("[data-legend-title]")).textContent = title;
  /** @type {HTMLElement} */ (element.querySelector("[data-legend-note]")).textContent = note;
  const list = /** @type {HTMLElement} */ (element.querySelector("[data-legend-classes]"));
  list.replaceChildren(...entries.map(line));
}

/**
 * @param {ValueClass[]} classes
 * @param {{whole: boolean, keepEmpty: boolean, isDistricts: boolean}} options
 * @returns {Entry[]}
 */
export function heatEntries(classes, { whole, keepEmpty, isDistricts }) {
  return classes
    .filter(({ cells }) => keepEmpty || cells > 0)
    .map(({ low, high, cells, step }) => ({
      look: `heat-${step + 1}`,
      words: low >= high ? valued(high, whole) : `${valued(low, whole)}–${valued(high, whole)}`,
      number: cellsInWords(cells, isDistricts),
    }));
}

/**
 * @param {ValueClass[]} classes
 * @param {boolean} isDistricts
 * @param {string} [zero] what the class of zero is called
 * @returns {Entry[]}
 */
export function changeEntries(classes, isDistricts, zero = gettext("as many")) {
  return classes
    .filter(({ cells }) => cells > 0)
    .map(({ low, high, cells, step }) => {
      const [near, far] = Math.abs(low) <= Math.abs(high) ? [low, high] : [high, low];
      const limits = near === far ? signed(near) : interpolate(gettext("%s to %s"), [signed(near), signed(far)]);
      return {
        look: `change-${step + 1}`,
        words: near === 0 ? zero : limits,
        number: cellsInWords(cells, isDistricts),
      };
    })
    .reverse();
}

/**
 * @param {{up: number, down: number}} numbers of cells
 * @param {{up: string, down: string}} titles
 * @param {boolean} isDistricts
 * @returns {Entry[]}
 */
export function outlineEntries(numbers, titles, isDistricts) {
  return /** @type {const} */ (["up", "down"]).map((look) => ({
    look: `legend__swatch--${look}`,
    words: titles[look],
    number: cellsInWords(numbers[look], isDistricts),
  }));
}

/**
 * The classes of a surface; their colours come from the server.
 * @param {{from: number, to: number, colour: string}[]} classes
 * @returns {Entry[]}
 */
export function surfaceEntries(classes) {
  return classes.map(({ from, to, colour }) => ({
    look: "",
    colour,
    words: `${formatted(from, decimalsFor(to))}–${formatted(to, decimalsFor(to))}`,
    number: "",
  }));
}

/** @param {number} value */
function decimalsFor(value) {
  return value >= 10 ? 0 : value >= 1 ? 1 : 2;
}

/** @param {Entry} entry */
function line({ look, words, number, colour }) {
  const item = document.createElement("li");
  item.className = "legend__item";
  const swatch = document.createElement("span");
  swatch.className = `legend__swatch ${look}`.trim();
  if (colour) swatch.style.background = colour;
  const limits = document.createElement("span");
  limits.className = "legend__limits";
  limits.textContent = words;
  const count = document.createElement("span");
  count.className = "legend__number";
  count.textContent = number;
  item.append(swatch, limits, count);
  return item;
}
