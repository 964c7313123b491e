/** What the maps show in each mode of the page, loaded from the API: cells, two selections side by side, a change. */

import { fetchJson } from "../../site/api.js";
import { CellSet, changeCells, heatCells } from "./cells.js";
import { changeClassesOf, classesOf, classFor } from "./classes.js";
import { gridFor } from "./grids.js";
import { changeEntries, heatEntries, outlineEntries, surfaceEntries } from "./legend.js";
import { outlineOf } from "./outline.js";
import { contributions, formatted, participants, signed, valued } from "./words.js";

/** @typedef {import("./cells.js").CellSet<any>} AnyCells */
/** @typedef {import("./cells.js").Measure} Measure */
/** @typedef {import("./cells.js").HeatCell} HeatCell */
/** @typedef {import("./cells.js").Compact} Compact */
/** @typedef {import("./grids.js").Grid} Grid */
/** @typedef {import("./cell-layer.js").Outline} Outline */
/** @typedef {{picture: string, bounds: [number, number, number, number]}} Surface */
/**
 * What one map draws.
 * @typedef {object} Layer
 * @property {AnyCells} set
 * @property {"heat" | "change"} ramp
 * @property {(cell: any) => string} label number within a cell
 * @property {Outline[]} outlines
 * @property {Surface | null} surface in place of the cells
 */
/**
 * @typedef {object} Shown
 * @property {Layer[]} layers one for each map
 * @property {AnyCells} cells those that people walk through and point at
 * @property {(cell: any) => string} describe
 * @property {{title: string, entries: import("./legend.js").Entry[], note: string}} legend
 * @property {string} problem what could not be shown besides
 */
/** @typedef {{data: DOMStringMap, signal?: AbortSignal}} Asked `data` of `#heatmap-facts` */

