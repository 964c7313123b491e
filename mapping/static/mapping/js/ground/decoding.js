/**
 * Reads vector tiles (Mapbox Vector Tile 2.1) into flat arrays of numbers: https://github.com/mapbox/vector-tile-spec
 *
 * @mapbox/vector-tile does the same, but makes an object of each vertex and imports a package by its bare name, which
 * browsers resolve only with an inline import map; the policy of the pages forbids those.
 */

/** @typedef {import("pbf").PbfReader} Reader */
/**
 * @typedef {object} Feature
 * @property {string} kind the attribute `class`
 * @property {string} name empty: none
 * @property {number} rank 1 (most important) to 9
 * @property {boolean} tunnel
 * @property {number[][]} parts points, lines or closed rings as x, y, x, y … in units of the tile
 */
/**
 * @typedef {object} Tile
 * @property {Feature[]} areas
 * @property {Feature[]} lines
 * @property {Feature[]} labels
 */
/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {string[]} keys
 * @property {unknown[]} values
 * @property {number[]} features where each of them begins
 */

const MOVE_TO = 1;
const LINE_TO = 2;
const CLOSE = 7;
const LOWEST_RANK = 9;

/**
 * Layers of other names are left out.
 * @param {Reader} pbf
 * @returns {Tile}
 * @throws {Error} where the bytes are no vector tile
 */
export function readTile(pbf) {
  /** @type {Tile} */
  const tile = { areas: [], lines: [], labels: [] };
  for (let field = pbf.nextField(); field; field = pbf.nextField()) {
    if (field !== 3) continue;
    const end = pbf.readVarint() + pbf.pos;
    const layer = readLayer(pbf, end);
    const { name } = layer;
    if (name === "areas" || name === "lines" || name === "labels") tile[name] = featuresOf(pbf, layer);
    pbf.pos = end;
  }
  return tile;
}

/**
 * @param {Reader} pbf
 * @param {number} end
 * @returns {Layer}
 */
function readLayer(pbf, end) {
  /** @type {Layer} */
  const layer = { name: "", keys: [], values: [], features: [] };
  for (let field = pbf.nextField(end); field; field = pbf.nextField(end)) {
    if (field === 1) layer.name = pbf.readString();
    else if (field === 2) layer.features.push(pbf.pos);
    else if (field === 3) layer.keys.push(pbf.readString());
    else if (field === 4) layer.values.push(readValue(pbf, pbf.readVarint() + pbf.pos));
  }
  return layer;
}

/**
 * @param {Reader} pbf
 * @param {number} end
 */
function readValue(pbf, end) {
  /** @type {unknown} */
  let value = null;
  for (let field = pbf.nextField(end); field; field = pbf.nextField(end)) {
    if (field === 1) value = pbf.readString();
    else if (field === 2) value = pbf.readFloat();
    else if (field === 3) value = pbf.readDouble();
    else if (field === 4) value = pbf.readVarint(true);
    else if (field === 5) value = pbf.readVarint();
    else if (field === 6) value = pbf.readSVarint();
    else if (field === 7) value = pbf.readBoolean();
  }
  return value;
}

/**
 * Features come before the keys and values of their attributes, hence in a second pass.
 * @param {Reader} pbf
 * @param {Layer} layer
 */
function featuresOf(pbf, layer) {
  return layer.features.map((start) => {
    pbf.pos = start;
    return readFeature(pbf, pbf.readVarint() + pbf.pos, layer);
  });
}

/**
 * @param {Reader} pbf
 * @param {number} end
 * @param {Layer} layer
 * @returns {Feature}
 */
function readFeature(pbf, end, layer) {
  /** @type {Record<string, unknown>} */
  const attributes = {};
  /** @type {number[][]} */
  let parts = [];
  for (let field = pbf.nextField(end); field; field = pbf.nextField(end)) {
    if (field === 2) {
      const tags = pbf.readPackedVarint();
      for (let index = 0; index + 1 < tags.length; index += 2) {
        attributes[layer.keys[tags[index]]] = layer.values[tags[index + 1]];
      }
    } else if (field === 4) parts = readGeometry(pbf.readPackedVarint());
  }
  return {
    kind: String(attributes.class ?? ""),
    name: String(attributes.name ?? ""),
    rank: Number(attributes.rank ?? LOWEST_RANK),
    tunnel: Boolean(attributes.tunnel),
    parts,
  };
}

/**
 * Section 4.3 of the specification: commands with their counts, then differences of coordinates.
 * @param {number[]} commands
 */
function readGeometry(commands) {
  /** @type {number[][]} */
  const parts = [];
  /** @type {number[]} */
  let part = [];
  let x = 0;
  let y = 0;
  for (let index = 0; index < commands.length; ) {
    const command = commands[index] & 0x7;
    const count = commands[index] >> 3;
    index += 1;
    if (command === CLOSE) {
      part.push(part[0], part[1]);
      continue;
    }
    if (command !== MOVE_TO && command !== LINE_TO) throw new Error(`unknown command ${command} in a vector tile`);
    for (let step = 0; step < count && index + 1 < commands.length; step += 1, index += 2) {
      x += zigzag(commands[index]);
      y += zigzag(commands[index + 1]);
      if (command === MOVE_TO) {
        part = [];
        parts.push(part);
      }
      part.push(x, y);
    }
  }
  return parts;
}

/** @param {number} value */
function zigzag(value) {
  return (value >> 1) ^ -(value & 1);
}
