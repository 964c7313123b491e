import assert from "node:assert/strict";
import { test } from "node:test";

import { changeClassesOf, classesOf, classFor } from "../../mapping/static/mapping/js/planning/heatmap/classes.js";
import { randomFrom } from "./browser.js";

/** @typedef {import("../../mapping/static/mapping/js/planning/heatmap/classes.js").Method} Method */

/** 60 cells of one contribution, and few of many. */
const SKEWED = [
  ...Array(60).fill(1),
  ...Array(20).fill(2),
  ...Array(10).fill(3),
  ...Array(6).fill(7),
  ...Array(3).fill(20),
  100,
];

/**
 * @param {number[]} values
 * @param {Method} method
 * @param {number[]} [limits]
 */
function limitsAndCells(values, method, limits) {
  return classesOf(values, { method, limits }).map(({ low, high, cells }) => [low, high, cells]);
}

test("classes of each kind", () => {
  assert.deepEqual(limitsAndCells(SKEWED, "growing"), [
    [1, 3, 90],
    [4, 6, 0],
    [7, 15, 6],
    [16, 40, 3],
    [41, 100, 1],
  ]);
  assert.deepEqual(limitsAndCells(SKEWED, "quantile"), [
    [1, 1, 60],
    [2, 2, 20],
    [3, 100, 20],
  ]);
  assert.deepEqual(limitsAndCells(SKEWED, "equal"), [
    [1, 20, 99],
    [21, 40, 0],
    [41, 60, 0],
    [61, 80, 0],
    [81, 100, 1],
  ]);
  assert.deepEqual(limitsAndCells(SKEWED, "manual", [2, 10]), [
    [1, 2, 80],
    [3, 10, 16],
    [11, 100, 4],
  ]);
  assert.deepEqual(limitsAndCells([], "quantile"), []);
  assert.deepEqual(limitsAndCells([4, 4], "growing"), [[4, 4, 2]]);
});

for (const method of /** @type {Method[]} */ (["growing", "quantile", "equal", "manual"])) {
  for (const whole of [true, false]) {
    test(`every value has one class: ${method}, ${whole ? "whole numbers" : "fractions"}`, () => {
      const random = randomFrom(whole ? 1 : 2);
      for (let round = 0; round < 500; round += 1) {
        const values = Array.from({ length: 1 + Math.floor(random() * 60) }, () =>
          whole ? 1 + Math.floor(random() ** 3 * 5000) : 1 + random() * 4,
        );
        const limits = Array.from({ length: Math.floor(random() * 5) }, () => 1 + Math.floor(random() * 6000));
        const made = classesOf(values, { method, limits: [...new Set(limits)].sort((a, b) => a - b), whole });
        const highest = made.map(({ high }) => high);
        assert.equal(
          made.reduce((sum, { cells }) => sum + cells, 0),
          values.length,
        );
        assert.ok(made.length >= 1 && made.length <= 5);
        assert.equal(highest[highest.length - 1], Math.max(...values));
        assert.deepEqual(
          highest,
          [...new Set(highest)].sort((a, b) => a - b),
        );
        for (const value of values) assert.ok(value <= /** @type {{high: number}} */ (classFor(made, value)).high);
      }
    });
  }
}

test("changes weigh alike on both sides", () => {
  const made = changeClassesOf([-40, -3, -1, 0, 0, 1, 2, 100]);
  assert.deepEqual(
    made.map(({ step }) => step),
    [0, 1, 2, 3, 4, 5, 6],
  );
  assert.equal(
    made.reduce((sum, { cells }) => sum + cells, 0),
    8,
  );
  const losses = made.slice(0, 3).reverse();
  assert.deepEqual(
    made.slice(4).map(({ low, high }) => [low, high]),
    losses.map(({ low, high }) => [-high, -low]),
  );
});
