import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { standIn } from "./browser.js";

standIn();
const { ApiProblem, fetchJson } = await import("../../mapping/static/mapping/js/site/api.js");
const network = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = network;
});

/** @param {() => Promise<Response>} answer */
const answering = (answer) => {
  globalThis.fetch = answer;
  return fetchJson("/api/v1/");
};

/** @param {unknown} error */
const isTemporary = (error) => error instanceof ApiProblem && error.status === 0 && error.isTemporary;

test("a page of the network in between and an answer that breaks off are a lost connection", async () => {
  await assert.rejects(
    answering(async () => new Response("<!doctype html><title>Free wi-fi</title>")),
    isTemporary,
  );
  await assert.rejects(
    answering(async () => new Response('{"type": "Feature", "id"')),
    isTemporary,
  );
  await assert.rejects(
    answering(() => Promise.reject(new TypeError("Failed to fetch"))),
    isTemporary,
  );
});

test("a request that was given up stays one, also while its answer is read", async () => {
  const abort = new DOMException("given up", "AbortError");
  await assert.rejects(
    answering(() => Promise.reject(abort)),
    abort,
  );
  const body = new ReadableStream({ start: (controller) => controller.error(abort) });
  await assert.rejects(
    answering(async () => new Response(body)),
    abort,
  );
});
