/**
 * How contributions look on the map: markers, lines, areas.
 *
 * Colour and shape both tell the category, a white halo keeps them apart from any ground, the glyph is the first
 * letter of the category. Own ones carry a ring; a selected one is larger, never only another colour.
 * Colours are classes (`marker--blue`) whose values stand in `tokens.css`.
 */

import { L } from "./leaflet.js";

/**
 * @typedef {object} CategoryLook
 * @property {string} slug
 * @property {string} title
 * @property {string} marker circle, square, diamond, triangle, hexagon, drop
 * @property {string} colour blue, orange, green, purple, red, teal, brown, grey
 */
/** @typedef {{own?: boolean, pending?: boolean, selected?: boolean, pane?: string}} MarkerState `pane`: of points */

/** Outlines in a 32 × 32 box; `templatetags/maps.py` holds the same ones (a test compares them). */
export const SHAPES = /** @type {Record<string, string>} */ ({
  circle: "M16 5a11 11 0 1 1 0 22a11 11 0 1 1 0-22Z",
  square: "M8 6h16a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Z",
  diamond: "M14.6 3.6a2 2 0 0 1 2.8 0l11 11a2 2 0 0 1 0 2.8l-11 11a2 2 0 0 1-2.8 0l-11-11a2 2 0 0 1 0-2.8Z",
  triangle: "M14.2 4.6a2 2 0 0 1 3.6 0l11 19.5a2 2 0 0 1-1.8 2.9H5a2 2 0 0 1-1.8-2.9Z",
  hexagon:
    "M9.6 5.5h12.8a1.6 1.6 0 0 1 1.4.8l5.2 8.9a1.6 1.6 0 0 1 0 1.6l-5.2 8.9a1.6 1.6 0 0 1-1.4.8H9.6a1.6 1.6 0 0 1-1.4-.8L3 16.8a1.6 1.6 0 0 1 0-1.6l5.2-8.9a1.6 1.6 0 0 1 1.4-.8Z",
  drop: "M16 30C11 24 6 19.4 6 13.5a10 10 0 0 1 20 0C26 19.4 21 24 16 30Z",
});

/** Where the glyph sits; triangles and drops carry it off the middle. */
const GLYPH_HEIGHT = /** @type {Record<string, number>} */ ({ triangle: 23, drop: 18.5 });

/** Edge of a marker in pixels. */
const SIZE = 30;
const SIZE_SELECTED = 42;

/**
 * A marker as SVG text. Everything that comes from data passes through `letter`, which lets one letter or digit by.
 * @param {CategoryLook} category
 * @param {MarkerState} [state]
 */
export function markerSvg(category, state = {}) {
  const path = SHAPES[category.marker] ?? SHAPES.circle;
  const ring = state.own ? `${circle("marker__ring-halo")}${circle("marker__ring")}` : "";
  const height = GLYPH_HEIGHT[category.marker] ?? 20.5;
  return (
    `<svg class="${markerClasses(category, state)}" viewBox="-3 -3 38 38" aria-hidden="true" focusable="false">${ring}` +
    `<path class="marker__halo" d="${path}"/><path class="marker__shape" d="${path}"/>` +
    `<text class="marker__glyph" x="16" y="${height}" text-anchor="middle">${letter(category.title)}</text></svg>`
  );
}

/**
 * @param {CategoryLook} category
 * @param {MarkerState} [state]
 */
export function categoryIcon(category, state = {}) {
  const size = state.selected ? SIZE_SELECTED : SIZE;
  // The tip of a drop points at the place, every other shape is centred on it.
  const anchorY = category.marker === "drop" ? size * 0.86 : size / 2;
  return L.divIcon({
    className: "map-marker",
    html: markerSvg(category, state),
    iconSize: [size, size],
    iconAnchor: [size / 2, anchorY],
  });
}

