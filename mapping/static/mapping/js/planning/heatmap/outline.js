/** The common outline of cells: edges that only one of them has, joined into lines. */

/** @typedef {import("./grids.js").Ring} Ring */
/** @typedef {import("./grids.js").Place} Place */

/** A tenth of a metre: neighbours write the same corner alike. @param {Place} place */
function keyOf([lon, lat]) {
  return `${lon.toFixed(6)} ${lat.toFixed(6)}`;
}

/**
 * @param {Ring[]} rings of cells that do not overlap, all in the same direction
 * @returns {Ring[]} closed lines: the last corner leads back to the first
 */
export function outlineOf(rings) {
  /** @type {Map<string, [Place, Place]>} */
  const edges = new Map();
  for (const ring of rings) {
    ring.forEach((from, index) => {
      const to = ring[(index + 1) % ring.length];
      // The neighbour walks along a common edge in the other direction: both vanish.
      if (!edges.delete(`${keyOf(to)}|${keyOf(from)}`)) edges.set(`${keyOf(from)}|${keyOf(to)}`, [from, to]);
    });
  }
  return joined([...edges.values()]);
}

/** @param {[Place, Place][]} edges @returns {Ring[]} */
function joined(edges) {
  /** @type {Map<string, [Place, Place][]>} */
  const from = new Map();
  for (const edge of edges) {
    const key = keyOf(edge[0]);
    from.set(key, [...(from.get(key) ?? []), edge]);
  }
  /** @type {Ring[]} */
  const lines = [];
  for (const first of edges) {
    let edge = take(from, first);
    if (!edge) continue;
    const line = [edge[0]];
    while (edge) {
      /** @type {Place} */
      const end = edge[1];
      /** @type {[Place, Place] | undefined} */
      const next = from.get(keyOf(end))?.[0];
      edge = next ? take(from, next) : null;
      if (edge) line.push(end);
    }
    lines.push(line);
  }
  return lines;
}

/** @param {Map<string, [Place, Place][]>} from @param {[Place, Place]} edge */
function take(from, edge) {
  const key = keyOf(edge[0]);
  const left = from.get(key) ?? [];
  if (!left.includes(edge)) return null;
  from.set(
    key,
    left.filter((one) => one !== edge),
  );
  return edge;
}
