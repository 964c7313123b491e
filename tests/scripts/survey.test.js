import assert from "node:assert/strict";
import { test } from "node:test";

import { moved, orderOf } from "../../mapping/static/mapping/js/questions/ranking.js";
import { progressOf, screenOf, screensOf, shownScreens } from "../../mapping/static/mapping/js/survey/screens.js";

const STEPS = [
  { section: 0, notes: ["welcome"], question: "colour" },
  { section: 0, notes: [], question: "why" },
  { section: 1, notes: ["you"], question: "age" },
  { section: 1, notes: ["thanks"], question: null },
];
const ALL = new Set(["welcome", "colour", "why", "you", "age", "thanks"]);
const WITHOUT_WHY = new Set(["welcome", "colour", "you", "age", "thanks"]);

test("each step is a screen of its own, or each section", () => {
  assert.deepEqual(screensOf(STEPS, false), [[0], [1], [2], [3]]);
  assert.deepEqual(screensOf(STEPS, true), [
    [0, 1],
    [2, 3],
  ]);
});

test("screens without anything shown are left out", () => {
  assert.deepEqual(shownScreens(screensOf(STEPS, false), STEPS, WITHOUT_WHY), [[0], [2], [3]]);
  assert.deepEqual(shownScreens(screensOf(STEPS, true), STEPS, new Set(["age"])), [[2, 3]]);
});

test("a step that was hidden meanwhile leads to the screen before", () => {
  const screens = shownScreens(screensOf(STEPS, false), STEPS, WITHOUT_WHY);
  assert.equal(screenOf(screens, 1), 0);
  assert.equal(screenOf(screens, 3), 2);
  assert.equal(screenOf([[2], [3]], 0), 0);
});

test("progress counts shown questions, not notes", () => {
  assert.deepEqual(progressOf(STEPS, ALL, [0]), { at: 1, total: 3 });
  assert.deepEqual(progressOf(STEPS, WITHOUT_WHY, [2]), { at: 2, total: 2 });
  assert.deepEqual(progressOf(STEPS, ALL, [3]), { at: 3, total: 3 });
  assert.deepEqual(progressOf(STEPS, ALL, [0, 1]), { at: 2, total: 3 });
});

test("an entry of a ranking moves within the list", () => {
  assert.deepEqual(moved(["a", "b", "c"], "b", -1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], "b", 1), ["a", "c", "b"]);
  assert.deepEqual(moved(["a", "b", "c"], "a", -1), ["a", "b", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], "c", 1), ["a", "b", "c"]);
  assert.deepEqual(moved(["a"], "x", 1), ["a"]);
});

test("lists with gaps and doubles are a ranking without", () => {
  assert.deepEqual(orderOf(["", "b", "", "a", "b"]), ["b", "a"]);
});
