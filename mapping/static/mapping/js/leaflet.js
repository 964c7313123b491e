/**
 * The only module that touches Leaflet's global (`L`, a classic script served under `vendor/leaflet/`).
 *
 * Leaflet-Geoman extends the same global; it is large, so it is fetched from this site only when somebody draws.
 */

/** @type {typeof import("leaflet")} */
export const L = globalThis.L;

/** @type {Map<string, Promise<void>>} */
const scripts = new Map();

/**
 * Load a classic script of this site once.
 * @param {string} url
 * @returns {Promise<void>}
 */
export function loadScript(url) {
  const known = scripts.get(url);
  if (known) return known;
  const loading = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve(undefined));
    script.addEventListener("error", () => {
      scripts.delete(url);
      script.remove();
      reject(new Error(`${url} could not be loaded`));
    });
    document.head.append(script);
  });
  scripts.set(url, /** @type {Promise<void>} */ (loading));
  return /** @type {Promise<void>} */ (loading);
}

/**
 * The address of a static file, told from this module's own address (`<static>/mapping/js/leaflet.js`).
 * @param {string} path e.g. `vendor/geoman/leaflet-geoman.min.js`
 */
export function staticUrl(path) {
  return new URL(`../../${path}`, import.meta.url).href;
}

/** Add the drawing tools (`map.pm`) to Leaflet, once. Maps that exist already get them as well. */
export async function loadDrawingTools() {
  await loadScript(staticUrl("vendor/geoman/leaflet-geoman.min.js"));
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
