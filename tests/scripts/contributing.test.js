import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { stepBefore, stepsOf, topicOf } = await import("../../mapping/static/mapping/js/contributing/steps.js");
const { accuracyWords, judge } = await import("../../mapping/static/mapping/js/contributing/position.js");
const { excerptOf } = await import("../../mapping/static/mapping/js/contributing/draft-list.js");
const { leavingRoom } = await import("../../mapping/static/mapping/js/map/map.js");
const { Drafts } = await import("../../mapping/static/mapping/js/draft.js");

/** @param {Record<string, string>} [kept] @param {boolean} [isFull] */
function storage(kept = {}, isFull = false) {
  const methods = {
    getItem: (/** @type {string} */ key) => kept[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => {
      if (isFull) throw new Error("full");
      kept[key] = value;
    },
    removeItem: (/** @type {string} */ key) => delete kept[key],
  };
  return new Proxy(methods, {
    ownKeys: () => Object.keys(kept),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}

/** @param {string} id @param {string} [text] */
const draft = (id, text = "") => ({
  id,
  category: "spot",
  geometry: null,
  zoom: null,
  values: { text: [text] },
  savedAt: 0,
});

test("steps depend on how many topics there are and whether a place is marked", () => {
  assert.deepEqual(stepsOf({ topics: 3, needsPlace: true }), ["category", "place", "details"]);
  assert.deepEqual(stepsOf({ topics: 1, needsPlace: true }), ["place", "details"]);
  assert.deepEqual(stepsOf({ topics: 1, needsPlace: false }), ["details"]);
  assert.equal(stepBefore(["category", "place", "details"], "details"), "place");
  assert.equal(stepBefore(["place", "details"], "place"), null);
  assert.equal(stepBefore(["place", "details"], null), null);
});

test("the address names the topic, unless it names several or none that is open", () => {
  const open = [{ slug: "heat" }, { slug: "fear" }];
  assert.equal(topicOf("?category=fear", open)?.slug, "fear");
  assert.equal(topicOf("?category=fear&category=heat", open), null);
  assert.equal(topicOf("?category=closed", open), null);
  assert.equal(topicOf("", open), null);
  assert.equal(topicOf("", [{ slug: "heat" }])?.slug, "heat");
});

test("a position is exact, inexact or outside", () => {
  const inside = () => true;
  assert.equal(judge({ lon: 7, lat: 49, accuracy: 50 }, inside), "exact");
  assert.equal(judge({ lon: 7, lat: 49, accuracy: 51 }, inside), "inexact");
  assert.equal(
    judge({ lon: 7, lat: 49, accuracy: 5 }, () => false),
    "outside",
  );
});

test("how exact it is, is said in round numbers and never too well", () => {
  assert.deepEqual([7.2, 63, 120, 950, 2987].map(accuracyWords), ["8 m", "70 m", "200 m", "1 km", "3 km"]);
});

test("a tall panel leaves a third of a low window to the map", () => {
  const insets = leavingRoom({ top: 50, bottom: 250, left: 0, right: 0 }, { x: 568, y: 260 });
  assert.ok(insets.top + insets.bottom <= 260 * 0.66);
  assert.ok(insets.bottom > insets.top);
  const roomy = { top: 50, bottom: 250, left: 0, right: 0 };
  assert.deepEqual(leavingRoom(roomy, { x: 390, y: 784 }), roomy);
});

test("drafts do not overwrite each other, and an old single one is taken over", () => {
  const kept = { "contribution-draft:spots": JSON.stringify({ ...draft("old"), savedAt: Date.now() - 1000 }) };
  Object.assign(globalThis, { localStorage: storage(kept), sessionStorage: storage() });
  const drafts = new Drafts("spots", true);
  assert.equal(drafts.keep(draft("new", "A bench")), true);
  new Drafts("spots-too", true).keep(draft("other"));
  assert.deepEqual(
    drafts.list().map(({ id }) => id),
    ["new", "old"],
  );
  drafts.forget("new");
  assert.deepEqual(
    drafts.list().map(({ id }) => id),
    ["old"],
  );
  assert.equal(drafts.read("new"), null);
});

test("a protected campaign keeps nothing beyond the tab", () => {
  const kept = { "contribution-draft:spots:one": JSON.stringify({ ...draft("one"), savedAt: Date.now() }) };
  const inTab = {};
  Object.assign(globalThis, { localStorage: storage(kept), sessionStorage: storage(inTab) });
  const drafts = new Drafts("spots", false);
  drafts.keep(draft("two"));
  assert.deepEqual(Object.keys(kept), []);
  assert.deepEqual(Object.keys(inTab), ["contribution-draft:spots:two"]);
});

test("storage that takes nothing is told, not thrown", () => {
  const full = storage({}, true);
  Object.assign(globalThis, { localStorage: full, sessionStorage: full });
  assert.equal(new Drafts("spots", true).keep(draft("one")), false);
});

test("a long text is cut between letters, not within them", () => {
  assert.equal(excerptOf(draft("one", "  Too   dark ")), "Too dark");
  const cut = excerptOf(draft("one", "🌳".repeat(80)));
  assert.equal(cut, `${"🌳".repeat(59)}…`);
});