/** @param {Asked} asked @returns {Promise<Shown>} */
export function load(asked) {
  if (asked.data.mode === "compare") return loadTwo(asked);
  if (asked.data.mode === "change") return loadChange(asked);
  return loadOne(asked);
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function loadOne({ data, signal }) {
  const [compact, surface, hotspots] = await Promise.all([
    fetchJson(data.cells ?? "", { signal }),
    data.surface ? fetchJson(data.surface, { signal }) : null,
    data.hotspots ? fetchJson(data.hotspots, { signal }).catch(unlessAborted) : null,
  ]);
  const grid = await gridFor(compact, data.districts ?? "");
  const { cells, classes, label } = classified(compact, grid, data);
  const set = new CellSet(cells, grid, classes);
  const found = significant(hotspots?.cells ?? [], grid, { up: "hot", down: "cold" });
  const outlined = hotspots?.cells ? outlineEntries(found.numbers, hotTitles(), grid.kind === "district") : [];
  return {
    layers: [
      {
        set,
        ramp: rampOf(data),
        label: (cell) => label(cell.value),
        outlines: found.outlines,
        surface: surface?.bounds ? surface : null,
      },
    ],
    cells: set,
    describe: (cell) => inWords(cell, data),
    legend: surface
      ? {
          title: interpolate(gettext("%s, smoothed over %s m"), [
            gettext("Contributions per km²"),
            formatted(surface.bandwidth),
          ]),
          entries: [...surfaceEntries(surface.classes), ...outlined],
          note: gettext("A surface guesses between places; the cells do not."),
        }
      : {
          title: titleOf(data.measureTitle ?? "", grid),
          entries: [...entriesOf(classes, grid, data), ...outlined],
          note: cells.length > 0 ? emptyNote(grid) : gettext("No cell: nothing with a place was counted."),
        },
    problem: hotspots?.problem ?? "",
  };
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function loadTwo({ data, signal }) {
  const [first, second] = await Promise.all([
    fetchJson(data.cells ?? "", { signal }),
    fetchJson(data.other ?? "", { signal }),
  ]);
  const grid = await gridFor(first, data.districts ?? "");
  const measure = /** @type {Measure} */ (data.measure);
  const sides = [heatCells(first, grid, measure), heatCells(second, grid, measure)];
  const label = labelOf(data);
  const classes = classesFor(
    sides.flat().map(({ value }) => value),
    data,
  );
  const sets = sides.map((cells) => new CellSet(cells, grid, classes));
  /** @type {Map<string, {shape: import("./grids.js").Shape, value: number, a: number, b: number}>} */
  const both = new Map();
  sides.forEach((cells, side) => {
    for (const { shape, value } of cells) {
      const one = both.get(shape.id) ?? { shape, value: 0, a: 0, b: 0 };
      if (side === 0) one.a = value;
      else one.b = value;
      one.value = one.b - one.a;
      both.set(shape.id, one);
    }
  });
  return {
    layers: sets.map((set) => ({
      set,
      ramp: rampOf(data),
      label: (cell) => label(cell.value),
      outlines: [],
      surface: null,
    })),
    cells: new CellSet([...both.values()], grid, []),
    describe: ({ a, b, value }) =>
      interpolate(gettext("A: %s · B: %s · difference %s"), [label(a), label(b), signed(value)]),
    legend: {
      title: titleOf(data.measureTitle ?? "", grid),
      entries: entriesOf(classes, grid, data).map((entry, index) => ({
        ...entry,
        number: sets
          .map((set, side) => `${"AB"[side]} ${formatted(countIn(set, classesShown(classes, data)[index]))}`)
          .join(" · "),
      })),
      note: gettext("Both maps share their colours; the numbers are cells."),
    },
    problem: "",
  };
}

/** The classes of which the legend has a line, in its order. @param {import("./classes.js").ValueClass[]} classes @param {DOMStringMap} data */
function classesShown(classes, data) {
  if (isSigned(data)) return classes.filter(({ cells }) => cells > 0).reverse();
  return data.classes === "manual" ? classes : classes.filter(({ cells }) => cells > 0);
}

/** Whether values have two sides: a balance may be below zero. @param {DOMStringMap} data */
function isSigned(data) {
  return data.measure === "balance";
}

/** @param {DOMStringMap} data @returns {"heat" | "change"} */
function rampOf(data) {
  return isSigned(data) ? "change" : "heat";
}

/** @param {number[]} values @param {DOMStringMap} data */
function classesFor(values, data) {
  return isSigned(data) ? changeClassesOf(values) : classesOf(values, classOptions(data));
}

/** How a value is written. @param {DOMStringMap} data @returns {(value: number) => string} */
function labelOf(data) {
  return isSigned(data) ? signed : (value) => valued(value, data.measure !== "mean");
}

/** The legend's lines of the classes. @param {import("./classes.js").ValueClass[]} classes @param {Grid} grid @param {DOMStringMap} data */
function entriesOf(classes, grid, data) {
  const isDistricts = grid.kind === "district";
  if (isSigned(data)) return changeEntries(classes, isDistricts, formatted(0));
  return heatEntries(classes, { whole: data.measure !== "mean", keepEmpty: data.classes === "manual", isDistricts });
}

/** @param {AnyCells} set @param {import("./classes.js").ValueClass} one */
function countIn(set, one) {
  return set.cells.filter((cell) => classFor(set.classes, cell.value) === one).length;
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function loadChange({ data, signal }) {
  const compact = await fetchJson(data.change ?? "", { signal });
  const grid = await gridFor(compact, data.districts ?? "");
  const cells = changeCells(compact, grid);
  const classes = changeClassesOf(cells.map(({ value }) => value));
  const set = new CellSet(cells, grid, classes);
  const found = significant(compact.cells, grid, { up: "more", down: "fewer" });
  const isTested = compact.method?.tested === true;
  return {
    layers: [
      {
        set,
        ramp: "change",
        label: (cell) => signed(cell.value),
        outlines: isTested ? found.outlines : [],
        surface: null,
      },
    ],
    cells: set,
    describe: ({ before, after, value }) =>
      interpolate(gettext("%s before, %s after: %s"), [formatted(before), formatted(after), signed(value)]),
    legend: {
      title: titleOf(gettext("Change of contributions"), grid),
      entries: [
        ...changeEntries(classes, grid.kind === "district"),
        ...(isTested ? outlineEntries(found.numbers, changeTitles(), grid.kind === "district") : []),
      ],
      note:
        cells.length === 0
          ? gettext("No cell: nothing with a place was counted.")
          : isTested
            ? gettext("Outlined: more than chance, both periods' lengths considered.")
            : gettext("Too few contributors to tell change from chance."),
    },
    problem: "",
  };
}

/** @param {unknown} error @returns {{cells: null, problem: string}} */
function unlessAborted(error) {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  return { cells: null, problem: error instanceof Error ? error.message : "" };
}

/** @param {DOMStringMap} data @returns {import("./classes.js").ClassOptions} */
function classOptions(data) {
  return {
    method: /** @type {import("./classes.js").Method} */ (data.classes),
    limits: (data.limits ?? "").split(",").filter(Boolean).map(Number),
    whole: data.measure !== "mean",
  };
}

/** @param {Compact} compact @param {Grid} grid @param {DOMStringMap} data */
function classified(compact, grid, data) {
  const cells = heatCells(compact, grid, /** @type {Measure} */ (data.measure));
  const values = cells.map(({ value }) => value);
  return { cells, classes: classesFor(values, data), label: labelOf(data) };
}

/**
 * The common outlines of cells that are more than chance; the verdict is the last member of their rows.
 * @param {import("./grids.js").Row[]} rows
 * @param {Grid} grid
 * @param {{up: string, down: string}} verdicts
 */
function significant(rows, grid, verdicts) {
  const sides = /** @type {const} */ (["up", "down"]).map((look) => {
    const own = rows.filter((row) => row[row.length - 1] === verdicts[look]);
    const rings = own.flatMap((row) => grid.shape(row)?.rings() ?? []);
    return { look, rings: outlineOf(rings), number: own.length };
  });
  return {
    outlines: sides.filter(({ rings }) => rings.length > 0).map(({ look, rings }) => ({ look, rings })),
    numbers: { up: sides[0].number, down: sides[1].number },
  };
}

function hotTitles() {
  return { up: gettext("Hot spot"), down: gettext("Cold spot") };
}

function changeTitles() {
  return { up: gettext("Clearly more"), down: gettext("Clearly fewer") };
}

/** @param {string} counted @param {Grid} grid */
function titleOf(counted, grid) {
  if (grid.kind === "district") return interpolate(gettext("%s per district"), [counted]);
  const words = grid.kind === "hexagon" ? gettext("%s per hexagon, edge %s m") : gettext("%s per cell of %s m");
  return interpolate(words, [counted, formatted(grid.size)]);
}

/** @param {Grid} grid */
function emptyNote(grid) {
  if (grid.kind === "district") return gettext("Without colour: nothing was placed in that district.");
  return gettext("Without colour: nothing was placed there.");
}

/** @param {HeatCell} cell @param {DOMStringMap} data */
function inWords(cell, data) {
  const words = [];
  if (data.measure === "support") words.push(interpolate(gettext("%s times supported"), [formatted(cell.value)]));
  if (data.measure === "opposition") words.push(interpolate(gettext("%s times opposed"), [formatted(cell.value)]));
  if (data.measure === "balance") words.push(interpolate(gettext("Balance %s"), [signed(cell.value)]));
  if (data.measure === "mean") words.push(interpolate(gettext("Mean %s"), [valued(cell.value, false)]));
  words.push(contributions(cell.contributions));
  // Imported contributions and the city's own places come without people: their number is unknown then, not zero.
  if (cell.participants > 0) words.push(participants(cell.participants));
  return words.join(" · ");
}
