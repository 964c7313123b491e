import assert from "node:assert/strict";
import { before, test } from "node:test";

import { placeAt } from "../../mapping/static/mapping/js/questions/ranking.js";
import { usedOf, wordsOf } from "../../voting/static/voting/js/ballot-sum.js";
import { standIn } from "./browser.js";

const OPTIONS = [
  { cost: 60000, points: 3, isChosen: true },
  { cost: 40000, points: 0, isChosen: false },
  { cost: 30000, points: 2, isChosen: true },
];

before(standIn);

test("a limit is used up by points, by the cost of what is chosen, or by their number", () => {
  assert.equal(usedOf("points", OPTIONS), 5);
  assert.equal(usedOf("euros", OPTIONS), 90000);
  assert.equal(usedOf("choices", OPTIONS), 2);
  assert.equal(usedOf("euros", []), 0);
});

test("the sum says what is left, or what is too much", () => {
  assert.equal(wordsOf("euros", 90000, 100000), "90,000 € of 100,000 € spent, 10,000 € left");
  assert.equal(wordsOf("euros", 130000, 100000), "130,000 € of 100,000 € spent, 30,000 € too much");
  assert.equal(wordsOf("points", 5, 5), "5 of 5 points given, 0 left");
  assert.equal(wordsOf("choices", 4, 3), "4 of 3 chosen, 1 too many");
});

test("what is dragged comes behind all entries above the pointer", () => {
  assert.equal(placeAt([10, 30, 50], 5), 0);
  assert.equal(placeAt([10, 30, 50], 31), 2);
  assert.equal(placeAt([10, 30, 50], 99), 3);
});
