/** Where the name of a line can be written: on a piece that is as good as straight. */

/** Length of a straight line between two places, as a share of the way along the line: less is a bend. */
const STRAIGHT = 0.994;
/** Where a place is tried, as shares of a stretch from its middle. */
const TRIES = [0, 0.2, -0.2, 0.4, -0.4];

/** @typedef {{x: number, y: number, angle: number}} Place middle of the words; radians, never upside down */

/**
 * @param {number[]} line x, y, x, y …
 * @param {number} width of the name, in the line's units
 * @param {number} every a name is repeated after about so many units
 * @returns {Place[]}
 */
export function placesAlong(line, width, every) {
  const way = wayAlong(line);
  const total = way[way.length - 1];
  if (total < width) return [];
  const count = Math.max(1, Math.floor(total / every));
  const stretch = total / count;
  const places = [];
  for (let index = 0; index < count; index += 1) {
    for (const shift of TRIES) {
      const wanted = (index + 0.5 + shift) * stretch;
      const at = Math.min(Math.max(wanted, width / 2), total - width / 2);
      const place = straightAt(line, way, at, width);
      if (!place) continue;
      places.push(place);
      break;
    }
  }
  return places;
}

/**
 * @param {number[]} line
 * @returns {number[]} the way from the begin to each vertex
 */
function wayAlong(line) {
  const way = [0];
  for (let index = 2; index < line.length; index += 2) {
    const step = Math.hypot(line[index] - line[index - 2], line[index + 1] - line[index - 1]);
    way.push(way[way.length - 1] + step);
  }
  return way;
}

/**
 * @param {number[]} line
 * @param {number[]} way
 * @param {number} at way to the middle of the name
 * @param {number} width
 * @returns {Place | null} null: a bend
 */
function straightAt(line, way, at, width) {
  const [x1, y1] = pointAt(line, way, at - width / 2);
  const [x2, y2] = pointAt(line, way, at + width / 2);
  if (Math.hypot(x2 - x1, y2 - y1) < width * STRAIGHT) return null;
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const isUpsideDown = angle > Math.PI / 2 || angle <= -Math.PI / 2;
  return { x: (x1 + x2) / 2, y: (y1 + y2) / 2, angle: isUpsideDown ? angle - Math.sign(angle) * Math.PI : angle };
}

/**
 * @param {number[]} line
 * @param {number[]} way
 * @param {number} at
 * @returns {[number, number]}
 */
function pointAt(line, way, at) {
  let low = 0;
  let high = way.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (way[middle] <= at) low = middle;
    else high = middle;
  }
  const length = way[high] - way[low];
  const share = length > 0 ? (at - way[low]) / length : 0;
  const from = low * 2;
  const to = high * 2;
  return [line[from] + (line[to] - line[from]) * share, line[from + 1] + (line[to + 1] - line[from + 1]) * share];
}
