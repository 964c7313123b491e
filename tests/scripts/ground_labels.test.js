/** Words on the city's ground: which, in which order, where along a line, and that none covers another. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { boxesOf, inLines, layOut, wordsOf } from "../../mapping/static/mapping/js/ground/labels.js";
import { placesAlong } from "../../mapping/static/mapping/js/ground/names.js";
import { randomFrom } from "./browser.js";

/** @typedef {import("../../mapping/static/mapping/js/ground/labels.js").Words} Words */
/** @typedef {import("../../mapping/static/mapping/js/ground/decoding.js").Feature} Feature */

/** @type {import("../../mapping/static/mapping/js/ground/styles.js").LabelStyle} */
const STYLE = { size: 12, weight: 500, italic: false, ink: "place", mark: "" };
/** Six pixels a letter. @param {string} words */
const measure = (words) => words.length * 6;
const SITUATION = { zoom: 15, scale: 0.125, enlarged: 1 };

/**
 * @param {string} text
 * @param {Partial<Words>} more
 * @returns {Words}
 */
function words(text, more = {}) {
  const width = measure(text);
  return { text, lines: [text], style: STYLE, rank: 5, x: 0, y: 0, angle: 0, width, height: 14, ...more };
}

/** @param {Words[]} list @param {number} [size] */
const laidOut = (list, size = 1000) =>
  layOut([{ words: list, scale: 1, left: 0, top: 0 }], { width: size, height: size }).map(
    ({ words: { text } }) => text,
  );

/**
 * @param {string} kind
 * @param {string} name
 * @param {number[][]} parts
 * @param {Partial<Feature>} more
 * @returns {Feature}
 */
const feature = (kind, name, parts, more = {}) => ({ kind, name, parts, rank: 5, tunnel: false, ...more });

test("a name lies in the middle of a straight street, and along it", () => {
  const [place, ...others] = placesAlong([0, 0, 300, 400], 100, 2000);
  assert.deepEqual(others, []);
  assert.ok(Math.hypot(place.x - 150, place.y - 200) < 1e-6);
  assert.ok(Math.abs(place.angle - Math.atan2(400, 300)) < 1e-9);
});

test("names are never upside down", () => {
  for (let turn = 0; turn < 16; turn += 1) {
    const angle = (turn / 8) * Math.PI;
    const [place] = placesAlong([0, 0, Math.cos(angle) * 500, Math.sin(angle) * 500], 100, 2000);
    assert.ok(place.angle <= Math.PI / 2 + 1e-9 && place.angle > -Math.PI / 2 - 1e-9, `${angle}: ${place.angle}`);
  }
});

test("a street that is too short, or bends all the way, has no name", () => {
  assert.deepEqual(placesAlong([0, 0, 99, 0], 100, 2000), []);
  const circle = Array.from({ length: 64 }, (_, index) => (index / 64) * 2 * Math.PI).flatMap((angle) => [
    Math.cos(angle) * 60,
    Math.sin(angle) * 60,
  ]);
  assert.deepEqual(placesAlong(circle, 100, 2000), []);
  assert.deepEqual(placesAlong([5, 5], 100, 2000), []);
});

test("where the middle bends, the name moves to a straight piece", () => {
  const [place] = placesAlong([0, 0, 400, 0, 400, 400], 150, 5000);
  assert.ok(place.angle === 0 || Math.abs(place.angle - Math.PI / 2) < 1e-9);
  assert.ok(Math.hypot(place.x - 400, place.y) >= 75);
});

test("a long street carries its name several times", () => {
  const places = placesAlong([0, 0, 1000, 0, 4000, 0], 100, 1000);
  assert.deepEqual(
    places.map(({ x }) => Math.round(x)),
    [500, 1500, 2500, 3500],
  );
});

test("a tile gives words for what is written at its zoom, each tile its own", () => {
  const tile = {
    areas: [],
    lines: [
      feature("street", "Pariser Straße", [[0, 100, 4000, 100]]),
      feature("street", "", [[0, 200, 4000, 200]]),
      feature("street", "Tunnel", [[0, 300, 4000, 300]], { tunnel: true }),
      feature("rail", "Bahn", [[0, 400, 4000, 400]]),
    ],
    labels: [
      feature("park", "Volkspark", [[2000, 2000]]),
      feature("park", "beside the tile", [[-5, 2000]]),
      feature("landmark", "Fruchthalle", [[1000, 1000]], { rank: 1 }),
      feature("quarter", "Bännjerrück", [[3000, 3000]]),
      feature("landmark", "", [[1500, 1500]]),
    ],
  };
  assert.deepEqual(
    wordsOf(tile, SITUATION, measure).map(({ text }) => text),
    ["Volkspark", "Fruchthalle", "Bännjerrück", "Pariser Straße"],
  );
  assert.deepEqual(wordsOf(tile, { ...SITUATION, zoom: 11 }, measure), []);
  const [first] = wordsOf(tile, { ...SITUATION, enlarged: 2 }, measure);
  assert.equal(first.style.size, 2 * (wordsOf(tile, SITUATION, measure)[0].style.size ?? 0));
});

