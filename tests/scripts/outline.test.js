import assert from "node:assert/strict";
import { test } from "node:test";

import { outlineOf } from "../../mapping/static/mapping/js/planning/heatmap/outline.js";

/** @param {number} x @param {number} y @returns {[number, number][]} */
const squareAt = (x, y) => [
  [x, y],
  [x + 1, y],
  [x + 1, y + 1],
  [x, y + 1],
];

test("neighbours share one outline", () => {
  const lines = outlineOf([squareAt(0, 0), squareAt(1, 0), squareAt(5, 5)]);
  assert.deepEqual(lines.map((line) => line.length).sort(), [4, 6]);
});

test("a hole has an outline of its own", () => {
  const around = [0, 1, 2].flatMap((x) => [0, 1, 2].map((y) => squareAt(x, y)));
  around.splice(4, 1);
  assert.deepEqual(
    outlineOf(around)
      .map((line) => line.length)
      .sort((a, b) => a - b),
    [4, 12],
  );
});

test("nothing has no outline", () => {
  assert.deepEqual(outlineOf([]), []);
});
