/** The cells that a map shows: their numbers, their order, their classes. Knows nothing of maps or pages. */

import { classFor } from "./classes.js";

/** @typedef {import("./grids.js").Grid} Grid */
/** @typedef {import("./grids.js").Shape} Shape */
/** @typedef {import("./grids.js").Row} Row */
/** @typedef {import("./classes.js").ValueClass} ValueClass */
/** @typedef {"contributions" | "participants" | "support" | "opposition" | "balance" | "mean"} Measure */
/** @typedef {{grid: string, size: number, cells: Row[]}} Compact the API's compact form */
/** @typedef {{shape: Shape, value: number, contributions: number, participants: number}} HeatCell */
/**
 * @typedef {{shape: Shape, value: number, before: number, after: number, p: number | null, verdict: string}} ChangeCell
 * `verdict`: `more`, `fewer` or `none`, after the correction for many cells
 */

/** @template {{shape: Shape, value: number}} C */
export class CellSet {
  /**
   * @param {C[]} cells
   * @param {Grid} grid
   * @param {ValueClass[]} classes
   */
  constructor(cells, grid, classes) {
    this.grid = grid;
    this.classes = classes;
    /** Highest first: the order in which the keyboard walks through them. */
    this.cells = [...cells].sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || b.value - a.value);
    /** @type {Map<string, number>} */
    this.positions = new Map(this.cells.map((cell, index) => [cell.shape.id, index]));
  }

  /** The step of the ramp in which a cell is drawn, from 0. @param {C} cell */
  stepOf(cell) {
    return classFor(this.classes, cell.value)?.step ?? 0;
  }

  /** The position in `cells` of the one that holds a place, -1 where there is none. @param {number} lon @param {number} lat */
  at(lon, lat) {
    return this.byId(this.grid.at(lon, lat));
  }

  /** The position of a cell, else -1. @param {string} id */
  byId(id) {
    return this.positions.get(id) ?? -1;
  }

  /** @param {string} id @returns {C | undefined} */
  get(id) {
    return this.cells[this.byId(id)];
  }
}

/**
 * The cells of a heat map. Cells without a value of the measure are left out: zero stays transparent, but in a balance.
 * @param {Compact} compact
 * @param {Grid} grid
 * @param {Measure} measure
 * @returns {HeatCell[]}
 */
export function heatCells(compact, grid, measure) {
  const position = { contributions: 0, participants: 1, support: 2, opposition: 2, balance: 2, mean: 2 }[measure];
  const keepsZero = measure === "mean" || measure === "balance";
  return compact.cells.flatMap((row) => {
    const numbers = row.slice(grid.places);
    const value = numbers[position];
    const shape = grid.shape(row);
    if (!shape || value === null || value === undefined || (!keepsZero && Number(value) <= 0)) return [];
    return [{ shape, value: Number(value), contributions: Number(numbers[0]), participants: Number(numbers[1]) }];
  });
}

/**
 * The cells of a change between two periods.
 * @param {Compact} compact
 * @param {Grid} grid
 * @returns {ChangeCell[]}
 */
export function changeCells(compact, grid) {
  return compact.cells.flatMap((row) => {
    const [before, after, difference, , adjusted, verdict] = row.slice(grid.places);
    const shape = grid.shape(row);
    if (!shape) return [];
    const p = adjusted === null ? null : Number(adjusted);
    return [
      {
        shape,
        value: Number(difference),
        before: Number(before),
        after: Number(after),
        p,
        verdict: String(verdict),
      },
    ];
  });
}
