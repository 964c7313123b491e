/**
 * The city's own vector tiles as a layer of Leaflet: `createGround(map, source, options)`.
 *
 * Each tile of the map is a canvas that is drawn once; words lie on one canvas above all of them. Changing the look, and
 * printing, paints what is decoded already, without a request.
 */

import { PbfReader } from "pbf";
import { L } from "../map/leaflet.js";
import { partOf, TILE } from "./address.js";
import { readTile } from "./decoding.js";
import { addLabels } from "./label-canvas.js";
import { paintTile } from "./painting.js";
import { lookFor, PALETTES } from "./palettes.js";
import { TileStore } from "./store.js";

/** @typedef {{dark: boolean, grey: boolean}} Wish */
/** @typedef {{url: string, attribution: string, maximumZoom: number}} GroundSource of the map's configuration */
/**
 * @typedef {object} Shown a tile of the map
 * @property {import("./address.js").Part} part
 * @property {number} zoom
 * @property {import("./decoding.js").Tile | null | undefined} tile undefined: not here yet
 */
/** @typedef {{show: (wish: Wish) => void, hide: () => void}} GroundLayer `show` again changes the look */

/** Finer screens than this gain nothing that anybody sees, and take four times the memory. */
const FINEST = 2;

/** @returns {number} pixels of a canvas per pixel of the page */
function ratioOfScreen() {
  return Math.min(FINEST, Math.max(1, window.devicePixelRatio || 1));
}

/**
 * @param {import("leaflet").Map} map
 * @param {GroundSource} source
 * @param {object} options
 * @param {string} options.attribution as HTML
 * @param {() => void} options.onFirst a tile with something in it was drawn
 * @param {() => void} options.onFailure all tiles of a view could not be fetched, and nothing is drawn
 * @returns {GroundLayer}
 */
export function createGround(map, source, { attribution, onFirst, onFailure }) {
  const deepest = source.maximumZoom;
  const store = new TileStore(source.url, (bytes) => readTile(new PbfReader(bytes)));
  /** @type {Map<HTMLCanvasElement, Shown>} */
  const shown = new Map();
  /** @type {import("./label-canvas.js").LabelCanvas | null} */
  let labels = null;
  let palette = PALETTES.light;
  let ratio = ratioOfScreen();
  let isFilled = false;
  let failed = 0;

  /** @param {HTMLCanvasElement} canvas */
  function paint(canvas) {
    const entry = shown.get(canvas);
    if (entry?.tile === undefined) return;
    const size = Math.round(TILE * ratio);
    if (canvas.width !== size) {
      canvas.width = size;
      canvas.height = size;
    }
    const context = canvas.getContext("2d");
    if (context) paintTile(context, entry.tile, entry.part, { zoom: entry.zoom, ratio, palette });
  }

  const Tiles = L.GridLayer.extend({
    createTile: (
      /** @type {import("leaflet").Coords} */ coords,
      /** @type {import("leaflet").DoneCallback} */ done,
    ) => {
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "presentation");
      const part = partOf(coords, deepest);
      /** @type {Shown} */
      const entry = { part, zoom: coords.z, tile: undefined };
      shown.set(canvas, entry);
      store.use(part).then(
        (tile) => {
          if (!shown.has(canvas)) return;
          entry.tile = tile;
          paint(canvas);
          if (tile && !isFilled) {
            isFilled = true;
            onFirst();
          }
          done(undefined, canvas);
          labels?.schedule();
        },
        (/** @type {Error} */ error) => {
          if (!shown.delete(canvas)) return; // The store has forgotten it already.
          failed += 1;
          done(error, canvas);
        },
      );
      return canvas;
    },
  });
  /** @type {import("leaflet").GridLayer} */
  const layer = new /** @type {any} */ (Tiles)({
    tileSize: TILE,
    minZoom: 1,
    maxZoom: 20,
    keepBuffer: 1,
    updateWhenZooming: false,
    zIndex: 0,
    className: "ground-tiles",
    attribution,
  });
  layer.on("tileunload", (event) => {
    const canvas = /** @type {any} */ (event).tile;
    const entry = shown.get(canvas);
    if (!entry) return;
    shown.delete(canvas);
    store.release(entry.part);
    // Safari keeps the memory of canvases for a while, unless they are empty.
    canvas.width = 0;
    canvas.height = 0;
  });
  // Not within the event: Leaflet still works with the layer.
  layer.on("load", () =>
    setTimeout(() => {
      if (failed > 0 && !isFilled && map.hasLayer(layer)) onFailure();
    }),
  );

  function repaint() {
    // The map's own ground, so that no edge is seen beside tiles with nothing in them.
    map.getContainer().style.setProperty("--map-ground", palette.land);
    for (const canvas of shown.keys()) paint(canvas);
    labels?.restyle(palette, ratio);
  }

  let wish = { dark: false, grey: false };
  const forScreen = () => {
    palette = PALETTES[lookFor(wish)];
    ratio = ratioOfScreen();
    repaint();
  };
  const forPaper = () => {
    palette = PALETTES[lookFor({ ...wish, dark: false })];
    ratio = FINEST;
    repaint();
  };
  const retry = () => {
    if (failed === 0) return;
    failed = 0;
    layer.redraw();
  };

  return {
    show(wanted) {
      wish = wanted;
      forScreen();
      if (labels) return;
      isFilled = false;
      failed = 0;
      labels = addLabels(map, store, { deepest, palette, ratio });
      layer.addTo(map);
      window.addEventListener("beforeprint", forPaper);
      window.addEventListener("afterprint", forScreen);
      window.addEventListener("online", retry);
    },
    hide() {
      labels?.remove();
      labels = null;
      layer.remove();
      map.getContainer().style.removeProperty("--map-ground");
      window.removeEventListener("beforeprint", forPaper);
      window.removeEventListener("afterprint", forScreen);
      window.removeEventListener("online", retry);
    },
  };
}
