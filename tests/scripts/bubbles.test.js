import assert from "node:assert/strict";
import { test } from "node:test";
import { randomFrom, standIn } from "./browser.js";

standIn();
const { groupsOf, holds, metresPerPixel, pixelOf, rangeAround, sizeFor, spreadOf } = await import(
  "../../mapping/static/mapping/js/bubbles/grouping.js"
);
const { bubble, diameterOf, sharesOf, shortNumber, wordsOf } = await import(
  "../../mapping/static/mapping/js/bubbles/drawing.js"
);
const { itemsOf } = await import("../../mapping/static/mapping/js/bubbles/centres.js");
const { neighbour } = await import("../../mapping/static/mapping/js/bubbles/rover.js");

/** @typedef {import("../../mapping/static/mapping/js/bubbles/grouping.js").Item} Item */
/** @typedef {import("../../mapping/static/mapping/js/bubbles/grouping.js").Group} Group */

const CLOSE = { alone: 16, together: 30 };
const CATEGORIES = [
  { slug: "light", title: "Light", marker: "circle", colour: "blue" },
  { slug: "bench", title: "Bench", marker: "triangle", colour: "orange" },
  { slug: "tree", title: "Tree", marker: "square", colour: "green" },
];

/** @param {string} key @param {number} lon @param {number} lat @param {number[]} counts @returns {Item} */
const item = (key, lon, lat, counts = [1, 0, 0]) => ({ key, lon, lat, counts });

test("squares grow with what a pixel stands for, and are wide enough to be apart", () => {
  const sizes = [0.2, 1, 5, 20, 40, 100, 1000].map(sizeFor);
  assert.deepEqual(
    sizes,
    [...sizes].sort((a, b) => a - b),
  );
  for (const [index, metres] of [5, 20, 40, 100, 1000].entries()) {
    assert.ok(sizes[index + 2] / metres >= 32);
    assert.ok(sizes[index + 2] / metres < 80);
  }
});

test("pixels are those of Web Mercator", () => {
  assert.deepEqual(pixelOf(0, 0, 0), { x: 128, y: 128 });
  const { x, y } = pixelOf(7.7689, 49.4447, 10);
  assert.ok(Math.abs(x - 136_729.1) < 1 && Math.abs(y - 89_530.2) < 1);
  assert.ok(Math.abs(metresPerPixel(0, 0) - 156_543) < 1);
});

test("what lies close becomes one group at the true centre of all it holds", () => {
  const items = [item("a", 7, 49, [3, 0, 0]), item("b", 7.0001, 49, [0, 1, 0]), item("far", 8, 49)];
  const groups = groupsOf(items, 12, CLOSE);
  assert.deepEqual(
    groups.map((/** @type {Group} */ { total, counts }) => [total, counts]),
    [
      [4, [3, 1, 0]],
      [1, [1, 0, 0]],
    ],
  );
  assert.ok(Math.abs(groups[0].lon - 7.000025) < 1e-12);
  assert.deepEqual(groups[0].items.map((/** @type {Item} */ { key }) => key).sort(), ["a", "b"]);
  assert.equal(groupsOf(items, 20, CLOSE).length, 3);
});

