import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { optionAfter, searchUrl } = await import("../../mapping/static/mapping/js/map/search.js");
const { listQuery, written } = await import("../../mapping/static/mapping/js/campaign/list.js");
const { whereOf } = await import("../../mapping/static/mapping/js/contributing/found.js");
const { questionOf } = await import("../../mapping/static/mapping/js/contributing/nearby.js");

const AROUND = { box: "7.7,49.4,7.8,49.5", near: "7.75,49.45" };

test("arrow keys walk through the options and through the field", () => {
  assert.equal(optionAfter("ArrowDown", -1, 3), 0);
  assert.equal(optionAfter("ArrowDown", 2, 3), -1);
  assert.equal(optionAfter("ArrowUp", -1, 3), 2);
  assert.equal(optionAfter("ArrowUp", 0, 3), -1);
  assert.equal(optionAfter("a", 1, 3), 1);
  assert.equal(optionAfter("ArrowDown", -1, 0), -1);
});

test("the search keeps the query of its address", () => {
  assert.equal(searchUrl("/addresses/", "Am Markt"), "/addresses/?q=Am+Markt");
  assert.equal(searchUrl("/addresses/?campaign=parks", "ä"), "/addresses/?campaign=parks&q=%C3%A4");
});

test("a list in view follows the map, and one by distance begins where the reader is", () => {
  const fields = /** @type {[string, string][]} */ ([
    ["category", "spot"],
    ["category", "tree"],
    ["q", ""],
    ["near", "1,2"],
    ["ordering", "nearest"],
    ["bbox", "1,2,3,4"],
  ]);
  assert.equal(
    listQuery(fields, AROUND).toString(),
    "category=spot&category=tree&ordering=nearest&bbox=7.7%2C49.4%2C7.8%2C49.5&near=7.75%2C49.45",
  );
  assert.equal(listQuery(fields, null).get("near"), "1,2");
  assert.equal(listQuery(fields, null).get("bbox"), "1,2,3,4");
});

test("without a position there is no order by distance, and in other orders no position", () => {
  assert.equal(listQuery([["ordering", "nearest"]], null).toString(), "");
  assert.equal(
    listQuery(
      [
        ["ordering", "new"],
        ["near", "1,2"],
      ],
      AROUND,
    ).toString(),
    "ordering=new",
  );
});

test("a box that was never filled is filled by the map", () => {
  assert.equal(listQuery([["bbox", ""]], AROUND).get("bbox"), AROUND.box);
  assert.equal(listQuery([["bbox", ""]], null).toString(), "");
});

test("degrees are written to about a metre", () => {
  assert.equal(written([7.123456789, -49.1]), "7.12346,-49.10000");
});

test("a hint says how far away something is, else near what", () => {
  const found = { id: "", title: "", excerpt: "", url: "", support: 0, may_support: true };
  assert.equal(whereOf({ ...found, place_words: "Near Markt", distance: 41 }), "40 m away");
  assert.equal(whereOf({ ...found, place_words: "", distance: 1 }), "At this place");
  assert.equal(whereOf({ ...found, place_words: "Near Markt", distance: null }), "Near Markt");
  assert.equal(whereOf({ ...found, place_words: "", distance: null }), "");
});

test("nothing is asked without a place and a topic", () => {
  const geometry = /** @type {import("geojson").Geometry} */ ({ type: "Point", coordinates: [7, 49] });
  assert.equal(questionOf(null), null);
  assert.equal(questionOf({ category: { slug: "spot" }, geometry: null }), null);
  assert.equal(questionOf({ category: null, geometry }), null);
  assert.deepEqual(questionOf({ category: { slug: "spot" }, geometry }), { category: "spot", geometry });
});
