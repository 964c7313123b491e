/**
 * Sending what waits, exactly once: one tab at a time (Web Lock), the same bytes under the same id, which the site stores
 * once. An entry is deleted only when the site's receipt for it was read.
 */

import { inTime, LIMITS } from "../contributing/sending.js";
import { fetchProving } from "../site/proof.js";
import { tellOfChange } from "./changed.js";
import { isDue, judge, judgePhoto } from "./decisions.js";
import { get, list, remove, update } from "./outbox.js";

/** @typedef {import("./outbox.js").Item} Item */
/**
 * @typedef {object} Outcome
 * @property {"sent" | "later" | "refused" | "gone"} kind
 * @property {any} [feature] as the site stored it
 * @property {Item} item with the photos that are left
 * @property {string} [photoProblem] why the site did not take a photo
 * @property {number} [status] of the refusal
 * @property {number} [seconds] not before
 * @property {import("./decisions.js").Answer} answer the last one
 */

const LOCK = "outbox";

/**
 * Send one contribution now, after whatever another tab is sending.
 * @param {Item} item
 * @param {() => void} onSlow
 * @returns {Promise<Outcome>}
 */
export function deliver(item, onSlow) {
  return /** @type {Promise<Outcome>} */ (alone({}, () => attempt(item, onSlow)));
}

/**
 * Send everything that is due; nothing where another tab does so, or after it.
 * @param {{isAsked?: boolean, isLast?: boolean, onSlow?: () => void}} [options] whether somebody pressed the button, and
 *   whether to wait for whoever is sending
 * @returns {Promise<{item: Item, kind: Outcome["kind"]}[]>} what became of them
 */
export async function flush({ isAsked = false, isLast = false, onSlow = () => {} } = {}) {
  if (!isAsked && navigator.onLine === false) return [];
  const outcomes = await alone(isLast ? {} : { ifAvailable: true }, async () => {
    const done = [];
    for (const { id } of await list()) {
      // While the ones before were sent, somebody may have discarded it.
      const item = await get(id);
      if (!item || !isDue(item, Date.now())) continue;
      const outcome = await attempt(item, onSlow);
      await note(outcome);
      done.push({ item: outcome.item, kind: outcome.kind });
      // The network is gone, or the site is busy: the others would meet the same.
      if (outcome.kind === "later") break;
    }
    return done;
  });
  if (outcomes && outcomes.length > 0) tellOfChange();
  return outcomes ?? [];
}

/**
 * What became of an entry, written down where it lies; nothing where it was discarded or deleted while it was sent.
 * @param {Outcome} outcome
 * @returns {Promise<boolean>} whether it lies there still
 */
export async function note({ kind, item, answer, photoProblem, status = 0, seconds = 0 }) {
  const isDone = kind === "gone" || (kind === "sent" && !photoProblem);
  if (isDone) {
    await remove(item.id);
    return false;
  }
  if (kind === "later") return update({ ...item, notBefore: seconds > 0 ? Date.now() + seconds * 1000 : 0 });
  return update({ ...item, state: "refused", status, reason: photoProblem ?? answer.body?.detail ?? "" });
}

/**
 * @template T
 * @param {LockOptions} options
 * @param {() => Promise<T>} action
 * @returns {Promise<T | null>} null where another tab is at it
 */
async function alone(options, action) {
  // Pages without encryption know no locks; the site stores one id once all the same.
  if (!navigator.locks) return action();
  return navigator.locks.request(LOCK, options, (lock) => (lock ? action() : null));
}

/**
 * @param {Item} given
 * @param {() => void} onSlow
 * @returns {Promise<Outcome>}
 */
async function attempt(given, onSlow) {
  let item = given;
  const headers = new Headers({ "Content-Type": "application/json" });
  if (item.sender) headers.set("Sender", item.sender);
  let answer = await post(item.url, headers, item.body, LIMITS.words, onSlow);
  const verdict = judge(answer, item.id);
  if (verdict.kind !== "stored") return { ...verdict, item, answer };
  let photoProblem = "";
  let status = 0;
  item = { ...item, isStored: true };
  for (const photo of given.photos) {
    const type = { "Content-Type": photo.type };
    answer = await post(`${item.url}${item.id}/photos/`, type, photo.bytes, LIMITS.picture, onSlow);
    const received = judgePhoto(answer);
    if (received.kind === "later") return { ...received, item, answer };
    if (received.kind === "gone") return { ...received, item, answer };
    if (received.kind === "refused") {
      photoProblem = answer.body?.errors?.[0]?.detail ?? received.detail;
      status = received.status;
    } else item = { ...item, photos: item.photos.filter((one) => one !== photo) };
  }
  return { kind: "sent", feature: verdict.body, item, answer, photoProblem, status };
}

/**
 * @param {string} url
 * @param {HeadersInit} headers
 * @param {BodyInit} body
 * @param {number} limit milliseconds
 * @param {() => void} onSlow
 * @returns {Promise<import("./decisions.js").Answer>}
 */
async function post(url, headers, body, limit, onSlow) {
  try {
    return await inTime({ limit, onSlow }, async (signal) => {
      const response = await fetchProving(url, {
        method: "POST",
        headers,
        body,
        credentials: "same-origin",
        redirect: "error",
        signal,
      });
      const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
      return {
        status: response.status,
        body: await response.json().catch(() => null),
        isProblem: (response.headers.get("Content-Type") ?? "").startsWith("application/problem+json"),
        retryAfter: Number.isNaN(retryAfter) ? null : retryAfter,
      };
    });
  } catch {
    return { status: 0, body: null, isProblem: false, retryAfter: null };
  }
}
