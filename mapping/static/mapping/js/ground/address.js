/**
 * Which tile of the city's ground lies under a place of the map.
 *
 * Tiles of the map and of the ground are squares of 512 pixels at map zoom = data zoom + 1. Beyond the deepest data zoom
 * a tile of the map shows a part of one tile of the ground, drawn larger.
 */

/** Pixels of a tile on the screen. */
export const TILE = 512;
/** Units of a tile's own coordinates (MVT 2, `extent`). */
export const EXTENT = 4096;

/** @typedef {{z: number, x: number, y: number}} Address of a tile of the ground, as in its URL */
/**
 * @typedef {Address & {scale: number, left: number, top: number}} Part
 *   of a tile of the ground: pixels per unit, and the pixels of the ground's tile left of and above the map's tile
 */
/**
 * @typedef {Address & {scale: number, left: number, top: number}} Placed
 *   a tile of the ground in a view: pixels per unit, and where its corner lies in pixels of the view
 */

/**
 * @param {string} template with `{z}`, `{x}` and `{y}`
 * @param {Address} address
 */
export function urlOf(template, { z, x, y }) {
  return template.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
}

/** @param {Address} address */
export function keyOf({ z, x, y }) {
  return `${z}/${x}/${y}`;
}

/**
 * @param {number} zoom of the map, may be fractional
 * @param {number} deepest data zoom
 */
export function dataZoom(zoom, deepest) {
  return Math.max(0, Math.min(deepest, Math.round(zoom) - 1));
}

/**
 * What a tile of the map shows.
 * @param {Address} tile of 512 pixels at the map's zoom `z`
 * @param {number} deepest data zoom
 * @returns {Part}
 */
export function partOf({ z, x, y }, deepest) {
  const data = dataZoom(z, deepest);
  const factor = 2 ** (z - 1 - data);
  return {
    z: data,
    x: Math.floor(x / factor),
    y: Math.floor(y / factor),
    scale: (TILE * factor) / EXTENT,
    left: (x % factor) * TILE,
    top: (y % factor) * TILE,
  };
}

/**
 * The tiles of the ground under a view.
 * @param {{left: number, top: number, width: number, height: number}} view pixels of the world at `zoom`
 * @param {number} zoom of the map, may be fractional
 * @param {number} deepest data zoom
 * @returns {Placed[]}
 */
export function tilesIn(view, zoom, deepest) {
  const z = dataZoom(zoom, deepest);
  const size = TILE * 2 ** (zoom - 1 - z);
  const count = 2 ** z;
  const tiles = [];
  const lastRow = Math.min(count - 1, Math.floor((view.top + view.height) / size));
  for (let row = Math.max(0, Math.floor(view.top / size)); row <= lastRow; row += 1) {
    for (let column = Math.floor(view.left / size); column * size <= view.left + view.width; column += 1) {
      tiles.push({
        z,
        x: ((column % count) + count) % count,
        y: row,
        scale: size / EXTENT,
        left: column * size - view.left,
        top: row * size - view.top,
      });
    }
  }
  return tiles;
}
