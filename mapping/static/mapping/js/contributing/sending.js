/** Sending with a limit of time: a network that hangs is told in words, and the same is sent again on demand. */

import { sayAbove, showProblems } from "../form.js";
import { ApiProblem, fetchJson } from "../site/api.js";

/** Words have come back by then even on slow networks; pictures take longer. Milliseconds. */
export const LIMITS = { words: 30_000, picture: 120_000 };
/** After this long people are told that it is still under way, milliseconds. */
const SLOW = 8_000;

/**
 * Ends a request when a limit of time is over, and tells of a slow one.
 * @template T
 * @param {{limit: number, onSlow?: () => void}} options milliseconds
 * @param {(signal: AbortSignal) => Promise<T>} request
 * @throws {ApiProblem} of status 0 when the limit is over
 */
export async function inTime({ limit, onSlow = () => {} }, request) {
  const running = new AbortController();
  const over = setTimeout(() => running.abort(), limit);
  const slow = setTimeout(onSlow, SLOW);
  try {
    return await request(running.signal);
  } catch (error) {
    if (running.signal.aborted) throw new ApiProblem(0, gettext("No answer came in time."));
    throw error;
  } finally {
    clearTimeout(over);
    clearTimeout(slow);
  }
}

/**
 * @param {string} url
 * @param {unknown} body a Blob as it is, everything else as JSON
 * @param {{limit: number, onSlow?: () => void}} options milliseconds
 * @returns {Promise<any>} the answer's JSON
 * @throws {ApiProblem} of status 0 when the limit is over; the server may have stored it, and takes it once only
 */
export function post(url, body, options) {
  const isBlob = body instanceof Blob;
  return inTime(options, (signal) =>
    fetchJson(url, {
      method: "POST",
      headers: { "Content-Type": isBlob ? body.type : "application/json" },
      body: isBlob ? body : JSON.stringify(body),
      signal,
    }),
  );
}

/**
 * Send the photos of a contribution that is stored. Those that arrived are taken out of the choice.
 * @param {import("../photos.js").PhotoChoice} choice
 * @param {string} url
 * @param {() => void} onSlow
 * @returns {Promise<string>} why one was not taken, empty when all were
 */
export async function sendPhotos(choice, url, onSlow) {
  let problem = "";
  for (const photo of await choice.settled()) {
    try {
      await post(url, photo.blob, { limit: LIMITS.picture, onSlow });
      choice.remove(photo);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      problem = error.errors[0]?.detail ?? error.detail;
    }
  }
  return problem;
}

/**
 * Say why nothing was stored: at the fields, or above the form, with what people can do.
 * @param {HTMLFormElement} form
 * @param {ApiProblem} error
 * @param {{isKept: boolean, announce: (words: string) => void}} options whether this device keeps what was entered
 */
export function explain(form, error, { isKept, announce }) {
  const homeless = showProblems(form, error.errors);
  if (error.isTemporary) sayAbove(form, `${error.detail} ${retryWords(error, isKept)}`);
  else if (homeless.length > 0 || error.errors.length === 0) sayAbove(form, homeless[0]?.detail ?? error.detail);
  else announce(error.errors.map(({ detail }) => detail).join(" "));
}

/**
 * @param {ApiProblem} error
 * @param {boolean} isKept
 */
function retryWords({ retryAfter }, isKept) {
  if (retryAfter) return interpolate(gettext("Please wait %s seconds and send again."), [String(retryAfter)]);
  return isKept
    ? gettext("What you entered is kept on this device; you can send it again.")
    : gettext("Everything is still in this page; please leave it open and send it again.");
}
