/**
 * What lies under everything: base map tiles where they can be reached, else the city's own ground (`ground/layer.js`),
 * else plain paper with a graticule.
 *
 * The paper and its graticule are there from the first moment and vanish when the first tile arrives. A base map that
 * answers nothing but errors (or 204, "none here") is taken off again, and the own ground takes its place, as it does
 * while a base map keeps people waiting; where there is none, a small notice says so.
 */

import { makeButton } from "../site/elements.js";
import { L, plain } from "./leaflet.js";

/**
 * @typedef {object} Ground
 * @property {boolean} canSwitch whether there is a look in colour and one in grey
 * @property {() => boolean} isGrey
 * @property {() => void} toggleGrey
 * @property {boolean} canChoose whether there are a base map and the city's own ground
 * @property {() => boolean} isOwn
 * @property {() => void} toggleOwn
 * @property {(listener: () => void) => void} onChange the own ground has taken the place of a base map
 */

/** This many failures without one success mean that the base map cannot be reached. */
const PATIENCE = 4;
/** After so many milliseconds without a tile of the base map the own ground is shown meanwhile. */
const SOON = 2500;

/**
 * @param {import("leaflet").Map} map
 * @param {Pick<import("./map.js").MapConfig, "tiles" | "ground">} config
 * @param {{grey: boolean, missing?: string}} options
 * @returns {Ground}
 */
export function addGround(map, { tiles: sources, ground: own = null }, options) {
  const container = map.getContainer();
  const graticule = addGraticule(map);
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  let grey = options.grey || darkness.matches;
  let prefersOwn = own !== null && sources.length === 0;
  let isOwnShown = false;
  let changed = () => {};
  /** @type {import("leaflet").TileLayer | null} */
  let layer = null;
  /** @type {Promise<import("../ground/layer.js").GroundLayer> | null} */
  let loading = null;

  function show() {
    layer?.remove();
    layer = null;
    container.classList.toggle("map--grey", grey);
    // Until the first tile of the base map arrives the own ground stays.
    if (prefersOwn || isOwnShown) showOwn();
    const source = sources.find(({ name }) => name === (grey ? "grey" : "colour")) ?? sources[0];
    if (source && !prefersOwn) layer = addTiles(source);
  }

  /** @param {import("./map.js").TileSource} source */
  function addTiles(source) {
    let arrived = 0;
    let failed = 0;
    const tiles = L.tileLayer(source.url, {
      attribution: source.attribution,
      maxNativeZoom: source.maximumZoom,
      maxZoom: 20,
      className: "map-tiles",
      keepBuffer: 3,
    });
    const judge = () => {
      // A map may be gone by now.
      if (arrived > 0 || failed === 0 || !map.hasLayer(tiles)) return;
      tiles.remove();
      if (!own) {
        announceMissing();
        return;
      }
      prefersOwn = true;
      showOwn();
      changed();
    };
    tiles.on("tileload", () => {
      arrived += 1;
      if (arrived > 1) return;
      announceThere();
      hideOwn();
    });
    tiles.on("tileerror", () => {
      failed += 1;
      if (failed >= PATIENCE) setTimeout(judge);
    });
    // Not within the event: Leaflet still works with the layer after having told of its last tile.
    tiles.on("load", () => setTimeout(judge));
    const standIn = () => {
      if (arrived === 0 && map.hasLayer(tiles)) showOwn();
    };
    if (own) setTimeout(standIn, SOON);
    return tiles.addTo(map);
  }

  function showOwn() {
    if (!own) return;
    isOwnShown = true;
    // Fetched only where it is drawn.
    loading ??= import("../ground/layer.js").then(({ createGround }) =>
      createGround(map, own, {
        attribution: plain(own.attribution),
        onFirst: announceThere,
        onFailure: announceMissing,
      }),
    );
    loading.then(
      (ground) => {
        if (isOwnShown) ground.show({ dark: darkness.matches, grey });
      },
      () => {
        loading = null;
        announceMissing();
      },
    );
  }

  function hideOwn() {
    isOwnShown = false;
    loading?.then(
      (ground) => {
        if (!isOwnShown) ground.hide();
      },
      () => {},
    );
  }

  function announceThere() {
    graticule.hide();
    container.querySelector(".map-notice")?.remove();
  }

  function announceMissing() {
    graticule.show();
    addNotice(container, options.missing);
  }

  const repaint = () => {
    if (isOwnShown) showOwn();
  };
  darkness.addEventListener("change", repaint);
  map.on("unload", () => {
    darkness.removeEventListener("change", repaint);
    hideOwn();
  });
  graticule.show();
  show();
  return {
    canSwitch: sources.length > 1 || own !== null,
    isGrey: () => grey,
    toggleGrey() {
      grey = !grey;
      show();
    },
    canChoose: own !== null && sources.length > 0,
    isOwn: () => prefersOwn,
    toggleOwn() {
      prefersOwn = !prefersOwn;
      show();
    },
    onChange(listener) {
      changed = listener;
    },
  };
}

