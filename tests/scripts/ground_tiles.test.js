/** Tiles of the city's ground: where they lie, how they are read, and that each is fetched once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PbfReader, PbfWriter } from "pbf";
import { dataZoom, partOf, tilesIn, urlOf } from "../../mapping/static/mapping/js/ground/address.js";
import { readTile } from "../../mapping/static/mapping/js/ground/decoding.js";
import { TileStore } from "../../mapping/static/mapping/js/ground/store.js";

/** @typedef {{type: number, commands: number[], attributes: Record<string, string | number | boolean>}} Raw */

/** @param {number} value */
const zigzag = (value) => (value << 1) ^ (value >> 31);
/** @param {number} command @param {number} count */
const times = (command, count) => (count << 3) | command;

/**
 * A tile as PostGIS writes it: features first, the keys and values of their attributes after them.
 * @param {Record<string, Raw[]>} layers
 */
function encode(layers) {
  const pbf = new PbfWriter();
  for (const [name, features] of Object.entries(layers)) pbf.writeMessage(3, writeLayer, { name, features });
  return new Uint8Array(pbf.finish());
}

/** @param {{name: string, features: Raw[]}} layer @param {PbfWriter} pbf */
function writeLayer({ name, features }, pbf) {
  /** @type {string[]} */
  const keys = [];
  /** @type {(string | number | boolean)[]} */
  const values = [];
  pbf.writeStringField(1, name);
  for (const { type, commands, attributes } of features) {
    const tags = Object.entries(attributes).flatMap(([key, value]) => {
      if (!keys.includes(key)) keys.push(key);
      return [keys.indexOf(key), values.push(value) - 1];
    });
    pbf.writeMessage(2, writeFeature, { tags, type, commands });
  }
  for (const key of keys) pbf.writeStringField(3, key);
  for (const value of values) pbf.writeMessage(4, writeValue, value);
  pbf.writeVarintField(5, 4096);
  pbf.writeVarintField(15, 2);
}

/** @param {{tags: number[], type: number, commands: number[]}} feature @param {PbfWriter} pbf */
function writeFeature({ tags, type, commands }, pbf) {
  pbf.writeVarintField(1, 7);
  pbf.writePackedVarint(2, tags);
  pbf.writeVarintField(3, type);
  pbf.writePackedVarint(4, commands);
}

/** @param {string | number | boolean} value @param {PbfWriter} pbf */
function writeValue(value, pbf) {
  if (typeof value === "string") pbf.writeStringField(1, value);
  else if (typeof value === "boolean") pbf.writeBooleanField(7, value);
  else if (value < 0) pbf.writeSVarintField(6, value);
  else if (Number.isInteger(value)) pbf.writeVarintField(5, value);
  else pbf.writeDoubleField(3, value);
}

const SQUARE = [
  ...[times(1, 1), zigzag(10), zigzag(20), times(2, 3)],
  ...[zigzag(5), zigzag(0), zigzag(0), zigzag(5), zigzag(-5), zigzag(0), times(7, 1)],
];

test("areas, lines and labels are read with what they are", () => {
  const bytes = encode({
    areas: [{ type: 3, commands: [...SQUARE, ...SQUARE], attributes: { class: "park" } }],
    lines: [
      {
        type: 2,
        commands: [times(1, 1), zigzag(-8), zigzag(4100), times(2, 1), zigzag(100), zigzag(-50)],
        attributes: { class: "street", name: "Pariser Straße", tunnel: true },
      },
    ],
    labels: [
      {
        type: 1,
        commands: [times(1, 2), zigzag(1), zigzag(2), zigzag(3), zigzag(4)],
        attributes: { class: "station", name: "Hauptbahnhof", rank: 2 },
      },
    ],
  });
  const { areas, lines, labels } = readTile(new PbfReader(bytes));
  // A second ring begins where the pen was left: at the last vertex, not at the closed one.
  assert.deepEqual(areas, [
    {
      kind: "park",
      name: "",
      rank: 9,
      tunnel: false,
      parts: [
        [10, 20, 15, 20, 15, 25, 10, 25, 10, 20],
        [20, 45, 25, 45, 25, 50, 20, 50, 20, 45],
      ],
    },
  ]);
  assert.deepEqual(lines, [
    { kind: "street", name: "Pariser Straße", rank: 9, tunnel: true, parts: [[-8, 4100, 92, 4050]] },
  ]);
  assert.deepEqual(labels, [
    {
      kind: "station",
      name: "Hauptbahnhof",
      rank: 2,
      tunnel: false,
      parts: [
        [1, 2],
        [4, 6],
      ],
    },
  ]);
});

test("numbers of any encoding are read, layers of other names and unknown values left out", () => {
  const point = [times(1, 1), 0, 0];
  const attributes = { class: "park", rank: -1, weight: 0.5, name: "" };
  const tile = readTile(
    new PbfReader(
      encode({
        elsewhere: [{ type: 1, commands: point, attributes: { class: "x" } }],
        labels: [{ type: 1, commands: point, attributes }],
      }),
    ),
  );
  assert.deepEqual(Object.keys(tile), ["areas", "lines", "labels"]);
  assert.deepEqual(tile.labels, [{ kind: "park", name: "", rank: -1, tunnel: false, parts: [[0, 0]] }]);
  assert.deepEqual(readTile(new PbfReader(new Uint8Array())), { areas: [], lines: [], labels: [] });
});

