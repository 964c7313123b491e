import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { canBeMended, isDue, judge, judgePhoto, pauseBefore, PERIOD, wordsOf } = await import(
  "../../mapping/static/mapping/js/waiting/decisions.js"
);
const { wordsOfWaiting } = await import("../../mapping/static/mapping/js/waiting/words.js");

const ID = "0192f0a0-0000-7000-8000-000000000001";
const receipt = { type: "Feature", id: ID, properties: {} };

/** @param {number} status @param {any} [body] @param {Partial<{isProblem: boolean, retryAfter: number}>} [more] */
const answer = (status, body = null, more = {}) => ({ status, body, isProblem: false, retryAfter: null, ...more });

test("only the receipt with the id of the contribution says that it is stored", () => {
  assert.equal(judge(answer(201, receipt), ID).kind, "stored");
  assert.equal(judge(answer(200, receipt), ID).kind, "stored");
  assert.equal(judge(answer(200, { ...receipt, id: "another" }), ID).kind, "later");
  assert.equal(judge(answer(202, receipt), ID).kind, "later");
  assert.equal(judgePhoto(answer(201, { url: "/photos/1.jpg" })).kind, "stored");
  assert.equal(judgePhoto(answer(201, receipt)).kind, "later");
});

test("no answer, failures of the site and pages of captive portals keep it", () => {
  for (const status of [0, 200, 204, 302, 403, 404, 408, 425, 500, 502, 503, 511])
    assert.deepEqual(judge(answer(status), ID), { kind: "later", seconds: 0 }, String(status));
  const busy = answer(503, { code: "unavailable" }, { isProblem: true, retryAfter: 5 });
  assert.deepEqual(judge(busy, ID), { kind: "later", seconds: 5 });
  assert.equal(judge(answer(408, {}, { isProblem: true }), ID).kind, "later");
});

test("too many requests wait as long as they were told", () => {
  assert.deepEqual(judge(answer(429, {}, { isProblem: true, retryAfter: 20 }), ID), { kind: "later", seconds: 20 });
  assert.deepEqual(judge(answer(429), ID), { kind: "later", seconds: 60 });
  assert.deepEqual(judge(answer(429, {}, { retryAfter: 10 ** 9 }), ID), { kind: "later", seconds: 3600 });
});

test("a problem of the site needs the person, a withdrawn contribution is gone", () => {
  const problem = { detail: "It has ended.", code: "not_open" };
  assert.deepEqual(judge(answer(403, problem, { isProblem: true }), ID), {
    kind: "refused",
    status: 403,
    detail: "It has ended.",
    code: "not_open",
  });
  assert.equal(judge(answer(409, { code: "withdrawn" }, { isProblem: true }), ID).kind, "gone");
  assert.equal(canBeMended({ status: 400, isStored: false }), true);
  assert.equal(canBeMended({ status: 403, isStored: false }), false);
  assert.equal(canBeMended({ status: 400, isStored: true }), false);
});

test("what was told to wait is tried when its time has come", () => {
  const item = { state: /** @type {const} */ ("waiting"), notBefore: 5_000 };
  assert.equal(isDue(item, 4_999), false);
  assert.equal(isDue(item, 5_000), true);
  assert.equal(isDue({ ...item, state: "refused" }, 9_000), false);
  assert.equal(pauseBefore([], 0), null);
  assert.equal(pauseBefore([{ state: "refused", notBefore: 0 }], 0), null);
  assert.equal(pauseBefore([item], 0), PERIOD);
  assert.equal(pauseBefore([{ ...item, notBefore: 10 * PERIOD }], 0), 10 * PERIOD);
});

test("a clock that was set back lets nothing wait for a day", () => {
  const day = 24 * 3_600_000;
  const item = { state: /** @type {const} */ ("waiting"), notBefore: day };
  assert.equal(isDue(item, 0), true);
  assert.equal(pauseBefore([item], 0), PERIOD);
  assert.equal(isDue({ ...item, notBefore: 3_600_000 }, 0), false);
});

test("the bar says what waits, what needs the person, what has arrived", () => {
  const waiting = { state: /** @type {const} */ ("waiting") };
  const refused = { state: /** @type {const} */ ("refused") };
  assert.equal(wordsOfWaiting([waiting], 0, true), "1 contribution waits on this device.");
  assert.equal(
    wordsOfWaiting([refused, waiting, waiting], 0, false),
    "1 contribution needs you. 2 contributions wait on this device. It is sent as soon as there is a network.",
  );
  assert.equal(wordsOfWaiting([], 2, true), "2 contributions have arrived. Thank you!");
  assert.equal(wordsOfWaiting([], 0, true), "");
});

test("the text comes first in what can be copied", () => {
  assert.equal(wordsOf({ "answers.when": ["night"], text: ["Too dark"], empty: [" "] }), "Too dark\nnight");
});
