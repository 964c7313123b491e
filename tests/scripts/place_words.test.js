import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { standIn } from "./browser.js";

standIn();
const { PlaceWords } = await import("../../mapping/static/mapping/js/contributing/place-words.js");

const URL_OF_WORDS = "/api/place-words";
/** Longer than the pause after a movement, milliseconds. */
const PAUSE = 400;

/** A live region that counts what it says: each change of its text is spoken. */
class Region {
  hidden = true;
  /** @type {string[]} */
  said = [];

  get textContent() {
    return this.said.at(-1) ?? "";
  }

  set textContent(words) {
    this.said.push(words);
  }
}

/** @typedef {{query: string, signal: AbortSignal, answer: (body: unknown, status?: number) => void}} Asked */

/** @type {Asked[]} */
let asked = [];

/** @param {string} url @param {{signal: AbortSignal}} init */
function answerLater(url, { signal }) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    const answer = (/** @type {unknown} */ body, status = 200) => resolve(Response.json(body, { status }));
    asked.push({ query: url.split("?")[1] ?? "", signal, answer });
  });
}

Object.assign(globalThis, { window: globalThis, fetch: answerLater });

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  asked = [];
});

function follow() {
  const region = new Region();
  let told = 0;
  const words = new PlaceWords(/** @type {any} */ (region), URL_OF_WORDS, () => {
    told += 1;
  });
  return { region, words, countTold: () => told };
}

/**
 * Look at a place until its words are there.
 * @param {InstanceType<typeof PlaceWords>} words
 * @param {number} lon
 * @param {string} said
 */
async function lookAndHear(words, lon, said) {
  words.look(lon, 49.4);
  mock.timers.tick(PAUSE);
  asked.at(-1)?.answer({ words: said });
  await nextTurn();
}

test("a place that is moved on and on is asked for once, where it rests, and said once", async () => {
  const { region, words, countTold } = follow();
  assert.equal(region.hidden, false);
  for (let step = 0; step < 40; step += 1) {
    words.look(7.7 + step / 1000, 49.4);
    mock.timers.tick(100);
  }
  assert.equal(asked.length, 0);
  mock.timers.tick(PAUSE);
  assert.deepEqual(
    asked.map(({ query }) => query),
    ["lon=7.73900&lat=49.40000"],
  );
  asked[0].answer({ words: "Near Fackelstraße 12" });
  await nextTurn();
  assert.deepEqual(region.said, ["Near Fackelstraße 12"]);
  assert.equal(words.words, "Near Fackelstraße 12");
  assert.equal(countTold(), 1);
});

test("another place with the same words is not said again", async () => {
  const { region, words } = follow();
  await lookAndHear(words, 7.71, "Near Markt");
  await lookAndHear(words, 7.72, "Near Markt");
  await lookAndHear(words, 7.73, "Near Fackelstraße 12");
  assert.deepEqual(region.said, ["Near Markt", "Near Fackelstraße 12"]);
});

test("movements below a metre ask for nothing", async () => {
  const { words } = follow();
  await lookAndHear(words, 7.71, "Near Markt");
  words.look(7.710001, 49.4);
  mock.timers.tick(PAUSE);
  assert.equal(asked.length, 1);
  assert.equal(words.words, "Near Markt");
});

test("words of a place that was left are no words of the next one", async () => {
  const { region, words } = follow();
  await lookAndHear(words, 7.71, "Near Markt");
  words.look(7.72, 49.4);
  assert.equal(words.words, "");
  mock.timers.tick(PAUSE);
  words.look(7.73, 49.4);
  assert.equal(asked[1].signal.aborted, true);
  asked[1].answer({ words: "Near the place that was left" });
  mock.timers.tick(PAUSE);
  asked[2].answer({ words: "Near Fackelstraße 12" });
  await nextTurn();
  assert.deepEqual(region.said, ["Near Markt", "Near Fackelstraße 12"]);
});

test("without an answer nothing is shown, rather than the words of the place before", async () => {
  const { region, words } = follow();
  await lookAndHear(words, 7.71, "Near Markt");
  words.look(7.72, 49.4);
  mock.timers.tick(PAUSE);
  asked[1].answer({ title: "Too many" }, 503);
  await nextTurn();
  assert.equal(region.textContent, "");
  assert.equal(words.words, "");
});

test("a place whose words did not come is asked for again when somebody looks at it again", async () => {
  const { words } = follow();
  words.look(7.72, 49.4);
  mock.timers.tick(PAUSE);
  asked[0].answer({ title: "Not now" }, 503);
  await nextTurn();
  await lookAndHear(words, 7.72, "Near Markt");
  assert.equal(asked.length, 2);
  assert.equal(words.words, "Near Markt");
});

test("where words are cleared nothing that is under way is said", async () => {
  const { region, words } = follow();
  words.look(7.71, 49.4);
  mock.timers.tick(PAUSE);
  words.clear();
  asked[0].answer({ words: "Near Markt" });
  await nextTurn();
  assert.deepEqual(region.said, []);
});
