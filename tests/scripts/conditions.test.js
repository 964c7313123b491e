import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { holds, shownOf } from "../../mapping/static/mapping/js/questions/conditions.js";

/** The cases of `tests/questions/test_conditions.py`. */
const CASES = JSON.parse(readFileSync(new URL("../questions/conditions.json", import.meta.url), "utf-8"));

for (const { title, condition, answers, holds: expected } of CASES) {
  test(`condition: ${title}`, () => {
    assert.equal(holds(condition, answers), expected);
  });
}

const QUESTIONS = [
  { slug: "colour", showIf: {} },
  { slug: "why", showIf: { question: "colour", is: "green" } },
  { slug: "more", showIf: { question: "why", answered: true } },
];

test("questions are shown in order, one condition after the other", () => {
  const shown = shownOf(QUESTIONS, { colour: "green", why: "it is calm" });
  assert.deepEqual([...shown], ["colour", "why", "more"]);
});

test("an answer to a hidden question shows nothing", () => {
  assert.deepEqual([...shownOf(QUESTIONS, { colour: "red", why: "it is calm" })], ["colour"]);
});
