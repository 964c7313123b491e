/**
 * The base map of every page: `createBaseMap(element, options)`.
 *
 * What it brings: base layer from the site's own tile route (colour or grey), where no tile arrives the city's own
 * ground, else plain paper with a graticule, the campaign's area outlined and everything outside dimmed, districts with
 * names, scale, keyboard operation, "fit to area", limits around the area, dark mode (by CSS). What pages add: their own
 * layers.
 *
 * ```js
 * import { createBaseMap, readMapConfig } from "./map.js";
 * const base = await createBaseMap(document.querySelector("#map"), readMapConfig("map-config"));
 * base.map.addLayer(...);                 // a plain L.Map
 * if (base.contains([lon, lat])) ...      // inside the campaign's area?
 * base.setInsets({ left: 420 });          // parts of the map that a panel covers, respected by fitArea()
 * base.fitArea();
 * ```
 *
 * The configuration comes from the template tag `{% map_config campaign as config %}` and `json_script`.
 * The page links `vendor/leaflet/leaflet.css` and `mapping/css/map.css`.
 */

import { makeButton } from "../site/elements.js";
import { addArea, contains } from "./area.js";
import { addDistricts } from "./districts.js";
import { addGround } from "./ground.js";
import { L, motionAllowed, plain } from "./leaflet.js";

export { categoryIcon, featureLayer, markerSvg } from "./markers.js";

/** @typedef {[number, number, number, number]} Bounds west, south, east, north in degrees */
/** @typedef {{top?: number, right?: number, bottom?: number, left?: number}} Insets pixels of the map under panels */
/** @typedef {{name: string, url: string, attribution: string, maximumZoom: number}} TileSource */
/**
 * @typedef {object} MapConfig
 * @property {TileSource[]} tiles `colour` and `grey`; empty: none
 * @property {import("../ground/layer.js").GroundSource | null} [ground] the city's own vector tiles
 * @property {Bounds | null} bounds what to show first (the area, else all contributions, else the city)
 * @property {string} [area] address of the campaign's area (GeoJSON Feature)
 * @property {string} [districts] address of its districts (GeoJSON FeatureCollection)
 * @property {string} [attribution] source of the campaign's own data
 */
/**
 * @typedef {object} MapOptions
 * @property {boolean} [grey] begin with the grey base map (heat maps); dark mode always begins grey
 * @property {string} [label] name of the map for screen readers
 * @property {string} [missing] what is said where the base map cannot be reached
 * @property {Insets} [insets]
 */
/**
 * @typedef {object} BaseMap
 * @property {import("leaflet").Map} map
 * @property {import("geojson").Feature | null} area
 * @property {(place: [number, number]) => boolean} contains whether lon/lat lies inside the area (true without one)
 * @property {(animate?: boolean) => void} fitArea
 * @property {(bounds: import("leaflet").LatLngBounds, maximumZoom?: number, animate?: boolean) => void} fit show bounds
 *   beside the panels
 * @property {(place: import("leaflet").LatLngExpression, zoom?: number, animate?: boolean) => void} show centre a place
 *   beside the panels
 * @property {() => import("leaflet").LatLng} centre the middle of the uncovered part of the map
 * @property {(insets: Insets) => void} setInsets
 */

/** What is shown when a campaign has neither area nor contributions: Germany. */
const EVERYWHERE = /** @type {Bounds} */ ([5.8, 47.2, 15.1, 55.1]);

/** This share of the map stays free in each direction, whatever panels claim to cover. */
const FREE = 0.35;

/**
 * Insets that leave room: a view that is fitted into what a tall panel leaves of a low window shows half the country.
 * @param {Required<Insets>} insets
 * @param {{x: number, y: number}} size of the map, pixels
 * @returns {Required<Insets>}
 */
export function leavingRoom({ top, right, bottom, left }, size) {
  const across = Math.min(1, (size.x * (1 - FREE)) / Math.max(left + right, 1));
  const down = Math.min(1, (size.y * (1 - FREE)) / Math.max(top + bottom, 1));
  return { top: top * down, bottom: bottom * down, left: left * across, right: right * across };
}

/**
 * Read the JSON data block that `json_script` wrote.
 * @param {string} id
 * @returns {any}
 */
export function readMapConfig(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}");
}

/**
 * @param {HTMLElement} element an empty element with a height
 * @param {MapConfig} config
 * @param {MapOptions} [options]
 * @returns {Promise<BaseMap>}
 */
