/**
 * Classes of a heat map: which values share a colour. Knows nothing of maps or pages.
 *
 * Four ways, told apart as in Slocum et al., Thematic Cartography and Geovisualization (3rd ed., chapter 5): `growing`
 * (geometric: each class about the same factor wider), `quantile` (about the same number of cells in each), `equal`
 * (the same width), `manual` (limits that people chose).
 */

/** @typedef {"growing" | "quantile" | "equal" | "manual"} Method */
/**
 * Whole numbers: both limits included. Other numbers: `low` belongs to the class before, except for the first one.
 * @typedef {{low: number, high: number, cells: number, step: number}} ValueClass `step`: place in the ramp, from 0
 */
/** @typedef {{method: Method, limits?: number[], whole?: boolean}} ClassOptions `limits`: the highest value of each */

export const CLASSES = 5;

/** Classes on each side of zero. */
const SIDES = 3;

/** Which steps of the ramp one, two, ... classes take: few classes leave out the palest one and still end dark. */
const STEPS = [[], [2], [1, 3], [1, 2, 4], [1, 2, 3, 4], [0, 1, 2, 3, 4]];

/** The numbers that people read easily, within one power of ten. */
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * At most five classes without gaps, the lowest first.
 * @param {number[]} values
 * @param {ClassOptions} options
 * @returns {ValueClass[]}
 */
export function classesOf(values, { method, limits = [], whole = true }) {
  if (values.length === 0) return [];
  const sorted = Float64Array.from(values).sort();
  const distinct = [...new Set(sorted)];
  const isSingle = method === "growing" && distinct.length <= CLASSES;
  const highest = isSingle ? distinct : limitsBy(method, sorted, distinct, limits, whole);
  const lowest = distinct[0];
  return highest.map((high, index) => {
    const before = index === 0 ? Number.NEGATIVE_INFINITY : highest[index - 1];
    const low = index === 0 ? Math.min(lowest, high) : whole ? before + 1 : before;
    return {
      // A class of one value says just that: limits that nothing reaches would promise more than there is.
      low: isSingle ? high : low,
      high,
      cells: countUpTo(sorted, high) - countUpTo(sorted, before),
      step: STEPS[highest.length][index],
    };
  });
}

/**
 * Classes of differences: alike on both sides of zero, so that a colour weighs the same whether more or fewer.
 * @param {number[]} values whole numbers
 * @returns {ValueClass[]} from the greatest loss to the greatest gain; `step` from 0 to 6, 3 for no difference
 */
export function changeClassesOf(values) {
  const sizes = [...new Set(values.map(Math.abs))].filter(Boolean).sort((a, b) => a - b);
  const limits = sizes.length <= SIDES ? sizes : geometricLimits(sizes[0], sizes[sizes.length - 1], SIDES);
  const sides = limits.map((high, index) => {
    const low = sizes.length <= SIDES ? high : index === 0 ? sizes[0] : limits[index - 1] + 1;
    return { low, high, step: index + 1 };
  });
  const gains = sides.map(({ low, high, step }) => ({ low, high, step: SIDES + step }));
  const losses = sides.map(({ low, high, step }) => ({ low: -high, high: -low, step: SIDES - step })).reverse();
  return [...losses, { low: 0, high: 0, step: SIDES }, ...gains].map((one) => ({
    ...one,
    cells: values.filter((value) => value >= one.low && value <= one.high).length,
  }));
}

/** The class of a value. @param {ValueClass[]} classes @param {number} value @returns {ValueClass | undefined} */
export function classFor(classes, value) {
  return classes.find(({ high }) => value <= high) ?? classes[classes.length - 1];
}

/**
 * The highest value of each class.
 * @param {Method} method
 * @param {Float64Array} sorted
 * @param {number[]} distinct
 * @param {number[]} wanted
 * @param {boolean} whole
 */
function limitsBy(method, sorted, distinct, wanted, whole) {
  const highest = distinct[distinct.length - 1];
  switch (method) {
    case "quantile":
      return ascending([1, 2, 3, 4, 5].map((part) => sorted[Math.ceil((sorted.length * part) / CLASSES) - 1]));
    case "equal":
      return equalLimits(distinct[0], highest, whole);
    case "manual":
      return ascending([...wanted.filter((limit) => limit < highest).slice(0, CLASSES - 1), highest]);
    default:
      return whole && distinct[0] > 0
        ? geometricLimits(distinct[0], highest)
        : equalLimits(distinct[0], highest, whole);
  }
}

/** @param {number} lowest @param {number} highest @param {boolean} whole */
function equalLimits(lowest, highest, whole) {
  const width = (highest - lowest) / CLASSES;
  const limits = [1, 2, 3, 4].map((part) => lowest + width * part);
  return ascending([...limits.map((limit) => (whole ? Math.floor(limit) : limit)), highest]);
}

/** @param {number} lowest @param {number} highest @param {number} [count] */
function geometricLimits(lowest, highest, count = CLASSES) {
  /** @type {number[]} */
  const limits = [];
  for (let index = 1; index < count; index += 1) {
    const wanted = roundNumber(lowest * (highest / lowest) ** (index / count));
    const least = index === 1 ? lowest : limits[index - 2] + 1;
    limits.push(Math.min(Math.max(wanted, least), highest - count + index));
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

/** Each once, in order. @param {number[]} limits */
function ascending(limits) {
  return [...new Set(limits)].sort((a, b) => a - b);
}

/** How many of the sorted values are at most so high. @param {Float64Array} sorted @param {number} limit */
function countUpTo(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