/** @param {HTMLElement} container @param {string} [words] */
function addNotice(container, words) {
  if (container.querySelector(".map-notice")) return;
  const notice = document.createElement("p");
  notice.className = "map-notice";
  notice.setAttribute("role", "status");
  notice.textContent = words ?? gettext("Base map not reachable, you can still place.");
  const close = makeButton("map-notice__close", "×", () => notice.remove());
  close.setAttribute("aria-label", gettext("Close this notice"));
  notice.append(close);
  L.DomEvent.disableClickPropagation(notice);
  container.append(notice);
}

/** Degrees between two lines of the graticule; the finest that keeps lines at least `SPACING` pixels apart is used. */
const STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
const SPACING = 120;

/**
 * Lines of equal longitude and latitude with their degrees at the edges.
 * @param {import("leaflet").Map} map
 */
function addGraticule(map) {
  const pane = map.createPane("graticule");
  pane.style.zIndex = "150";
  pane.style.pointerEvents = "none";
  const renderer = L.svg({ pane: "graticule", padding: 1 });
  const group = L.layerGroup();

  function draw() {
    group.clearLayers();
    const view = map.getBounds();
    const wide = view.pad(1);
    const step = stepFor(map, view);
    const digits = Math.max(0, Math.ceil(-Math.log10(step)));
    for (const lon of multiples(wide.getWest(), wide.getEast(), step)) {
      line([
        [wide.getSouth(), lon],
        [wide.getNorth(), lon],
      ]);
      if (lon > view.getWest()) label([view.getSouth(), lon], degrees(lon, digits, "lon"), "bottom");
    }
    for (const lat of multiples(wide.getSouth(), wide.getNorth(), step)) {
      line([
        [lat, wide.getWest()],
        [lat, wide.getEast()],
      ]);
      if (lat > view.getSouth()) label([lat, view.getEast()], degrees(lat, digits, "lat"), "side");
    }
  }

  /** @param {[number, number][]} ends */
  function line(ends) {
    L.polyline(ends, { renderer, pane: "graticule", className: "graticule", interactive: false }).addTo(group);
  }

  /** @param {[number, number]} place @param {string} text @param {string} edge */
  function label(place, text, edge) {
    const html = document.createElement("span");
    html.textContent = text;
    const icon = L.divIcon({ className: `graticule-label graticule-label--${edge}`, html, iconSize: [0, 0] });
    L.marker(place, { icon, pane: "graticule", interactive: false, keyboard: false }).addTo(group);
  }

  return {
    show() {
      map.getContainer().classList.add("map--plain");
      if (map.hasLayer(group)) return;
      group.addTo(map);
      map.on("moveend", draw);
      draw();
    },
    hide() {
      map.getContainer().classList.remove("map--plain");
      map.off("moveend", draw);
      group.clearLayers();
      group.remove();
    },
  };
}

/**
 * @param {import("leaflet").Map} map
 * @param {import("leaflet").LatLngBounds} view
 */
function stepFor(map, view) {
  const width = Math.max(1, map.getSize().x);
  const perPixel = (view.getEast() - view.getWest()) / width;
  return STEPS.findLast((step) => step / perPixel >= SPACING) ?? STEPS[0];
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} step
 */
function* multiples(from, to, step) {
  for (let index = Math.ceil(from / step); index * step <= to; index += 1) yield index * step;
}

/**
 * @param {number} value
 * @param {number} digits
 * @param {"lon" | "lat"} axis
 */
function degrees(value, digits, axis) {
  const number = Math.abs(value).toLocaleString(document.documentElement.lang || "de", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const east = value < 0 ? pgettext("compass", "W") : pgettext("compass", "E");
  const north = value < 0 ? pgettext("compass", "S") : pgettext("compass", "N");
  return `${number}° ${axis === "lon" ? east : north}`;
}
