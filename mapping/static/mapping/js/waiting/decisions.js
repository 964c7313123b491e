/** What an answer means for something that waits on this device: pure functions. */

/**
 * @typedef {object} Answer
 * @property {number} status 0: none came
 * @property {any} body its JSON, null for anything else
 * @property {boolean} isProblem whether it is a problem document (RFC 9457) of this site
 * @property {number | null} retryAfter seconds
 */
/**
 * @typedef {{kind: "stored", body: any}
 *   | {kind: "later", seconds: number}
 *   | {kind: "gone"}
 *   | {kind: "refused", status: number, detail: string, code: string}} Verdict
 *   later: not before so many seconds; gone: its author withdrew it, or it is none any more
 */
/** @typedef {Pick<import("./outbox.js").Item, "state" | "notBefore">} Timed */

/** Seconds to wait after "too many" without a number, and at most whatever it says. */
const PAUSE = 60;
const LONGEST = 3600;
/** Milliseconds between two attempts while a page is open. */
export const PERIOD = 60_000;

/**
 * Only the receipt for this very contribution is one: networks at stations answer with pages of their own.
 * @param {Answer} answer
 * @param {string} id
 * @returns {Verdict}
 */
export function judge(answer, id) {
  const { status, body } = answer;
  const isReceipt = (status === 200 || status === 201) && body?.type === "Feature" && body.id === id;
  return isReceipt ? { kind: "stored", body } : judgeFailure(answer);
}

/**
 * @param {Answer} answer to a photo
 * @returns {Verdict}
 */
export function judgePhoto(answer) {
  const { status, body } = answer;
  const isReceipt = (status === 200 || status === 201) && typeof body?.url === "string";
  return isReceipt ? { kind: "stored", body } : judgeFailure(answer);
}

/**
 * @param {Answer} answer
 * @returns {Verdict}
 */
function judgeFailure({ status, body, isProblem, retryAfter }) {
  if (status === 429) return { kind: "later", seconds: Math.min(Math.max(retryAfter ?? PAUSE, 1), LONGEST) };
  const isAboutIt = isProblem && status >= 400 && status < 500 && status !== 408 && status !== 425;
  if (!isAboutIt) return { kind: "later", seconds: Math.min(retryAfter ?? 0, LONGEST) };
  if (body?.code === "withdrawn") return { kind: "gone" };
  return { kind: "refused", status, detail: body?.detail ?? "", code: body?.code ?? "" };
}

/**
 * Whether to send it now. A time further away than anything waits was written by a clock that was set back since.
 * @param {Timed} item
 * @param {number} now milliseconds
 */
export function isDue({ state, notBefore }, now) {
  return state === "waiting" && (notBefore <= now || notBefore > now + LONGEST * 1000);
}

/**
 * When to try again by itself.
 * @param {Timed[]} items
 * @param {number} now milliseconds
 * @returns {number | null} milliseconds from now; null where nothing waits
 */
export function pauseBefore(items, now) {
  const waiting = items.filter(({ state }) => state === "waiting");
  if (waiting.length === 0) return null;
  return Math.max(PERIOD, Math.min(...waiting.map((item) => (isDue(item, now) ? 0 : item.notBefore - now))));
}

/**
 * Whether the form can help: what was refused for its content, not for its time or its campaign.
 * @param {Pick<import("./outbox.js").Item, "status" | "isStored">} item
 */
export function canBeMended({ status, isStored }) {
  return !isStored && [400, 409, 413, 415, 422].includes(status);
}

/**
 * What somebody wrote, to be copied.
 * @param {Record<string, string[]>} values form fields by name
 */
export function wordsOf(values) {
  const { text = [], ...others } = values;
  return [...text, ...Object.values(others).flat()].filter((one) => one.trim() !== "").join("\n");
}
