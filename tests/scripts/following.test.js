import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { MOST_POINTS, Sections } = await import("../../mapping/static/mapping/js/contributing/sections.js");
const { questionOf, straightWords, wayWords } = await import(
  "../../mapping/static/mapping/js/contributing/following.js"
);

/** @typedef {[number, number]} P */
const isSame = (/** @type {P} */ one, /** @type {P} */ other) => one[0] === other[0] && one[1] === other[1];

/** A line of taps, and its points. @param {P[]} taps */
function lineOf(...taps) {
  /** @type {InstanceType<typeof Sections<P>>} */
  const sections = new Sections();
  return { sections, made: taps.map((tap) => sections.add(tap)), points: taps };
}

test("a way takes the place of the section that it was asked for", () => {
  const { sections, made, points } = lineOf([0, 0], [10, 0]);
  assert.deepEqual(sections.beginningOf(made[1]), [0, 0]);
  const line = sections.follow(
    made[1],
    [
      [0, 1],
      [5, 5],
      [10, 1],
    ],
    points,
    isSame,
  );
  assert.deepEqual(line, {
    kept: 0,
    points: [
      [0, 1],
      [5, 5],
      [10, 1],
    ],
  });
  assert.equal(sections.size, 3);
});

test("undo takes the whole way back, and then the first point", () => {
  const { sections, made, points } = lineOf([0, 0], [10, 0]);
  sections.follow(
    made[1],
    [
      [0, 1],
      [5, 5],
      [6, 6],
      [10, 1],
    ],
    points,
    isSame,
  );
  assert.equal(sections.takeBack(), 3);
  assert.equal(sections.takeBack(), 1);
  assert.equal(sections.takeBack(), 1);
});

test("a way that arrives late keeps what was tapped since", () => {
  const { sections, made, points } = lineOf([0, 0], [10, 0], [20, 0]);
  const line = sections.follow(
    made[1],
    [
      [0, 0],
      [5, 5],
      [10, 1],
    ],
    points,
    isSame,
  );
  assert.deepEqual(line?.points, [
    [0, 0],
    [5, 5],
    [10, 1],
    [20, 0],
  ]);
  assert.deepEqual(sections.beginningOf(made[2]), [10, 0]);
  const longer = sections.follow(
    made[2],
    [
      [10, 1],
      [15, 5],
      [20, 0],
    ],
    line?.points ?? [],
    isSame,
  );
  assert.deepEqual(longer, {
    kept: 3,
    points: [
      [0, 0],
      [5, 5],
      [10, 1],
      [15, 5],
      [20, 0],
    ],
  });
});

test("after a straight section a way begins with a step to the street", () => {
  const { sections, made, points } = lineOf([0, 0], [10, 0], [20, 0]);
  const line = sections.follow(
    made[2],
    [
      [10, 1],
      [20, 1],
    ],
    points,
    isSame,
  );
  assert.deepEqual(line, {
    kept: 2,
    points: [
      [0, 0],
      [10, 0],
      [10, 1],
      [20, 1],
    ],
  });
  assert.equal(sections.takeBack(), 2);
});

test("a way for what was undone is dropped", () => {
  const { sections, made, points } = lineOf([0, 0], [10, 0]);
  sections.takeBack();
  assert.equal(
    sections.follow(
      made[1],
      [
        [0, 0],
        [10, 0],
      ],
      points.slice(0, 1),
      isSame,
    ),
    null,
  );
});

test("a way for what was moved by hand is dropped", () => {
  const { sections, made, points } = lineOf([0, 0], [10, 0]);
  sections.clear();
  sections.fit(points);
  assert.equal(
    sections.follow(
      made[1],
      [
        [0, 0],
        [10, 0],
      ],
      points,
      isSame,
    ),
    null,
  );
  assert.equal(sections.size, 2);
});

test("no line grows beyond what can be sent", () => {
  const { sections, made, points } = lineOf([0, 0], [10, 0]);
  const way = Array.from({ length: MOST_POINTS + 1 }, (_, number) => /** @type {P} */ ([number, 0]));
  assert.equal(sections.follow(made[1], way, points, isSame), null);
  assert.equal(sections.size, 2);
});

test("the first point has no section to follow", () => {
  const { sections, made, points } = lineOf([0, 0]);
  assert.equal(sections.beginningOf(made[0]), null);
  assert.equal(
    sections.follow(
      made[0],
      [
        [0, 0],
        [1, 1],
      ],
      points,
      isSame,
    ),
    null,
  );
});

test("the site is asked with seven decimals", () => {
  assert.equal(
    questionOf({ lng: 7.123456789, lat: 49 }, { lng: 7.2, lat: 49.1 }),
    "from=7.1234568%2C49.0000000&to=7.2000000%2C49.1000000",
  );
});

test("words name the streets, or why the section is straight", () => {
  assert.equal(wayWords(["A-Straße", "B-Straße"]), "The line follows: A-Straße, B-Straße.");
  assert.equal(wayWords([]), "The line follows the streets.");
  assert.equal(straightWords("same_place"), "");
  for (const reason of ["too_far", "no_street", "no_way", "too_many_streets", "outside_area"]) {
    assert.ok(straightWords(reason).endsWith("This section is straight."));
  }
});
