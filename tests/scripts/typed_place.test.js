import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { geometryOf, positionsOf } = await import("../../mapping/static/mapping/js/mine/typed-place.js");

const POSITION = [7.7689, 49.4447];

test("a typed point is read with point or comma", () => {
  for (const [latitude, longitude] of [
    ["49.4447", "7.7689"],
    [" 49,4447", "7,7689 "],
    ["+49.4447", "7.7689"],
  ]) {
    assert.deepEqual(geometryOf("point", latitude, longitude, ""), { type: "Point", coordinates: POSITION });
  }
  for (const [latitude, longitude] of [
    ["", ""],
    ["49.4447", ""],
    ["north", "east"],
  ]) {
    assert.equal(geometryOf("point", latitude, longitude, ""), null);
  }
});

test("positions are read as the form accepts them", () => {
  for (const line of ["49.4447, 7.7689", "49.4447,7.7689", "49,4447; 7,7689", "49,4447;7,7689", "49,4447 7,7689"]) {
    const geometry = geometryOf("line", "", "", `${line}\n\n49.4361, 7.7687\n`);
    assert.deepEqual(geometry, { type: "LineString", coordinates: [POSITION, [7.7687, 49.4361]] }, line);
  }
});

test("too few or unreadable positions are no place", () => {
  assert.equal(geometryOf("line", "", "", "49.4447, 7.7689"), null);
  assert.equal(geometryOf("polygon", "", "", "49.4, 7.7\n49.5, 7.7"), null);
  assert.equal(geometryOf("line", "", "", "49.4, 7.7\nhere\n49.5, 7.7"), null);
  assert.equal(geometryOf("none", "49.4447", "7.7689", ""), null);
});

test("rings are closed when read, and open when written", () => {
  const geometry = geometryOf("polygon", "", "", "49.4, 7.7\n49.5, 7.7\n49.5, 7.8");
  const corners = [
    [7.7, 49.4],
    [7.7, 49.5],
    [7.8, 49.5],
  ];
  assert.deepEqual(geometry, { type: "Polygon", coordinates: [[...corners, corners[0]]] });
  assert.deepEqual(geometry && positionsOf(geometry), corners);
});
