/**
 * Which words stand on the map, and where. All loaded tiles of a view are laid out in one pass, the most important words
 * first; words that would cover others are left out.
 *
 * `wordsOf` is computed once for each tile and zoom; `layOut` alone runs whenever the map has moved.
 */

import { EXTENT } from "./address.js";
import { placesAlong } from "./names.js";
import { labelStyle, nameStyle } from "./styles.js";

/** @typedef {import("./styles.js").LabelStyle} LabelStyle */
/** @typedef {(words: string, style: LabelStyle) => number} Measure width of one line of words, pixels */
/**
 * @typedef {object} Words a candidate for the map
 * @property {string} text
 * @property {string[]} lines the text in one or two lines
 * @property {LabelStyle} style
 * @property {number} rank less is more important
 * @property {number} x middle of the words or their mark, in units of its tile
 * @property {number} y
 * @property {number} angle radians
 * @property {number} width pixels, of the widest line
 * @property {number} height pixels, of all lines
 */
/**
 * @typedef {object} Situation
 * @property {number} zoom of the map
 * @property {number} scale pixels per unit of the tile at this zoom
 * @property {number} enlarged how much larger than usual people read, 1: as usual
 */
/** @typedef {{words: Words, x: number, y: number}} Placed a label on the canvas, pixels */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box */
/** @typedef {{text: string, box: Box}} Written words that something else has written, pixels of the canvas */

/** Longer words at a point stand in two lines, pixels. */
const WIDEST = 110;
/** Height of a line of words, in sizes of their type. */
export const LEADING = 1.2;
/** Pixels from the middle of a mark to the words below it. */
export const BELOW_MARK = 6;
/** The name of a line is written again after so many pixels; between two equal names are at least so many. */
const REPEAT = 420;
const APART = 260;
/** Room around words, pixels. */
const MARGIN = 3;

/**
 * @param {import("./decoding.js").Tile} tile
 * @param {Situation} situation
 * @param {Measure} measure
 * @returns {Words[]}
 */
export function wordsOf(tile, situation, measure) {
  return [...pointWords(tile, situation, measure), ...lineWords(tile, situation, measure)];
}

/**
 * @param {import("./decoding.js").Tile} tile
 * @param {Situation} situation
 * @param {Measure} measure
 * @returns {Words[]}
 */
function pointWords(tile, { zoom, enlarged }, measure) {
  const found = [];
  for (const { kind, name, rank, parts } of tile.labels) {
    const usual = name ? labelStyle(kind, rank, zoom) : null;
    if (!usual) continue;
    const style = { ...usual, size: usual.size * enlarged };
    const lines = inLines(name, style, measure);
    const width = Math.max(...lines.map((line) => measure(line, style)));
    const height = lines.length * style.size * LEADING;
    for (const [x, y] of parts) {
      if (isWithin(x, y)) found.push({ text: name, lines, style, rank, x, y, angle: 0, width, height });
    }
  }
  return found;
}

/**
 * @param {import("./decoding.js").Tile} tile
 * @param {Situation} situation
 * @param {Measure} measure
 * @returns {Words[]}
 */
function lineWords(tile, { zoom, scale, enlarged }, measure) {
  const found = [];
  for (const { kind, name, tunnel, parts } of tile.lines) {
    const usual = tunnel || !name ? null : nameStyle(kind, zoom);
    if (!usual) continue;
    const style = { ...usual, size: usual.size * enlarged };
    const width = measure(name, style);
    for (const part of parts) {
      for (const { x, y, angle } of placesAlong(part, (width + 2 * MARGIN) / scale, REPEAT / scale)) {
        if (!isWithin(x, y)) continue;
        const height = style.size * LEADING;
        found.push({ text: name, lines: [name], style, rank: style.rank, x, y, angle, width, height });
      }
    }
  }
  return found;
}

/** What lies in the margin of a tile is another tile's own. @param {number} x @param {number} y */
function isWithin(x, y) {
  return x >= 0 && y >= 0 && x < EXTENT && y < EXTENT;
}

/**
 * @param {string} text
 * @param {LabelStyle} style
 * @param {Measure} measure
 * @returns {string[]} one line, or two of much the same length
 */