test("nothing is lost, no two groups touch, and the order does not matter", () => {
  const random = randomFrom(15);
  const items = Array.from({ length: 900 }, (_, index) =>
    item(
      `${index}`,
      7.7 + random() / 10,
      49.4 + random() / 10,
      [0, 0, 0].map(() => Math.floor(random() * 9)),
    ),
  ).filter(({ counts }) => counts.some(Boolean));
  for (const zoom of [10, 12.5, 15]) {
    const groups = groupsOf(items, zoom, { alone: 44, together: 44 });
    for (const topic of [0, 1, 2]) {
      const sum = (/** @type {{counts: number[]}[]} */ all) => all.reduce((total, one) => total + one.counts[topic], 0);
      assert.equal(sum(groups), sum(items));
    }
    const pixels = groups.map((/** @type {Group} */ { lon, lat }) => pixelOf(lon, lat, zoom));
    for (const [index, one] of pixels.entries()) {
      for (const other of pixels.slice(index + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 22);
    }
    const keys = (/** @type {Group[]} */ found) => found.map(({ key, total }) => `${key} ${total}`).sort();
    assert.deepEqual(keys(groupsOf([...items].reverse(), zoom, { alone: 44, together: 44 })), keys(groups));
  }
});

test("a thousand on one spot are one group that no zoom takes apart", () => {
  const items = Array.from({ length: 1000 }, (_, index) => item(`${index}`, 7.7, 49.4));
  assert.deepEqual(
    groupsOf(items, 20, CLOSE).map((/** @type {Group} */ { total }) => total),
    [1000],
  );
  assert.equal(spreadOf(items, 20), 0);
  assert.deepEqual(groupsOf([], 10, CLOSE), []);
});

test("a range holds its view, and short movements stay inside", () => {
  /** @type {[number, number, number, number]} */
  const view = [7.7, 49.4, 7.8, 49.46];
  const range = rangeAround(view, 13);
  assert.ok(holds(range, view));
  assert.ok(!holds(view, range));
  const moved = /** @type {[number, number, number, number]} */ ([7.701, 49.401, 7.801, 49.461]);
  assert.ok(holds(range, moved));
  assert.deepEqual(rangeAround([7.7001, 49.4, 7.8001, 49.46], 13), range);
  assert.ok(holds([-180, -90, 180, 90], rangeAround([-400, -89, 400, 89], 1)));
});

test("the parts of a ring add up, keep their order, and none is too small to be seen", () => {
  const shares = sharesOf([997, 0, 3]);
  assert.deepEqual(
    shares.map((/** @type {{index: number}} */ { index }) => index),
    [0, 2],
  );
  assert.equal(shares[0].start, 0);
  assert.ok(Math.abs(shares[0].length + shares[1].length - 100) < 1e-9);
  assert.ok(shares[1].length > 4);
  assert.equal(sharesOf([0, 5, 0])[0].length, 100);
});

test("one topic gives its shape and colour, several a ring with a number each can read", () => {
  const one = bubble([0, 12, 0], CATEGORIES, "en");
  assert.ok(one.svg.includes("marker--orange") && one.svg.includes("marker__shape"));
  assert.ok(!one.svg.includes("bubble__part"));
  const several = bubble([1, 2, 1234], CATEGORIES, "en");
  assert.equal(several.svg.match(/bubble__part/g)?.length, 3);
  assert.ok(several.svg.includes(">1,237</text>"));
  assert.ok(several.size > one.size / 1.25);
  assert.ok(diameterOf(2, "2") >= 34 && diameterOf(1_000_000, "1,0 Mio.", true) <= 72);
  assert.equal(shortNumber(9999, "de"), "9.999");
  assert.equal(shortNumber(2_500_000, "en"), "2.5M");
});

test("a bubble smuggles nothing of a category into the page", () => {
  const evil = [{ slug: "x", title: "<b>", marker: "x", colour: '"><img src=x' }, CATEGORIES[1]];
  assert.ok(!bubble([1, 1], evil, "en").svg.includes("<img"));
});

test("a bubble says what it holds, the most frequent first", () => {
  assert.equal(wordsOf([3, 0, 1200], CATEGORIES, "en"), "1,203 contributions: Tree 1,200, Light 3");
});

test("counts of the server are put in the order of the campaign; unknown categories are left out", () => {
  const answer = { categories: ["tree", "gone", "light"], centres: [[7.7, 49.4, 5, 9, 1]] };
  const [found] = itemsOf(answer, ["light", "bench", "tree"]);
  assert.deepEqual([found.lon, found.lat, found.counts], [7.7, 49.4, [1, 0, 5]]);
});

test("arrow keys go to the nearest place in their direction", () => {
  const pixels = [
    { x: 100, y: 0 },
    { x: 40, y: 60 },
    { x: -50, y: 5 },
    { x: 0, y: 200 },
  ];
  const from = { x: 0, y: 0 };
  assert.equal(neighbour(pixels, from, "ArrowRight"), 0);
  assert.equal(neighbour(pixels, from, "ArrowLeft"), 2);
  assert.equal(neighbour(pixels, from, "ArrowDown"), 1);
  assert.equal(neighbour(pixels, from, "ArrowUp"), -1);
});