/**
 * A contribution on the map.
 * @typedef {object} FeatureLayer
 * @property {import("leaflet").FeatureGroup} layer add this to the map
 * @property {(selected: boolean) => void} setSelected
 * @property {() => void} bringToFront not while the pointer is over it: moving the element swallows the click
 * @property {() => import("leaflet").LatLngBounds} getBounds
 * @property {() => HTMLElement | null} getElement the marker of a point on the map
 */

/**
 * @param {import("geojson").Geometry} geometry point, line or polygon
 * @param {CategoryLook} category
 * @param {MarkerState} [state]
 * @returns {FeatureLayer}
 */
export function featureLayer(geometry, category, state = {}) {
  return geometry.type === "Point" ? pointLayer(geometry, category, state) : shapeLayer(geometry, category, state);
}

/**
 * @param {import("geojson").Point} geometry
 * @param {CategoryLook} category
 * @param {MarkerState} state
 * @returns {FeatureLayer}
 */
function pointLayer(geometry, category, state) {
  const [lon, lat] = geometry.coordinates;
  // Not in the tab order: a thousand stops would be a trap (see `bubbles/rover.js`).
  const { pane = "markerPane" } = state;
  const icon = categoryIcon(category, state);
  const marker = L.marker([lat, lon], { icon, pane, keyboard: false, riseOnHover: true });
  const layer = L.featureGroup([marker]);
  return {
    layer,
    bringToFront: () => {},
    getBounds: () => layer.getBounds(),
    getElement: () => marker.getElement() ?? null,
    setSelected(selected) {
      marker.setIcon(categoryIcon(category, { ...state, selected }));
      marker.setZIndexOffset(selected ? 1000 : 0);
    },
  };
}

/**
 * A line of 4 px on a white casing or an area with 20 % fill, and a wide invisible line that fingers can hit.
 * @param {import("geojson").Geometry} geometry
 * @param {CategoryLook} category
 * @param {MarkerState} state
 * @returns {FeatureLayer}
 */
function shapeLayer(geometry, category, state) {
  const isLine = geometry.type === "LineString" || geometry.type === "MultiLineString";
  const kind = isLine ? "shape--line" : "shape--area";
  const classes = `${kind} shape--${word(category.colour)}${state.own ? " shape--own" : ""}${state.pending ? " shape--pending" : ""}`;
  const casing = L.geoJSON(geometry, { interactive: false, style: { className: `shape-casing ${kind}`, fill: false } });
  const shape = L.geoJSON(geometry, { style: { className: `shape ${classes}`, fill: !isLine } });
  const target = L.geoJSON(geometry, { style: { className: "shape-target", fill: false } });
  const layer = L.featureGroup([casing, shape, target]);
  return {
    layer,
    bringToFront: () => layer.bringToFront(),
    getBounds: () => layer.getBounds(),
    getElement: () => null,
    setSelected(selected) {
      for (const part of [casing, shape]) {
        part.eachLayer((path) => {
          const element = /** @type {import("leaflet").Path} */ (path).getElement();
          element?.classList.toggle("is-selected", selected);
        });
      }
    },
  };
}

/** @param {string} look */
function circle(look) {
  return `<circle class="${look}" cx="16" cy="16" r="17.5"/>`;
}

/**
 * @param {CategoryLook} category
 * @param {MarkerState} state
 */
function markerClasses(category, state) {
  const classes = ["marker", `marker--${word(category.colour)}`];
  if (state.own) classes.push("marker--own");
  if (state.pending) classes.push("marker--pending");
  if (state.selected) classes.push("is-selected");
  return classes.join(" ");
}

/**
 * The first letter or digit of a title, fit to stand in SVG text.
 * @param {string} title
 */
export function letter(title) {
  return (title.match(/[\p{L}\p{N}]/u)?.[0] ?? "").toLocaleUpperCase(document.documentElement.lang || "de");
}

/**
 * A value of a fixed list, fit to stand in a class name.
 * @param {string} value
 */
function word(value) {
  return value.replace(/[^a-z_-]/g, "");
}
