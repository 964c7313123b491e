/**
 * Which places lie so close on the screen that they are shown as one bubble: pure functions, tested without a browser.
 *
 * A group lies at the true centre of what it holds. Groups are found from the largest to the smallest, so that the same
 * places give the same groups whatever their order.
 */

/**
 * A contribution, or a square with the true centre of what it holds.
 * @typedef {object} Item
 * @property {string} key
 * @property {number} lon degrees
 * @property {number} lat
 * @property {number[]} counts contributions by category, in the order of the campaign
 */
/** @typedef {Item & {total: number, items: Item[]}} Group */
/**
 * @typedef {object} Distances pixels within which two become one
 * @property {number} alone of single contributions, whose markers may overlap a little
 * @property {number} together where one of them is a bubble, which is larger
 */
/** @typedef {{x: number, y: number, groups: Group[]}} Cluster */
/** @typedef {[number, number, number, number]} Range west, south, east, north in degrees */

/** Edge of the world at zoom 0, pixels. */
const WORLD = 256;
/** Centres move when groups merge, so that they may touch again. */
const PASSES = 4;
/** Web Mercator ends here, degrees. */
const NORTHERNMOST = 85.0511;
/** Metres around the equator. */
const EQUATOR = 40_075_016.7;

/** Edges of squares that the server counts in, metres. */
const SIZES = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000];
/** A square is at least this wide on the screen: fine enough for true centres, coarse enough to load. */
const WIDTH = 32;

/**
 * The size of squares that suits a zoom of the map.
 * @param {number} metresPerPixel
 */
export function sizeFor(metresPerPixel) {
  return SIZES.find((size) => size / metresPerPixel >= WIDTH) ?? SIZES[SIZES.length - 1];
}

/**
 * @param {number} latitude degrees
 * @param {number} zoom
 */
export function metresPerPixel(latitude, zoom) {
  return (EQUATOR * Math.cos((latitude * Math.PI) / 180)) / (WORLD * 2 ** zoom);
}

/**
 * A place in pixels of Web Mercator, from the north-west corner of the world.
 * @param {number} lon
 * @param {number} lat
 * @param {number} zoom
 */
export function pixelOf(lon, lat, zoom) {
  const edge = WORLD * 2 ** zoom;
  const sine = Math.sin((Math.min(NORTHERNMOST, Math.max(-NORTHERNMOST, lat)) * Math.PI) / 180);
  return { x: ((lon + 180) / 360) * edge, y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * edge };
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} zoom
 * @returns {[number, number]} longitude, latitude
 */
function placeOf(x, y, zoom) {
  const edge = WORLD * 2 ** zoom;
  return [(x / edge) * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / edge))) * 180) / Math.PI];
}

/**
 * A range around a view whose sides lie on a fixed lattice: short movements stay inside, and the same range is asked for
 * again on the way back.
 * @param {Range} view
 * @param {number} zoom
 * @returns {Range}
 */
export function rangeAround([west, south, east, north], zoom) {
  const step = WORLD;
  const from = pixelOf(west, north, zoom);
  const to = pixelOf(east, south, zoom);
  const edge = WORLD * 2 ** zoom;
  /** @param {number} pixel @param {(value: number) => number} round @param {number} margin */
  const snapped = (pixel, round, margin) =>
    Math.min(edge, Math.max(0, round((pixel + margin * (step / 4)) / step) * step));
  const [least, most] = [
    placeOf(snapped(from.x, Math.floor, -1), snapped(to.y, Math.ceil, 1), zoom),
    placeOf(snapped(to.x, Math.ceil, 1), snapped(from.y, Math.floor, -1), zoom),
  ];
  return [least[0], least[1], most[0], most[1]];
}

/**
 * Whether a range holds all of a view.
 * @param {Range} range
 * @param {Range} view
 */
export function holds(range, view) {
  return range[0] <= view[0] && range[1] <= view[1] && range[2] >= view[2] && range[3] >= view[3];
}

/**
 * The longer side of the box around some places, pixels.
 * @param {{lon: number, lat: number}[]} items
 * @param {number} zoom
 */
export function spreadOf(items, zoom) {
  const pixels = items.map(({ lon, lat }) => pixelOf(lon, lat, zoom));
  const [xs, ys] = [pixels.map(({ x }) => x), pixels.map(({ y }) => y)];
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}

/**
 * @param {Item[]} items
 * @param {number} zoom
 * @param {Distances} distances
 * @returns {Group[]} from the largest to the smallest
 */
export function groupsOf(items, zoom, distances) {
  let groups = items.map((item) => ({ ...item, total: sum(item.counts), items: [item] }));
  for (let pass = 0; pass < PASSES; pass += 1) {
    const merged = mergedOnce(groups, zoom, distances);
    const isDone = merged.length === groups.length;
    groups = merged;
    if (isDone) break;
  }
  return groups;
}

/**
 * @param {Group[]} groups
 * @param {number} zoom
 * @param {Distances} distances
 */
function mergedOnce(groups, zoom, distances) {
  const lattice = Math.max(distances.alone, distances.together);
  /** @type {Map<string, Cluster[]>} */
  const seeds = new Map();
  /** @type {Cluster[]} */
  const clusters = [];
  for (const group of [...groups].sort(largestFirst)) {
    const { x, y } = pixelOf(group.lon, group.lat, zoom);
    const [column, row] = [Math.floor(x / lattice), Math.floor(y / lattice)];
    const near = nearest(seeds, { x, y, column, row }, (seed) =>
      seed.total > 1 || group.total > 1 ? distances.together : distances.alone,
    );
    if (near) {
      near.groups.push(group);
      continue;
    }
    const cluster = { x, y, groups: [group] };
    clusters.push(cluster);
    const square = `${column} ${row}`;
    const others = seeds.get(square);
    if (others) others.push(cluster);
    else seeds.set(square, [cluster]);
  }
  return clusters.map(({ groups: found }) => (found.length === 1 ? found[0] : together(found)));
}

/**
 * The nearest cluster that reaches a pixel.
 * @param {Map<string, Cluster[]>} seeds
 * @param {{x: number, y: number, column: number, row: number}} pixel
 * @param {(seed: Group) => number} reach
 */
function nearest(seeds, { x, y, column, row }, reach) {
  /** @type {Cluster | undefined} */
  let found;
  let least = Number.POSITIVE_INFINITY;
  for (let across = column - 1; across <= column + 1; across += 1) {
    for (let down = row - 1; down <= row + 1; down += 1) {
      for (const cluster of seeds.get(`${across} ${down}`) ?? []) {
        const distance = Math.hypot(cluster.x - x, cluster.y - y);
        if (distance < least && distance < reach(cluster.groups[0])) {
          found = cluster;
          least = distance;
        }
      }
    }
  }
  return found;
}

/**
 * @param {Group[]} groups
 * @returns {Group}
 */
function together(groups) {
  const total = sum(groups.map((group) => group.total));
  return {
    key: groups[0].key,
    lon: sum(groups.map((group) => group.lon * group.total)) / total,
    lat: sum(groups.map((group) => group.lat * group.total)) / total,
    counts: groups[0].counts.map((_count, index) => sum(groups.map(({ counts }) => counts[index]))),
    total,
    items: groups.flatMap(({ items }) => items),
  };
}

/** @param {Group} one @param {Group} other */
function largestFirst(one, other) {
  if (one.total !== other.total) return other.total - one.total;
  return one.key < other.key ? -1 : 1;
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