export async function createBaseMap(element, config, options = {}) {
  const animated = motionAllowed();
  const map = L.map(element, {
    zoomControl: false,
    attributionControl: false,
    zoomAnimation: animated,
    fadeAnimation: animated,
    markerZoomAnimation: animated,
    inertia: animated,
    maxBoundsViscosity: 0.9,
    worldCopyJump: false,
    maxZoom: 20,
    zoomSnap: 0.5,
  });
  // Leaflet's keyboard handler knows no option for this: it always slides.
  if (!animated) map.panBy = (offset, more) => L.Map.prototype.panBy.call(map, offset, { ...more, animate: false });
  describe(element, options.label ?? gettext("Map. Move it with the arrow keys, zoom with plus and minus."));
  L.control.attribution({ prefix: "Leaflet", position: "bottomright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
  if (config.attribution) map.attributionControl.addAttribution(plain(config.attribution));

  /** @type {Required<Insets>} */
  let covered = { top: 0, right: 0, bottom: 0, left: 0, ...options.insets };
  const insetsNow = () => leavingRoom(covered, map.getSize());
  const start = toLatLngBounds(config.bounds ?? EVERYWHERE);

  /** @param {import("leaflet").LatLngExpression} place @param {number} [zoom] @param {boolean} [animate] */
  const show = (place, zoom = map.getZoom(), animate = animated) => {
    const insets = insetsNow();
    const shift = L.point((insets.right - insets.left) / 2, (insets.bottom - insets.top) / 2);
    map.setView(map.unproject(map.project(place, zoom).add(shift), zoom), zoom, { animate });
  };
  /** @param {import("leaflet").LatLngBounds} bounds @param {number} [maximumZoom] @param {boolean} [animate] */
  const fit = (bounds, maximumZoom = map.getMaxZoom(), animate = animated) => {
    const margin = 16;
    const { top, right, bottom, left } = insetsNow();
    const padding = L.point(left + right + 2 * margin, top + bottom + 2 * margin);
    // In a low window little is left beside the panel: a part of the area is worth more than all of it from afar.
    const zoom = Math.max(map.getBoundsZoom(bounds, false, padding), map.getBoundsZoom(bounds) - 1);
    show(bounds.getCenter(), Math.min(zoom, maximumZoom), animate);
  };
  const centre = () => {
    const size = map.getSize();
    const insets = insetsNow();
    const x = (insets.left + size.x - insets.right) / 2;
    const y = (insets.top + size.y - insets.bottom) / 2;
    return map.containerPointToLatLng([x, y]);
  };
  const fitArea = (animate = animated) => fit(start, undefined, animate);

  map.setView(start.getCenter(), 10, { animate: false });
  const ground = addGround(map, config, { grey: options.grey ?? false, missing: options.missing });
  addControls(map, ground, () => fitArea());
  // Without motion: Leaflet drops whatever a page wants to show while the first view is still zooming.
  fit(start, undefined, false);
  map.setMinZoom(Math.max(3, map.getBoundsZoom(start) - 2));
  map.setMaxBounds(roomToMove(map, start));
  watchSize(element, map);

  const [area] = await Promise.all([addArea(map, config.area), addDistricts(map, config.districts)]);
  return {
    map,
    area,
    contains: (place) => area === null || contains(area, place),
    fitArea,
    fit,
    show,
    centre,
    setInsets(changed) {
      covered = { ...covered, ...changed };
    },
  };
}

/**
 * How far the map can be moved: well past the area, and from the smallest zoom a screen each way. A tall panel on a low
 * phone shows the area far from the middle of the map, and bounds that are smaller than the map hold it in the middle.
 * @param {import("leaflet").Map} map
 * @param {import("leaflet").LatLngBounds} area
 */
function roomToMove(map, area) {
  const zoom = map.getMinZoom();
  const { x, y } = map.getSize();
  const middle = map.project(area.getCenter(), zoom);
  const screen = L.point(Math.max(x, y), Math.max(x, y));
  return area
    .pad(2)
    .extend(map.unproject(middle.subtract(screen), zoom))
    .extend(map.unproject(middle.add(screen), zoom));
}

/**
 * Zoom, fit to area and the choice of what lies under everything, as one quiet group at the top right.
 * @param {import("leaflet").Map} map
 * @param {import("./ground.js").Ground} ground
 * @param {() => void} fitArea
 */
function addControls(map, ground, fitArea) {
  L.control
    .zoom({ position: "topright", zoomInTitle: gettext("Zoom in"), zoomOutTitle: gettext("Zoom out") })
    .addTo(map);
  const Buttons = L.Control.extend({
    onAdd() {
      const box = L.DomUtil.create("div", "leaflet-bar map-buttons");
      L.DomEvent.disableClickPropagation(box);
      box.append(button("map-button--fit", gettext("Show the whole area"), fitArea));
      if (ground.canSwitch) {
        const change = button("map-button--layer", gettext("Base map in colour or grey"), () => {
          ground.toggleGrey();
          change.setAttribute("aria-pressed", String(ground.isGrey()));
        });
        change.setAttribute("aria-pressed", String(ground.isGrey()));
        box.append(change);
      }
      if (ground.canChoose) {
        const choose = button("map-button--own", gettext("The city's own map"), ground.toggleOwn);
        const update = () => choose.setAttribute("aria-pressed", String(ground.isOwn()));
        choose.addEventListener("click", update);
        ground.onChange(update);
        update();
        box.append(choose);
      }
      return box;
    },
  });
  new Buttons({ position: "topright" }).addTo(map);
}

/**
 * @param {string} look
 * @param {string} title
 * @param {() => void} action
 */
function button(look, title, action) {
  const made = makeButton(`map-button ${look}`, "", action);
  made.title = title;
  made.setAttribute("aria-label", title);
  return made;
}

/**
 * Arrow keys belong to the map while it has the focus, hence the role.
 * @param {HTMLElement} element
 * @param {string} label
 */
function describe(element, label) {
  element.setAttribute("role", "application");
  element.setAttribute("aria-label", label);
}

/**
 * @param {HTMLElement} element
 * @param {import("leaflet").Map} map
 */
function watchSize(element, map) {
  const observer = new ResizeObserver(() => map.invalidateSize({ pan: false }));
  observer.observe(element);
  map.on("unload", () => observer.disconnect());
}

/** @param {Bounds} bounds */
function toLatLngBounds([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east]);
}
