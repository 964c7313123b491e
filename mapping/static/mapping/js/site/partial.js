/** Parts of this site's own pages, fetched and put into the page at hand: one renderer (the server's) for both. */

import { ApiProblem } from "./api.js";
import { canProve, fetchProving } from "./proof.js";

/**
 * Parts of a fetched page by name, and the messages that stood on it.
 * @typedef {{parts: Map<string, HTMLElement>, messages: string[]}} Fetched
 */

/**
 * Fetch a page of this site. Pages that answer "not like this" (4xx) carry the reason inside and are taken as well.
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<Fetched>}
 */
export async function fetchParts(url, init = {}) {
  let response;
  try {
    // What comes from somebody who can prove that they mean it need not wait for a review.
    const headers = { Accept: "text/html", ...(canProve() ? { "Can-Prove": "1" } : {}) };
    response = await fetchProving(url, { credentials: "same-origin", ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, gettext("The connection failed. Please try again in a moment."));
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  /** @type {Map<string, HTMLElement>} */
  const parts = new Map();
  for (const part of page.querySelectorAll("[data-part]")) {
    if (part instanceof HTMLElement && part.dataset.part) parts.set(part.dataset.part, document.importNode(part, true));
  }
  if (parts.size === 0) throw new ApiProblem(response.status, reason(response.status));
  const messages = [...page.querySelectorAll(".messages .message p")].map(
    ({ textContent }) => textContent?.trim() ?? "",
  );
  return { parts, messages };
}

/** @param {number} status */
function reason(status) {
  if (status === 404) return gettext("This is not here any more.");
  return gettext("Something went wrong on our side. Please try again later.");
}
