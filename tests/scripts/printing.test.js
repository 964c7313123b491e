import assert from "node:assert/strict";
import { test } from "node:test";

const { frameOf } = await import("../../mapping/static/mapping/js/map/printing.js");

/**
 * @param {{width: number, height: number}} map
 * @param {number} covered
 */
function printed(map, covered) {
  const frame = frameOf(map, covered);
  assert.ok(frame);
  return frame;
}

test("a map is as wide as the paper, and keeps its shape", () => {
  const { scale, width, height, cut } = printed({ width: 1340, height: 670 }, 0);
  assert.deepEqual({ scale, width, height, cut }, { scale: 0.5, width: 670, height: 335, cut: 0 });
});

test("a tall map leaves room for words", () => {
  const { width, height } = printed({ width: 1000, height: 1132 }, 0);
  assert.deepEqual({ width, height }, { width: 500, height: 566 });
});

test("the map of a phone is not made coarse", () => {
  const { scale, width } = printed({ width: 328, height: 260 }, 0);
  assert.deepEqual({ scale, width }, { scale: 1.4, width: 459 });
});

test("what a sheet covers is left out, unless it covers nearly all", () => {
  const map = { width: 400, height: 500 };
  assert.deepEqual(frameOf(map, 100), { scale: 1.4, width: 560, height: 560, cut: 100 });
  assert.equal(printed(map, 460).cut, 0);
  assert.equal(printed(map, -1).cut, 0);
});

test("a map without an area is not printed", () => {
  assert.equal(frameOf({ width: 0, height: 300 }, 0), null);
});
