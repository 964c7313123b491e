/** The grids of the browser are those of the server: `grids.json` is written and compared by tests/geo/test_script_grids.py. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { hexagons, ringsOf, squares } = await import("../../mapping/static/mapping/js/planning/heatmap/grids.js");
const { toLaea, toLonLat } = await import("../../mapping/static/mapping/js/planning/heatmap/projection.js");

/** @typedef {[number, number]} Place */
/** @typedef {{kind: "square" | "hexagon", size: number, ids: string[]}} Ids */
/** @typedef {{kind: "square" | "hexagon", size: number, row: Place, id: string, ring: Place[]}} Corners */
/** @type {{places: Place[], metres: Place[], grids: Ids[], shapes: Corners[]}} */
const server = JSON.parse(readFileSync(new URL("./grids.json", import.meta.url), "utf-8"));

/** @param {"square" | "hexagon"} kind @param {number} size */
const gridOf = (kind, size) => (kind === "square" ? squares(size) : hexagons(size));

/** @param {Place} one @param {Place} other @param {number} tolerance */
function assertNear(one, other, tolerance) {
  assert.ok(Math.hypot(one[0] - other[0], one[1] - other[1]) < tolerance, `${one} is not near ${other}`);
}

test("places lie where the server puts them, to the centimetre", () => {
  assert.ok(server.places.length >= 60);
  server.places.forEach(([lon, lat], index) => {
    assertNear(toLaea(lon, lat), server.metres[index], 0.01);
    assertNear(toLonLat(...server.metres[index]), [lon, lat], 1e-7);
  });
});

for (const { kind, size, ids } of server.grids) {
  test(`cells are those of the server: ${kind}s of ${size} m`, () => {
    const grid = gridOf(kind, size);
    assert.deepEqual(
      server.places.map(([lon, lat]) => grid.at(lon, lat)),
      ids,
    );
  });
}

for (const { kind, size, row, id, ring } of server.shapes) {
  test(`corners are those of the server: ${kind}`, () => {
    const shape = gridOf(kind, size).shape(row);
    assert.ok(shape);
    assert.equal(shape.id, id);
    const [corners] = shape.rings();
    assert.equal(corners.length, ring.length);
    corners.forEach(([lon, lat], index) => {
      assertNear(toLaea(lon, lat), ring[index], 0.01);
    });
  });
}

test("rings of all parts come without the repeated corner", () => {
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  assert.deepEqual(ringsOf({ type: "MultiPolygon", coordinates: [[ring], [ring]] }), [
    ring.slice(0, 3),
    ring.slice(0, 3),
  ]);
  assert.deepEqual(ringsOf({ type: "Point", coordinates: [0, 0] }), []);
});
