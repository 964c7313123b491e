/** Cells of a heat map: what is in them, into which class they fall. Knows nothing of maps or pages. */

import { toLaea, toLonLat } from "./projection.js";

/** @typedef {"contributions" | "participants"} Measure */
/**
 * The API's compact form: `cells` are [east, north, contributions, participants], corners in metres of EPSG:3035.
 * @typedef {object} CompactHeatmap
 * @property {number} size metres
 * @property {[number, number, number, number][]} cells
 */
/** @typedef {{east: number, north: number, contributions: number, participants: number}} Cell */
/** @typedef {{low: number, high: number, cells: number, step: number}} HeatClass both limits included; step of the ramp */

export const CLASSES = 5;

/** Which steps of the ramp one, two, ... classes take: few classes leave out the palest one and still end dark. */
const STEPS = [[], [2], [1, 3], [1, 2, 4], [1, 2, 3, 4], [0, 1, 2, 3, 4]];

/** The numbers that people read easily, within one power of ten. */
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

export class CellSet {
  /** @param {CompactHeatmap} compact @param {Measure} measure */
  constructor(compact, measure) {
    this.size = compact.size;
    this.measure = measure;
    /** Fullest first: the order in which the keyboard walks through them. @type {Cell[]} */
    this.cells = compact.cells
      .map(([east, north, contributions, participants]) => ({ east, north, contributions, participants }))
      .filter((cell) => cell[measure] > 0)
      .sort(
        (a, b) => b[measure] - a[measure] || b.contributions - a.contributions || a.north - b.north || a.east - b.east,
      );
    /** Imported contributions come without people: their number is unknown then, not zero. */
    this.knowsPeople = this.cells.some(({ participants }) => participants > 0);
    this.classes = classesOf(this.cells.map((cell) => cell[measure]));
    /** @type {Map<string, number>} */
    this.positions = new Map(this.cells.map((cell, index) => [keyOf(cell.east, cell.north), index]));
  }

  /** The step of the ramp in which a cell is drawn, from 0. @param {Cell} cell */
  stepOf(cell) {
    const value = cell[this.measure];
    return this.classes.find((one) => value <= one.high)?.step ?? 0;
  }

  /**
   * The position in `cells` of the one that holds a place, -1 where nothing was placed.
   * @param {number} lon
   * @param {number} lat
   */
  at(lon, lat) {
    const [east, north] = toLaea(lon, lat);
    return this.#find(Math.floor(east / this.size) * this.size, Math.floor(north / this.size) * this.size);
  }

  /** The middle of a cell: longitude, latitude. @param {Cell} cell */
  centreOf({ east, north }) {
    return toLonLat(east + this.size / 2, north + this.size / 2);
  }

  /** The position of a cell by its official id, else -1. @param {string} id */
  byId(id) {
    const match = id.match(/^CRS3035RES(\d+)mN(\d+)E(\d+)$/);
    return match && Number(match[1]) === this.size ? this.#find(Number(match[3]), Number(match[2])) : -1;
  }

  /** @param {number} east @param {number} north */
  #find(east, north) {
    return this.positions.get(keyOf(east, north)) ?? -1;
  }
}

/** The official id (GeoGitter, INSPIRE). @param {Cell} cell @param {number} size */
export function idOf(cell, size) {
  return `CRS3035RES${size}mN${cell.north}E${cell.east}`;
}

/**
 * The corners of a cell in longitude and latitude, counterclockwise from the south-west.
 * @param {Cell} cell
 * @param {number} size
 * @returns {[number, number][]}
 */
export function cornersOf({ east, north }, size) {
  return [
    toLonLat(east, north),
    toLonLat(east + size, north),
    toLonLat(east + size, north + size),
    toLonLat(east, north + size),
  ];
}

/**
 * At most five classes of whole numbers without gaps, each about the same factor wider than the one before: numbers of
 * contributions are skewed (many cells with one, few with hundreds), equal steps would put all but one cell into the
 * first class. Few different values get a class each.
 * @param {number[]} values positive whole numbers
 * @returns {HeatClass[]}
 */
export function classesOf(values) {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length === 0) return [];
  const highest = distinct[distinct.length - 1];
  const limits = distinct.length <= CLASSES ? distinct : geometricLimits(distinct[0], highest);
  return limits.map((high, index) => {
    const low = index === 0 ? distinct[0] : limits[index - 1] + 1;
    const inside = values.filter((value) => value >= low && value <= high);
    // A class of one value says just that: limits that nothing reaches would promise more than there is.
    return {
      low: distinct.length <= CLASSES ? high : low,
      high,
      cells: inside.length,
      step: STEPS[limits.length][index],
    };
  });
}

/** @param {number} lowest @param {number} highest */
function geometricLimits(lowest, highest) {
  /** @type {number[]} */
  const limits = [];
  for (let index = 1; index < CLASSES; index += 1) {
    const wanted = roundNumber(lowest * (highest / lowest) ** (index / CLASSES));
    const least = index === 1 ? lowest : limits[index - 2] + 1;
    limits.push(Math.min(Math.max(wanted, least), highest - CLASSES + index));
  }
  return [...limits, highest];
}

/** @param {number} value */
function roundNumber(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const near = ROUND.reduce((best, one) =>
    Math.abs(one * power - value) < Math.abs(best * power - value) ? one : best,
  );
  return Math.max(1, Math.round(near * power));
}

/** @param {number} east @param {number} north */
function keyOf(east, north) {
  return `${east}/${north}`;
}
