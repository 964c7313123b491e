/**
 * The module that imports Leaflet, as far as every map needs it (`js/leaflet/core.js`). Popups, tooltips, pictures and
 * canvases come with `whole-leaflet.js`, which adds them to the same `L`.
 *
 * Leaflet-Geoman extends a global `L`; it is large, so it is fetched only when somebody draws.
 */

import * as leaflet from "#leaflet";

/** @typedef {typeof import("leaflet")} Leaflet */
/** @typedef {"popup" | "tooltip" | "imageOverlay" | "svgOverlay" | "canvas" | "rectangle"} Missing */

/** A copy, since the names of a module cannot be changed. */
export const L = /** @type {Omit<Leaflet, Missing>} */ (/** @type {unknown} */ ({ ...leaflet }));

// Leaflet's own marker is a picture whose address it guesses from its style sheet, which the build has moved.
export const PlainIcon = L.DivIcon.extend({
  options: { className: "plain-marker", iconSize: [26, 26], iconAnchor: [13, 32] },
  /** @param {HTMLElement} [before] */
  createIcon(before) {
    const element = L.DivIcon.prototype.createIcon.call(this, before);
    element.setAttribute("aria-label", gettext("Marked place"));
    return element;
  },
});
L.Marker.mergeOptions({ icon: new PlainIcon() });

/** @type {Promise<unknown> | undefined} */
let tools;

/** Add the drawing tools (`map.pm`) to Leaflet, once. Maps that exist already get them as well. */
export async function loadDrawingTools() {
  tools ??= import("./leaflet-geoman.js");
  try {
    await tools;
  } catch (error) {
    tools = undefined;
    throw error;
  }
}

/**
 * Text as HTML: attributions are plain text, Leaflet wants HTML.
 * @param {string} text
 */
export function plain(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

/** Whether the visitor's system allows motion. */
export function motionAllowed() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
