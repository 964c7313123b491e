/** The words of the ground on one canvas above its tiles; it moves with the map and is laid out anew when that rests. */

import { NAMES_WRITTEN } from "../map/districts.js";
import { L } from "../map/leaflet.js";
import { tilesIn } from "./address.js";
import { BELOW_MARK, LEADING, layOut, wordsOf } from "./labels.js";

/** @typedef {import("./decoding.js").Tile} Tile */
/** @typedef {import("./labels.js").Words} Words */
/** @typedef {import("./palettes.js").Palette} Palette */
/**
 * @typedef {object} LabelCanvas
 * @property {() => void} schedule lay out before the next frame, once, whatever happened
 * @property {(palette: Palette, ratio: number) => void} restyle at once
 * @property {() => void} remove
 */

/** The canvas is larger than the map by this share on each side, so that words are there where people drag it to. */
const PADDING = 0.15;
const HALO = 3;

/**
 * @param {import("leaflet").Map} map
 * @param {{get: (address: import("./address.js").Address) => Tile | null}} store
 * @param {{deepest: number, palette: Palette, ratio: number}} options
 * @returns {LabelCanvas}
 */
export function addLabels(map, store, { deepest, palette, ratio }) {
  const pane = map.getPane("ground-labels") ?? map.createPane("ground-labels");
  pane.style.zIndex = "250";
  pane.style.pointerEvents = "none";
  const canvas = document.createElement("canvas");
  canvas.className = "ground-words leaflet-zoom-animated";
  canvas.setAttribute("aria-hidden", "true");
  pane.append(canvas);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const writing = writer(context, map.getContainer());

  let frame = 0;
  let mustReset = false;
  /** Where the canvas was drawn. @type {{corner: import("leaflet").LatLng, zoom: number} | null} */
  let drawn = null;
  /** @type {{origin: import("leaflet").Point, written: import("./labels.js").Written[]} | null} */
  let names = null;
  /** Candidates of each tile at the zoom that was drawn last. @type {WeakMap<Tile, {zoom: number, words: Words[]}>} */
  let candidates = new WeakMap();

  /** @param {Tile} tile @param {number} zoom @param {number} scale */
  const candidatesOf = (tile, zoom, scale) => {
    const kept = candidates.get(tile);
    if (kept?.zoom === zoom) return kept.words;
    const words = wordsOf(tile, { zoom, scale, enlarged: writing.enlarged }, writing.measure);
    candidates.set(tile, { zoom, words });
    return words;
  };

  function draw() {
    cancelAnimationFrame(frame);
    frame = 0;
    const zoom = map.getZoom();
    const size = map.getSize();
    const margin = size.multiplyBy(PADDING).round();
    const [width, height] = [size.x + 2 * margin.x, size.y + 2 * margin.y];
    const topLeft = map.containerPointToLayerPoint([-margin.x, -margin.y]);
    const world = topLeft.add(map.getPixelOrigin());
    const tiles = tilesIn({ left: world.x, top: world.y, width, height }, zoom, deepest).flatMap((placed) => {
      const tile = store.get(placed);
      return tile ? [{ ...placed, words: candidatesOf(tile, zoom, placed.scale) }] : [];
    });
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (mustReset || canvas.width !== columns || canvas.height !== rows) {
      // Setting a size empties the canvas, for which printers get one step less than for clearing it; `.ground-words` in
      // map.css keeps the ground below from being cleared as well.
      canvas.width = columns;
      canvas.height = rows;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      mustReset = false;
    } else {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, columns, rows);
    }
    const origin = map.getPixelOrigin();
    // Measured once for each zoom: it makes the browser lay out the page.
    if (!names?.origin.equals(origin)) names = { origin, written: namesOfDistricts(map) };
    const written = names.written.map(({ text, box: [left, top, right, bottom] }) => {
      const { x, y } = topLeft;
      return { text, box: /** @type {import("./labels.js").Box} */ ([left - x, top - y, right - x, bottom - y]) };
    });
    for (const label of layOut(tiles, { width, height }, written)) writing.write(label, palette, ratio);
    L.DomUtil.setTransform(canvas, topLeft, 1);
    drawn = { corner: map.layerPointToLatLng(topLeft), zoom };
  }

  function schedule() {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  function anew() {
    names = null;
    schedule();
  }

  /** While a zoom is animated: words grow or shrink with what they stand on. @param {import("leaflet").ZoomAnimEvent} event */
  function animate({ center, zoom }) {
    if (!drawn) return;
    // The place in layers whose origin is not set yet; all of Leaflet's own layers use it.
    const place = /** @type {any} */ (map)._latLngToNewLayerPoint(drawn.corner, zoom, center);
    L.DomUtil.setTransform(canvas, place, map.getZoomScale(zoom, drawn.zoom));
  }

  /** While two fingers zoom. */
  function follow() {
    if (!drawn) return;
    L.DomUtil.setTransform(canvas, map.latLngToLayerPoint(drawn.corner), map.getZoomScale(map.getZoom(), drawn.zoom));
  }

  map.on("moveend", schedule);
  map.on(NAMES_WRITTEN, anew);
  map.on("zoom", follow);
  map.on("zoomanim", animate);
  const fonts = () => {
    writing.forget();
    candidates = new WeakMap();
    schedule();
  };
  document.fonts?.addEventListener("loadingdone", fonts);
  schedule();

  return {
    schedule,
    restyle(wanted, pixels) {
      palette = wanted;
      mustReset = true;
      ratio = pixels;
      draw();
    },
    remove() {
      cancelAnimationFrame(frame);
      document.fonts?.removeEventListener("loadingdone", fonts);
      map.off("moveend", schedule);
      map.off(NAMES_WRITTEN, anew);
      map.off("zoom", follow);
      map.off("zoomanim", animate);
      canvas.remove();
    },
  };
}

