/**
 * The only module that imports Leaflet. The build puts Leaflet's own ES modules in its place (bin/lib/build.mjs).
 *
 * Leaflet-Geoman extends a global `L`; it is large, so it is fetched only when somebody draws.
 */

import * as leaflet from "#leaflet";

/** A copy, since Geoman adds to it and the names of a module cannot be changed. */
export const L = { ...leaflet };

// Leaflet's own marker is a picture whose address it guesses from its style sheet, which the build has moved.
const PlainIcon = L.DivIcon.extend({
  options: { className: "plain-marker", iconSize: [26, 26], iconAnchor: [13, 32] },
  /** @param {HTMLElement} [before] */
  createIcon(before) {
    const element = L.DivIcon.prototype.createIcon.call(this, before);
    element.setAttribute("aria-label", gettext("Marked place"));
    return element;
  },
});
L.Marker.mergeOptions({ icon: new PlainIcon() });
// Geoman makes its markers with the default icon itself.
Object.assign(L.Icon, { Default: PlainIcon });

/** @type {Promise<unknown> | undefined} */
let tools;

/** Add the drawing tools (`map.pm`) to Leaflet, once. Maps that exist already get them as well. */
export async function loadDrawingTools() {
  Object.assign(globalThis, { L });
  tools ??= import("@geoman-io/leaflet-geoman-free");
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
