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

/** What people can stand on with the keyboard. */
const STOPS = "a, button, input, select, summary, textarea";

/**
 * Replace the elements with these ids by those of the new document; what is missing there stays. What was unfolded
 * (`details[data-fold]`) stays so.
 * @param {Document} fresh
 * @param {string[]} ids
 * @param {{keepsFocus?: boolean}} [options] whether the keyboard stays where it was, at the same stop of the new element
 */
export function swap(fresh, ids, { keepsFocus = false } = {}) {
  for (const id of ids) {
    const before = document.getElementById(id);
    const after = fresh.getElementById(id);
    if (!before || !after) continue;
    const stop = [...before.querySelectorAll(STOPS)].indexOf(/** @type {Element} */ (document.activeElement));
    const folds = new Map(folding(before).map((one) => [one.dataset.fold, one.open]));
    before.replaceWith(document.adoptNode(after));
    for (const one of folding(after)) one.open = folds.get(one.dataset.fold) ?? one.open;
    if (!keepsFocus) continue;
    const next = /** @type {HTMLElement | undefined} */ (after.querySelectorAll(STOPS)[stop]);
    next?.focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} element @returns {HTMLDetailsElement[]} */
function folding(element) {
  const inside = /** @type {NodeListOf<HTMLDetailsElement>} */ (element.querySelectorAll("details[data-fold]"));
  return element instanceof HTMLDetailsElement ? [element, ...inside] : [...inside];
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