/**
 * @param {import("leaflet").Map} map
 * @returns {import("./labels.js").Written[]} in pixels of the map's layers
 */
function namesOfDistricts(map) {
  const container = map.getContainer();
  const edge = container.getBoundingClientRect();
  const corner = map.containerPointToLayerPoint([0, 0]);
  return Array.from(container.querySelectorAll(".district-name span"), (name) => {
    const { left, top, right, bottom } = name.getBoundingClientRect();
    const [x, y] = [corner.x - edge.left, corner.y - edge.top];
    return { text: name.textContent ?? "", box: [left + x, top + y, right + x, bottom + y] };
  });
}

/**
 * Writes in the type of the page, larger where people have set larger type.
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} container
 */
function writer(context, container) {
  const family = getComputedStyle(container).fontFamily;
  const enlarged = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  /** Measuring is the slow part, and words stay as wide as they are. @type {Map<string, number>} */
  const widths = new Map();

  /** @param {import("./styles.js").LabelStyle} style */
  const fontOf = ({ size, weight, italic }) => `${italic ? "italic " : ""}${weight} ${size.toFixed(1)}px ${family}`;

  /** @type {import("./labels.js").Measure} */
  function measure(words, style) {
    const font = fontOf(style);
    const key = `${font}|${words}`;
    let width = widths.get(key);
    if (width === undefined) {
      context.font = font;
      width = context.measureText(words).width;
      widths.set(key, width);
    }
    return width;
  }

  /** @param {import("./labels.js").Placed} label @param {Palette} palette @param {number} ratio */
  function write({ words, x, y }, palette, ratio) {
    const { angle, lines, style } = words;
    const [cosine, sine] = [Math.cos(angle) * ratio, Math.sin(angle) * ratio];
    context.setTransform(cosine, sine, -sine, cosine, x * ratio, y * ratio);
    const ink = palette.ink[style.ink];
    const height = style.size * LEADING;
    if (style.mark) drawMark(context, style.mark, ink, palette.halo);
    context.font = fontOf(style);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = HALO;
    context.strokeStyle = palette.halo;
    context.fillStyle = ink;
    const first = style.mark ? BELOW_MARK + height / 2 : (-(lines.length - 1) * height) / 2;
    for (const [index, line] of lines.entries()) context.strokeText(line, 0, first + index * height);
    for (const [index, line] of lines.entries()) context.fillText(line, 0, first + index * height);
  }

  return { enlarged, measure, write, forget: () => widths.clear() };
}

/**
 * @param {CanvasRenderingContext2D} context whose origin is the place
 * @param {"square" | "diamond"} mark
 * @param {string} ink
 * @param {string} halo
 */
function drawMark(context, mark, ink, halo) {
  const half = mark === "square" ? 3.5 : 4.5;
  context.beginPath();
  if (mark === "square") context.rect(-half, -half, 2 * half, 2 * half);
  else {
    context.moveTo(0, -half);
    context.lineTo(half, 0);
    context.lineTo(0, half);
    context.lineTo(-half, 0);
    context.closePath();
  }
  context.lineWidth = HALO;
  context.strokeStyle = halo;
  context.stroke();
  context.fillStyle = ink;
  context.fill();
}