test("the more important of two words stays", () => {
  const near = [words("minor", { x: 500, y: 500, rank: 6 }), words("major", { x: 510, y: 504, rank: 2 })];
  assert.deepEqual(laidOut(near), ["major"]);
  assert.deepEqual(laidOut(near.toReversed()), ["major"]);
  assert.deepEqual(laidOut([near[0], words("major", { x: 510, y: 540, rank: 2 })]), ["major", "minor"]);
});

test("the same name is not written twice close by, but again further on", () => {
  const street = [100, 200, 700].map((x) => words("Pariser Straße", { x, y: 500 }));
  assert.deepEqual(laidOut(street), ["Pariser Straße", "Pariser Straße"]);
});

test("names of districts keep their room, and are not written twice", () => {
  const candidates = [words("Betzenberg", { x: 800, y: 800 }), words("stadium", { x: 510, y: 500 }), words("wood")];
  /** @type {import("../../mapping/static/mapping/js/ground/labels.js").Written[]} */
  const written = [{ text: "Betzenberg", box: [480, 490, 540, 510] }];
  const view = { width: 1000, height: 1000 };
  const tiles = [{ words: candidates, scale: 1, left: 100, top: 100 }];
  assert.deepEqual(
    layOut(tiles, view, written).map(({ words: { text } }) => text),
    ["stadium", "wood"],
  );
  assert.deepEqual(
    layOut([{ ...tiles[0], left: 0, top: 0 }], view, written).map(({ words: { text } }) => text),
    [],
  );
});

test("words that would be cut by the edge are left out", () => {
  assert.deepEqual(laidOut([words("a long name", { x: 10, y: 500 }), words("in", { x: 500, y: 500 })]), ["in"]);
});

test("words of several tiles keep clear of each other", () => {
  const tiles = [
    { words: [words("left", { x: 4090, y: 800 })], scale: 0.125, left: 0, top: 0 },
    { words: [words("right", { x: 20, y: 800, rank: 4 })], scale: 0.125, left: 512, top: 0 },
  ];
  const placed = layOut(tiles, { width: 1024, height: 512 });
  assert.deepEqual(
    placed.map(({ words: { text } }) => text),
    ["right"],
  );
  assert.deepEqual([placed[0].x, placed[0].y], [514.5, 100]);
});

test("no two labels of a crowded view meet", () => {
  const random = randomFrom(15);
  const crowd = Array.from({ length: 400 }, (_, index) =>
    words(`name ${index}`, {
      x: random() * 1000,
      y: random() * 1000,
      rank: Math.ceil(random() * 9),
      angle: index % 2 ? 0 : (random() - 0.5) * Math.PI,
    }),
  );
  const placed = layOut([{ words: crowd, scale: 1, left: 0, top: 0 }], { width: 1000, height: 1000 });
  assert.ok(placed.length > 50);
  const boxes = placed.map(boxesOf);
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const meets = one.some(([left, top, right, bottom]) =>
        other.some(([l, t, r, b]) => left < r && l < right && top < b && t < bottom),
      );
      assert.equal(meets, false);
    }
  }
});

test("a rotated name takes the room along its line, not a square around it", () => {
  const boxes = boxesOf({ words: words("a long street", { angle: Math.PI / 4 }), x: 100, y: 100 });
  assert.ok(boxes.length > 3);
  for (const [left, top, right, bottom] of boxes) assert.ok(right - left < 24 && bottom - top < 24);
});

test("a mark keeps its words below it", () => {
  const style = { ...STYLE, mark: /** @type {const} */ ("diamond") };
  const [[, top, , bottom]] = boxesOf({ words: words("Fruchthalle", { style }), x: 100, y: 100 });
  assert.ok(100 - top < bottom - 100);
});

test("long names are broken at the space that makes both lines most alike", () => {
  assert.deepEqual(inLines("Volkspark", STYLE, measure), ["Volkspark"]);
  assert.deepEqual(inLines("Rheinland-Pfälzische Technische Universität", STYLE, measure), [
    "Rheinland-Pfälzische",
    "Technische Universität",
  ]);
  assert.deepEqual(inLines("Donaudampfschifffahrtsgesellschaft", STYLE, measure), [
    "Donaudampfschifffahrtsgesellschaft",
  ]);
});
