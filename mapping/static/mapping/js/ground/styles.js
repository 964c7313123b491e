/**
 * What is drawn at which zoom, and how wide or large: pure tables, colours are in `palettes.js`.
 *
 * Zooms are those of the map (tiles of 512 pixels: data zoom + 1), widths and sizes pixels of the screen.
 */

/** @typedef {[zoom: number, value: number][]} Stops */
/**
 * @typedef {object} LineStyle
 * @property {number} width
 * @property {number} casing width with its casing; 0: none
 * @property {boolean} isStrong whether the casing is the strong one
 * @property {number[]} dash empty: drawn through
 */
/**
 * @typedef {object} LabelStyle
 * @property {number} size of the type
 * @property {400 | 500 | 600} weight
 * @property {boolean} italic
 * @property {keyof import("./palettes.js").Palette["ink"]} ink
 * @property {"" | "square" | "diamond"} mark drawn at the point, the words below it
 */

/** Areas from below to above, with the zoom from which they are drawn. */
const AREAS = /** @type {[kind: string, from: number][]} */ ([
  ["built", 0],
  ["farm", 11],
  ["industry", 11],
  ["wood", 0],
  ["park", 11],
  ["water", 0],
]);

/**
 * Lines from below to above.
 * @type {{kind: string, from: number, width: Stops, cased?: number, strong?: boolean, dash?: [number, number]}[]}
 */
const LINES = [
  // biome-ignore format: a table
  { kind: "river", from: 8, width: [[8, 0.8], [12, 1.8], [16, 5], [20, 20]] },
  // biome-ignore format: a table
  { kind: "path", from: 15, width: [[14, 0.8], [16, 1.3], [20, 4]], dash: [3, 2] },
  // biome-ignore format: a table
  { kind: "cycle", from: 14, width: [[13, 0.8], [16, 1.6], [20, 5]], dash: [4, 1.5] },
  // biome-ignore format: a table
  { kind: "street", from: 12, width: [[12, 0.5], [14, 1.6], [16, 6], [18, 15], [20, 34]], cased: 14 },
  // biome-ignore format: a table
  { kind: "secondary", from: 10, width: [[10, 0.7], [12, 1.6], [14, 3.6], [16, 9], [18, 19], [20, 40]], cased: 12 },
  // biome-ignore format: a table
  { kind: "primary", from: 8, width: [[8, 0.8], [12, 2.4], [14, 4.8], [16, 11], [18, 22], [20, 44]], cased: 11, strong: true },
  // biome-ignore format: a table
  { kind: "motorway", from: 5, width: [[5, 0.8], [10, 2.2], [14, 6], [16, 12], [20, 48]], cased: 9, strong: true },
  // biome-ignore format: a table
  { kind: "rail", from: 9, width: [[9, 0.7], [13, 1.4], [16, 3], [20, 6]] },
];

/** From this zoom a railway is a line with gaps of a lighter colour; further out a plain one. */
const SLEEPERS = 13;
/** Dashes of tunnels, in widths of the line. */
const TUNNEL = [2.2, 1.6];

const BY_KIND = new Map(LINES.map((line) => [line.kind, line]));

/** Classes of lines from below to above. */
export const LINE_ORDER = LINES.map(({ kind }) => kind);

/**
 * Classes of areas from below to above that are drawn at a zoom.
 * @param {number} zoom
 */
export function areasAt(zoom) {
  return AREAS.filter(([, from]) => zoom >= from).map(([kind]) => kind);
}

/**
 * @param {string} kind class of a line
 * @param {number} zoom
 * @param {boolean} [tunnel]
 * @returns {LineStyle | null} null: not drawn at this zoom, or an unknown class
 */
export function lineStyle(kind, zoom, tunnel = false) {
  const line = BY_KIND.get(kind);
  if (!line || zoom < line.from) return null;
  const width = valueAt(line.width, zoom);
  const isCased = line.cased !== undefined && zoom >= line.cased;
  const dash = tunnel ? TUNNEL : (line.dash ?? []);
  return {
    width,
    casing: isCased ? width + (zoom >= 16 ? 2 : 1.4) : 0,
    isStrong: line.strong ?? false,
    dash: dash.map((part) => part * width),
  };
}

