/**
 * Pages that renew parts of themselves: fetch the same page with another address (or send a form), take the elements
 * with the named ids out of the answer and put them in place. Without this every link and form works as well.
 */

/** @typedef {{document: Document, url: string}} Visit */

/**
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<Visit | null>} null where the answer is no page of ours (login expired): the browser goes there
 */
export async function visit(url, init = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...init });
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("text/html") || isLogin(response.url)) {
    location.assign(response.url);
    return null;
  }
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  return { document: parsed, url: response.url };
}

/**
 * Send a form as the browser would, with the button that was pressed.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
export function send(form, submitter) {
  const body = new FormData(form, submitter);
  // Not `form.action`: a button of that name would stand there instead.
  return visit(form.getAttribute("action") ?? location.href, {
    method: "POST",
    body: new URLSearchParams(/** @type {any} */ (body)),
  });
}

/**
 * Replace the elements with these ids by those of the new document; what is missing there stays.
 * @param {Document} fresh
 * @param {string[]} ids
 */
export function swap(fresh, ids) {
  for (const id of ids) {
    const before = document.getElementById(id);
    const after = fresh.getElementById(id);
    if (before && after) before.replaceWith(document.adoptNode(after));
  }
}

/**
 * Messages stand at the top of the page; they are renewed, or taken away where there are none.
 * @param {Document} fresh
 * @returns {string} what they say
 */
export function swapMessages(fresh) {
  const before = document.querySelector(".messages");
  const after = fresh.querySelector(".messages");
  before?.remove();
  if (!after) return "";
  document.getElementById("main")?.prepend(document.adoptNode(after));
  return after.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

/** @param {string} url */
function isLogin(url) {
  return new URL(url).pathname.startsWith("/accounts/login");
}
