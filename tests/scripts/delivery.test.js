import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { standIn } from "./browser.js";
import { Databases } from "./database.js";

standIn();
Object.assign(document, { dispatchEvent: () => true });
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
const { flush, note } = await import("../../mapping/static/mapping/js/waiting/delivery.js");
const outbox = await import("../../mapping/static/mapping/js/waiting/outbox.js");
const { removeEverything } = await import("../../mapping/static/mapping/js/mine/storage.js");

/** @typedef {import("../../mapping/static/mapping/js/waiting/outbox.js").Item} Item */

/** @type {string[]} ids in the order in which they were sent */
let sent = [];
/** What the site does with the next ones, by id. @type {Record<string, () => Promise<Response>>} */
let answers = {};

/** @param {string} id @param {number} madeAt @returns {Item} */
const item = (id, madeAt) => ({
  id,
  slug: "trees",
  page: "/campaigns/trees/",
  url: "/api/v1/campaigns/trees/contributions/",
  title: "Tree",
  isPublic: true,
  body: JSON.stringify({ type: "Feature", id }),
  photos: [],
  draft: /** @type {any} */ ({ id }),
  madeAt,
  state: "waiting",
  isStored: false,
  notBefore: 0,
  status: 0,
  reason: "",
});

/** @param {number} status @param {any} body @param {string} type */
const answered = (status, body, type = "application/geo+json") =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });

beforeEach(async () => {
  Object.assign(globalThis, {
    indexedDB: new Databases(),
    /** @param {string} _url @param {RequestInit} init */
    fetch: async (_url, init) => {
      const { id } = JSON.parse(String(init.body));
      sent.push(id);
      return answers[id] ? answers[id]() : answered(201, { type: "Feature", id });
    },
  });
  sent = [];
  answers = {};
  await outbox.put(item("first", 1));
  await outbox.put(item("second", 2));
});

const left = async () => (await outbox.list()).map(({ id }) => id);

test("what waits is sent, the oldest first, and deleted with its receipt", async () => {
  assert.deepEqual(
    (await flush()).map(({ kind }) => kind),
    ["sent", "sent"],
  );
  assert.deepEqual(sent, ["first", "second"]);
  assert.deepEqual(await left(), []);
});

test("what is discarded while another one is sent is not sent", async () => {
  answers.first = async () => {
    await outbox.remove("second");
    return answered(201, { type: "Feature", id: "first" });
  };
  await flush();
  assert.deepEqual(sent, ["first"]);
});

test("what was told to wait while another one is sent waits", async () => {
  answers.first = async () => {
    await outbox.put({ ...item("second", 2), notBefore: Date.now() + 60_000 });
    return answered(201, { type: "Feature", id: "first" });
  };
  await flush();
  assert.deepEqual(sent, ["first"]);
  assert.deepEqual(await left(), ["second"]);
});

for (const [words, answer] of /** @type {[string, () => Response][]} */ ([
  ["no answer", () => Promise.reject(new TypeError("no network"))],
  ["an error", () => answered(503, {}, "application/problem+json")],
  ["a refusal", () => answered(400, { detail: "No." }, "application/problem+json")],
])) {
  test(`what is discarded while it is sent does not come back after ${words}`, async () => {
    answers.first = async () => {
      await outbox.remove("first");
      return answer();
    };
    await flush();
    assert.equal((await left()).includes("first"), false);
    assert.equal((await left()).includes("second"), words !== "a refusal");
  });

  test(`nothing comes back after everything was deleted and ${words}`, async () => {
    answers.first = async () => {
      await removeEverything();
      return answer();
    };
    await flush();
    assert.deepEqual(sent, ["first"]);
    assert.deepEqual(await indexedDB.databases(), []);
  });

  test(`what is still there is kept after ${words}`, async () => {
    answers.first = async () => answer();
    await flush();
    const [first] = await outbox.list();
    assert.deepEqual([first.id, first.state], ["first", words === "a refusal" ? "refused" : "waiting"]);
  });
}

test("whoever notes an outcome hears whether the entry is still there", async () => {
  const outcome = { kind: /** @type {const} */ ("later"), item: item("first", 1), seconds: 30, answer: noAnswer };
  assert.equal(await note(outcome), true);
  assert.ok(((await outbox.get("first"))?.notBefore ?? 0) > 0);
  await outbox.remove("first");
  assert.equal(await note(outcome), false);
  assert.deepEqual(await left(), ["second"]);
});

const noAnswer = { status: 0, body: null, isProblem: false, retryAfter: null };