/**
 * Width and dashes of the gaps in a railway's line.
 * @param {number} zoom
 * @returns {{width: number, dash: number[]} | null}
 */
export function sleepers(zoom) {
  const style = zoom >= SLEEPERS ? lineStyle("rail", zoom) : null;
  return style && { width: style.width * 0.55, dash: [style.width * 3.2, style.width * 3.2] };
}

/**
 * Words at points: from which zoom (of rank 5; a rank more important is a quarter of a zoom earlier), up to which.
 * @type {Record<string, Omit<LabelStyle, "size"> & {from: number, until: number, size: Stops}>}
 */
const POINTS = {
  // biome-ignore format: a table
  city: { from: 6, until: 14, size: [[8, 14], [14, 22]], weight: 600, italic: false, ink: "place", mark: "" },
  // biome-ignore format: a table
  district: { from: 11.5, until: 17, size: [[11, 12], [16, 16]], weight: 600, italic: false, ink: "quiet", mark: "" },
  // biome-ignore format: a table
  village: { from: 11, until: 17, size: [[11, 12], [16, 16]], weight: 500, italic: false, ink: "place", mark: "" },
  // biome-ignore format: a table
  quarter: { from: 13, until: 18, size: [[13, 12], [17, 15]], weight: 500, italic: false, ink: "quiet", mark: "" },
  // biome-ignore format: a table
  park: { from: 13.5, until: 20, size: [[13, 11], [17, 13]], weight: 500, italic: false, ink: "green", mark: "" },
  // biome-ignore format: a table
  water: { from: 12.5, until: 20, size: [[12, 11], [17, 13]], weight: 500, italic: true, ink: "water", mark: "" },
  // biome-ignore format: a table
  station: { from: 13, until: 20, size: [[12, 11], [17, 13]], weight: 600, italic: false, ink: "point", mark: "square" },
  // biome-ignore format: a table
  landmark: { from: 14, until: 20, size: [[13, 11], [17, 13]], weight: 500, italic: false, ink: "point", mark: "diamond" },
};

/**
 * Names along lines: from which zoom, and their place in the order of ranks.
 * @type {Record<string, {from: number, rank: number}>}
 */
const NAMED_LINES = {
  motorway: { from: 12, rank: 5.5 },
  primary: { from: 13, rank: 6 },
  river: { from: 13, rank: 6.5 },
  secondary: { from: 14, rank: 7 },
  street: { from: 15, rank: 8 },
  cycle: { from: 16, rank: 9.5 },
  path: { from: 16, rank: 9.5 },
};

/**
 * @param {string} kind class of a label
 * @param {number} rank 1 (most important) to 9
 * @param {number} zoom
 * @returns {LabelStyle | null} null: not written at this zoom, or an unknown class
 */
export function labelStyle(kind, rank, zoom) {
  const label = POINTS[kind];
  if (!label || zoom < label.from + (rank - 5) / 4 || zoom > label.until) return null;
  const { weight, italic, ink, mark } = label;
  return { size: valueAt(label.size, zoom), weight, italic, ink, mark };
}

/**
 * @param {string} kind class of a line
 * @param {number} zoom
 * @returns {(LabelStyle & {rank: number}) | null}
 */
export function nameStyle(kind, zoom) {
  const line = NAMED_LINES[kind];
  if (!line || zoom < line.from) return null;
  const isWater = kind === "river";
  return {
    rank: line.rank,
    size: zoom >= 17 ? 13 : zoom >= 15 ? 12 : 11,
    weight: 500,
    italic: isWater,
    ink: isWater ? "water" : "street",
    mark: "",
  };
}

/**
 * Between two stops values grow in a straight line; outside they stay.
 * @param {Stops} stops
 * @param {number} zoom
 */
export function valueAt(stops, zoom) {
  const after = stops.findIndex(([at]) => at >= zoom);
  if (after === 0) return stops[0][1];
  if (after === -1) return stops[stops.length - 1][1];
  const [zoom1, value1] = stops[after - 1];
  const [zoom2, value2] = stops[after];
  return value1 + ((value2 - value1) * (zoom - zoom1)) / (zoom2 - zoom1);
}