export function inLines(text, style, measure) {
  if (measure(text, style) <= WIDEST) return [text];
  /** @type {{lines: string[], width: number} | null} */
  let best = null;
  for (const { index } of text.matchAll(/ /g)) {
    const lines = [text.slice(0, index), text.slice(index + 1)];
    const width = Math.max(...lines.map((line) => measure(line, style)));
    if (!best || width < best.width) best = { lines, width };
  }
  return best?.lines ?? [text];
}

/**
 * @param {{words: Words[], scale: number, left: number, top: number}[]} tiles words, and where the tile lies on the canvas
 * @param {{width: number, height: number}} view
 * @param {Written[]} [written] these keep their room, and nothing is written twice
 * @returns {Placed[]}
 */
export function layOut(tiles, view, written = []) {
  const candidates = tiles.flatMap(({ words, scale, left, top }) =>
    words.map((one) => ({ words: one, x: left + one.x * scale, y: top + one.y * scale })),
  );
  // Equal ranks by text and place in the city, so that the same words win wherever the view lies.
  candidates.sort(
    ({ words: one }, { words: other }) =>
      one.rank - other.rank || (one.text < other.text ? -1 : one.text > other.text ? 1 : one.x - other.x),
  );
  const taken = new Taken();
  for (const { box } of written) taken.add(box);
  const elsewhere = new Set(written.map(({ text }) => text));
  /** @type {Map<string, Placed[]>} */
  const said = new Map();
  /** @type {Placed[]} */
  const placed = [];
  for (const candidate of candidates) {
    if (elsewhere.has(candidate.words.text)) continue;
    const boxes = boxesOf(candidate);
    if (!boxes.every((box) => isInside(box, view))) continue;
    const equal = said.get(candidate.words.text) ?? [];
    if (equal.some(({ x, y }) => Math.hypot(x - candidate.x, y - candidate.y) < APART)) continue;
    if (boxes.some((box) => taken.has(box))) continue;
    for (const box of boxes) taken.add(box);
    said.set(candidate.words.text, [...equal, candidate]);
    placed.push(candidate);
  }
  return placed;
}

/**
 * The room of a label; words along a line are covered by a row of squares.
 * @param {Placed} placed
 * @returns {Box[]}
 */
export function boxesOf({ words, x, y }) {
  const { width, height, angle, style } = words;
  if (angle === 0) {
    const half = width / 2 + MARGIN;
    if (!style.mark) return [[x - half, y - height / 2 - MARGIN, x + half, y + height / 2 + MARGIN]];
    return [[x - half, y - BELOW_MARK - MARGIN, x + half, y + BELOW_MARK + height + MARGIN]];
  }
  const count = Math.max(1, Math.ceil(width / height));
  const half = height / 2 + MARGIN;
  return Array.from({ length: count }, (_, index) => {
    const along = ((index + 0.5) / count - 0.5) * width;
    const middleX = x + Math.cos(angle) * along;
    const middleY = y + Math.sin(angle) * along;
    return /** @type {Box} */ ([middleX - half, middleY - half, middleX + half, middleY + half]);
  });
}

/** @param {Box} box @param {{width: number, height: number}} view */
function isInside([left, top, right, bottom], { width, height }) {
  return left >= 0 && top >= 0 && right <= width && bottom <= height;
}

/** Boxes that are in use, found by squares of the canvas. */
class Taken {
  /** @type {Map<string, Box[]>} */
  #squares = new Map();

  /** @param {Box} box */
  has(box) {
    for (const square of squaresOf(box)) {
      const others = this.#squares.get(square);
      if (others?.some((other) => meet(box, other))) return true;
    }
    return false;
  }

  /** @param {Box} box */
  add(box) {
    for (const square of squaresOf(box)) {
      const others = this.#squares.get(square);
      if (others) others.push(box);
      else this.#squares.set(square, [box]);
    }
  }
}

const SQUARE = 80;

/** @param {Box} box */
function* squaresOf([left, top, right, bottom]) {
  for (let row = Math.floor(top / SQUARE); row * SQUARE <= bottom; row += 1) {
    for (let column = Math.floor(left / SQUARE); column * SQUARE <= right; column += 1) yield `${row} ${column}`;
  }
}

/** @param {Box} one @param {Box} other */
function meet(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}
