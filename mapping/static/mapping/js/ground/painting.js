/** Paints a tile of the ground on a canvas: everything but its words (`labels.js`). */

import { areasAt, LINE_ORDER, lineStyle, sleepers } from "./styles.js";

/** @typedef {import("./decoding.js").Tile} Tile */
/** @typedef {import("./palettes.js").Palette} Palette */
/**
 * @typedef {object} Shapes the outlines of a tile in its own units, one path a class
 * @property {Map<string, Path2D>} areas
 * @property {Map<string, Path2D>} lines
 * @property {Map<string, Path2D>} tunnels
 */

const RAIL = "rail";

/** @type {WeakMap<Tile, Shapes>} */
const known = new WeakMap();

/**
 * @param {Tile} tile
 * @returns {Shapes}
 */
function shapesOf(tile) {
  let shapes = known.get(tile);
  if (!shapes) {
    shapes = {
      areas: pathsOf(tile.areas),
      lines: pathsOf(tile.lines.filter(({ tunnel }) => !tunnel)),
      tunnels: pathsOf(tile.lines.filter(({ tunnel }) => tunnel)),
    };
    known.set(tile, shapes);
  }
  return shapes;
}

/** @param {import("./decoding.js").Feature[]} features */
function pathsOf(features) {
  /** @type {Map<string, Path2D>} */
  const paths = new Map();
  for (const { kind, parts } of features) {
    let path = paths.get(kind);
    if (!path) {
      path = new Path2D();
      paths.set(kind, path);
    }
    for (const part of parts) {
      path.moveTo(part[0], part[1]);
      for (let index = 2; index < part.length; index += 2) path.lineTo(part[index], part[index + 1]);
    }
  }
  return paths;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Tile | null} tile null: nothing is known of this place, which stays transparent
 * @param {import("./address.js").Part} part of the tile that the canvas shows
 * @param {{zoom: number, ratio: number, palette: Palette}} look zoom of the map; pixels of the canvas per pixel of the screen
 */
export function paintTile(context, tile, part, { zoom, ratio, palette }) {
  if (!tile) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = palette.land;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  const { areas, lines, tunnels } = shapesOf(tile);
  const scale = part.scale * ratio;
  context.setTransform(scale, 0, 0, scale, -part.left * ratio, -part.top * ratio);
  context.lineJoin = "round";

  for (const kind of areasAt(zoom)) {
    const path = areas.get(kind);
    if (!path) continue;
    context.fillStyle = palette.areas[kind];
    context.fill(path, "nonzero"); // Outer rings and holes wind in opposite directions (section 4.3.4.4).
  }

  /** @param {Path2D} path @param {string} colour @param {number} pixels @param {number[]} dash */
  const stroke = (path, colour, pixels, dash = []) => {
    context.strokeStyle = colour;
    context.lineWidth = pixels / part.scale;
    context.setLineDash(dash.map((length) => length / part.scale));
    context.lineCap = dash.length > 0 ? "butt" : "round";
    context.stroke(path);
  };
  for (const kind of LINE_ORDER) {
    const style = lineStyle(kind, zoom, true);
    const path = tunnels.get(kind);
    if (style && path) stroke(path, palette.lines[kind], style.width, style.dash);
  }
  const shown = LINE_ORDER.flatMap((kind) => {
    const style = lineStyle(kind, zoom);
    const path = lines.get(kind);
    return style && path ? [{ kind, style, path }] : [];
  });
  for (const { kind, style, path } of shown) {
    if (!style.casing && kind !== RAIL) stroke(path, palette.lines[kind], style.width, style.dash);
  }
  for (const { style, path } of shown) {
    if (style.casing) stroke(path, style.isStrong ? palette.strongCasing : palette.casing, style.casing);
  }
  for (const { kind, style, path } of shown) {
    if (style.casing) stroke(path, palette.lines[kind], style.width);
  }
  const rail = lines.get(RAIL);
  const railStyle = lineStyle(RAIL, zoom);
  if (!rail || !railStyle) return;
  stroke(rail, palette.lines[RAIL], railStyle.width);
  const gaps = sleepers(zoom);
  if (gaps) stroke(rail, palette.gap, gaps.width, gaps.dash);
}
