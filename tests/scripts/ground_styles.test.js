/** How the city's ground looks: by class and zoom, and quiet enough for what people put on it. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { lookFor, PALETTES } from "../../mapping/static/mapping/js/ground/palettes.js";
import {
  areasAt,
  LINE_ORDER,
  labelStyle,
  lineStyle,
  nameStyle,
  sleepers,
  valueAt,
} from "../../mapping/static/mapping/js/ground/styles.js";

const AREAS = ["water", "wood", "park", "farm", "built", "industry"];
const LINES = ["motorway", "primary", "secondary", "street", "path", "cycle", "rail", "river"];
const LABELS = ["city", "district", "quarter", "village", "park", "water", "station", "landmark"];
const ZOOMS = Array.from({ length: 31 }, (_, index) => 5 + index / 2);

const TOKENS = readFileSync(new URL("../../mapping/static/mapping/css/tokens.css", import.meta.url), "utf-8");

/** Channels from 0 to 1. @param {string} colour #rrggbb */
const channels = (colour) => [1, 3, 5].map((index) => Number.parseInt(colour.slice(index, index + 2), 16) / 255);

/** Relative luminance (WCAG 2.2). @param {string} colour */
function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other */
function contrast(one, other) {
  const [less, more] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
}

/** How a category's colour is lifted on dark pages (components.css mixes in OKLab, which is lighter still). */
function lifted(/** @type {string} */ colour) {
  const parts = channels(colour).map((value) => Math.round(255 * (value * 0.58 + 0.42)));
  return `#${parts.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

const CATEGORIES = [...TOKENS.matchAll(/--category-[a-z]+: (#[0-9a-f]{6});/g)].map(([, colour]) => colour);

test("each class of the tiles has a colour in each look, and its place in the order", () => {
  for (const palette of Object.values(PALETTES)) {
    assert.deepEqual(Object.keys(palette.areas).sort(), [...AREAS].sort());
    assert.deepEqual(Object.keys(palette.lines).sort(), [...LINES].sort());
  }
  assert.deepEqual([...LINE_ORDER].sort(), [...LINES].sort());
  assert.deepEqual(areasAt(16).sort(), [...AREAS].sort());
  for (const kind of LABELS) assert.ok(ZOOMS.some((zoom) => labelStyle(kind, 5, zoom)));
});

test("looks follow the page's darkness and the choice of grey", () => {
  assert.equal(lookFor({ dark: false, grey: false }), "light");
  assert.equal(lookFor({ dark: false, grey: true }), "grey");
  assert.equal(lookFor({ dark: true, grey: false }), "dark");
  assert.equal(lookFor({ dark: true, grey: true }), "dark-grey");
});

for (const [look, palette] of Object.entries(PALETTES)) {
  const isDark = look.startsWith("dark");
  const grounds = [palette.land, ...Object.values(palette.areas)];

  test(`words are read on every ground: ${look}`, () => {
    for (const ink of Object.values(palette.ink)) {
      for (const ground of [...grounds, palette.halo, palette.lines.street]) {
        assert.ok(contrast(ink, ground) >= 4.5, `${ink} on ${ground}: ${contrast(ink, ground)}`);
      }
    }
  });

  test(`markers stand out on every ground: ${look}`, () => {
    assert.equal(CATEGORIES.length, 8);
    for (const category of CATEGORIES.map((colour) => (isDark ? lifted(colour) : colour))) {
      // A marker has its own halo with a contrast of 3 besides; it must not carry the difference alone.
      for (const ground of grounds) {
        assert.ok(contrast(category, ground) >= 2.5, `${category} on ${ground}: ${contrast(category, ground)}`);
      }
    }
  });
}

test("lines appear with their zoom and only grow", () => {
  for (const kind of LINES) {
    const styles = ZOOMS.map((zoom) => lineStyle(kind, zoom));
    const first = styles.findIndex((style) => style !== null);
    assert.ok(first >= 0);
    for (let index = first + 1; index < styles.length; index += 1) {
      assert.ok((styles[index]?.width ?? 0) >= (styles[index - 1]?.width ?? 0), `${kind} at ${ZOOMS[index]}`);
    }
  }
  assert.equal(lineStyle("street", 10), null);
  assert.equal(lineStyle("no such class", 16), null);
});

test("more important streets are wider, and cased where they are wide enough", () => {
  for (const zoom of [13, 15, 17]) {
    const widths = ["street", "secondary", "primary", "motorway"].map((kind) => lineStyle(kind, zoom)?.width ?? 0);
    assert.deepEqual(
      widths,
      [...widths].sort((one, other) => one - other),
    );
  }
  const street = lineStyle("street", 16);
  assert.ok(street && street.casing > street.width);
  assert.equal(lineStyle("street", 12)?.casing, 0);
  assert.equal(lineStyle("path", 17)?.casing, 0);
});

test("tunnels, paths and railways are dashed, streets are not", () => {
  assert.deepEqual(lineStyle("street", 16)?.dash, []);
  assert.equal(lineStyle("street", 16, true)?.dash.length, 2);
  assert.equal(lineStyle("path", 16)?.dash.length, 2);
  assert.equal(sleepers(16)?.dash.length, 2);
  assert.equal(sleepers(10), null);
});

test("important labels come first, large places leave again", () => {
  assert.ok(labelStyle("landmark", 1, 13.5));
  assert.equal(labelStyle("landmark", 9, 13.5), null);
  assert.ok(labelStyle("landmark", 9, 15));
  assert.ok(labelStyle("city", 1, 11));
  assert.equal(labelStyle("city", 1, 15), null);
  assert.equal(labelStyle("no such class", 1, 15), null);
  assert.equal(nameStyle("street", 13), null);
  assert.equal(nameStyle("street", 16)?.ink, "street");
  assert.equal(nameStyle("river", 16)?.ink, "water");
  assert.equal(nameStyle("rail", 16), null);
});

test("values grow in straight lines between their stops", () => {
  /** @type {[number, number][]} */
  const stops = [
    [10, 1],
    [12, 3],
    [16, 5],
  ];
  assert.deepEqual(
    [9, 10, 11, 12, 14, 16, 20].map((zoom) => valueAt(stops, zoom)),
    [1, 1, 2, 3, 4, 5, 5],
  );
});