for (const [what, commands] of /** @type {[string, number[]][]} */ ([
  ["an unknown command", [times(3, 1), 0, 0]],
  ["a count without coordinates", [times(1, 0), times(5, 2), 1, 1]],
])) {
  test(`bytes that are no tile are refused: ${what}`, () => {
    const bytes = encode({ lines: [{ type: 2, commands, attributes: { class: "street" } }] });
    let problem = "";
    try {
      readTile(new PbfReader(bytes));
    } catch (error) {
      problem = String(error);
    }
    assert.ok(problem.includes("unknown command"), problem);
  });
}

test("a line that is cut short ends where its bytes end", () => {
  const bytes = encode({ lines: [{ type: 2, commands: [times(1, 1), 2, 2, times(2, 900), 2, 2], attributes: {} }] });
  assert.deepEqual(readTile(new PbfReader(bytes)).lines[0].parts, [[1, 1, 2, 2]]);
});

test("tiles of 512 pixels carry the data of one zoom less, down to the deepest", () => {
  assert.deepEqual(partOf({ z: 14, x: 8543, y: 5600 }, 15), { z: 13, x: 8543, y: 5600, scale: 0.125, left: 0, top: 0 });
  assert.deepEqual(partOf({ z: 16, x: 33, y: 21 }, 15), { z: 15, x: 33, y: 21, scale: 0.125, left: 0, top: 0 });
  // Two zooms deeper: the second column and the fourth row of four by four.
  assert.deepEqual(partOf({ z: 18, x: 4 * 33 + 1, y: 4 * 21 + 3 }, 15), {
    ...{ z: 15, x: 33, y: 21 },
    ...{ scale: 0.5, left: 512, top: 3 * 512 },
  });
  assert.deepEqual(
    [0, 1, 13.5, 16, 20].map((zoom) => dataZoom(zoom, 15)),
    [0, 0, 13, 15, 15],
  );
});

test("all tiles under a view are found, at zooms between two levels and across the edge of the world too", () => {
  const view = { left: 500, top: 700, width: 600, height: 300 };
  const found = tilesIn(view, 3, 15).map(({ z, x, y, left, top }) => [z, x, y, left, top]);
  assert.deepEqual(found, [
    [2, 0, 1, -500, -188],
    [2, 1, 1, 12, -188],
    [2, 2, 1, 524, -188],
  ]);
  const between = tilesIn({ left: 0, top: 0, width: 10, height: 10 }, 3.5, 15);
  assert.deepEqual(
    between.map(({ z }) => z),
    [3],
  );
  assert.ok(Math.abs(between[0].scale - 0.125 * Math.SQRT1_2) < 1e-9);
  assert.deepEqual(
    tilesIn({ left: -300, top: -50, width: 400, height: 100 }, 3, 15).map(({ x, y, left }) => [x, y, left]),
    [
      [3, 0, -212],
      [0, 0, 300],
    ],
  );
});

test("addresses follow the template", () => {
  assert.equal(urlOf("/ground/{z}/{x}/{y}.mvt?v=4", { z: 13, x: 4271, y: 2800 }), "/ground/13/4271/2800.mvt?v=4");
});

/** @param {(url: string) => Response | Promise<Response>} answer */
function storeOf(answer) {
  /** @type {string[]} */
  const asked = [];
  /** @type {AbortSignal[]} */
  const signals = [];
  const decode = (/** @type {ArrayBuffer} */ bytes) => readTile(new PbfReader(bytes));
  const store = new TileStore("/{z}/{x}/{y}", decode, async (url, { signal }) => {
    asked.push(url);
    signals.push(signal);
    return answer(url);
  });
  return { store, asked, signals };
}

const HERE = { z: 15, x: 1, y: 2 };

test("a tile is fetched and decoded once, however many parts of the map show it", async () => {
  const { store, asked } = storeOf(() => new Response(encode({ labels: [] })));
  assert.equal(store.get(HERE), null);
  const [one, other] = await Promise.all([store.use(HERE), store.use(HERE)]);
  assert.ok(one !== null);
  assert.ok(one === other);
  store.release(HERE);
  store.release(HERE);
  assert.ok((await store.use(HERE)) === one);
  assert.ok(store.get(HERE) === one);
  assert.deepEqual(asked, ["/15/1/2"]);
});

test("an empty tile is known to be empty", async () => {
  const { store, asked } = storeOf(() => new Response(null, { status: 204 }));
  assert.equal(await store.use(HERE), null);
  assert.equal(await store.use(HERE), null);
  assert.equal(asked.length, 1);
});

test("a tile that failed is asked for again", async () => {
  let status = 503;
  const { store, asked } = storeOf(() => new Response(null, { status }));
  const failure = await store.use(HERE).catch((error) => error);
  assert.ok(failure instanceof Error);
  store.release(HERE);
  status = 204;
  assert.equal(await store.use(HERE), null);
  assert.equal(asked.length, 2);
});

test("the request of a tile that nobody waits for any more is ended", async () => {
  const { store, signals } = storeOf(() => new Response(null, { status: 204 }));
  const loading = store.use(HERE);
  store.use(HERE);
  store.release(HERE);
  assert.equal(signals[0].aborted, false);
  store.release(HERE);
  assert.equal(signals[0].aborted, true);
  await loading;
});

test("tiles that nobody shows are forgotten at last, those in use never", async () => {
  const { store, asked } = storeOf(() => new Response(encode({ labels: [] })));
  await store.use(HERE);
  for (let x = 100; x < 200; x += 1) {
    await store.use({ z: 15, x, y: 0 });
    store.release({ z: 15, x, y: 0 });
  }
  assert.equal(store.get({ z: 15, x: 100, y: 0 }), null);
  assert.ok(store.get({ z: 15, x: 199, y: 0 }) !== null);
  assert.ok(store.get(HERE) !== null);
  assert.equal(asked.length, 101);
});
