import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { contains } = await import("../../mapping/static/mapping/js/map/area.js");
const { letter, markerSvg } = await import("../../mapping/static/mapping/js/map/markers.js");
const words = await import("../../mapping/static/mapping/js/planning/heatmap/words.js");

/** @param {number} least @param {number} most */
const ring = (least, most) => [
  [least, least],
  [most, least],
  [most, most],
  [least, most],
  [least, least],
];

test("a place lies in an area, outside of it, or in its hole", () => {
  /** @type {import("geojson").Feature} */
  const feature = {
    type: "Feature",
    properties: {},
    geometry: { type: "MultiPolygon", coordinates: [[ring(0, 10), ring(4, 6)], [ring(20, 21)]] },
  };
  assert.equal(contains(feature, [1, 1]), true);
  assert.equal(contains(feature, [5, 5]), false);
  assert.equal(contains(feature, [20.5, 20.5]), true);
  assert.equal(contains(feature, [15, 15]), false);
});

test("a marker carries one letter and nothing of what a title might smuggle in", () => {
  assert.equal(letter("bench"), "B");
  const svg = markerSvg({ slug: "x", title: '<img src="x">', marker: "no such shape", colour: "blue" });
  assert.ok(!svg.includes("<img"));
});

test("numbers are said as people read them", () => {
  assert.equal(words.formatted(12345), "12,345");
  assert.equal(words.signed(-3), "−3");
  assert.equal(words.signed(3), "+3");
  assert.equal(words.contributions(1), "1 contribution");
  assert.equal(words.contributions(2), "2 contributions");
  assert.equal(words.valued(2.345, false), "2.35");
  assert.equal(words.valued(2.345, true), "2");
});
