/**
 * The editor of a question works by its buttons, each of which sends the form. Here the buttons that add, move and remove
 * rows do so without loading the page anew: the server stays the only one that knows how the form looks. What is typed
 * is shown beside it as citizens see it.
 */

import { swap, visit } from "./fragments.js";

/** How long to wait after the last letter before the preview is renewed, in milliseconds. */
const PAUSE = 700;
const FIELDS = "question-fields";
const TRIAL = "question-trial";

/**
 * @param {HTMLFormElement} form
 * @param {string} button what the button says that is pressed
 */
function press(form, button) {
  const body = new FormData(form);
  body.set("do", button);
  return visit(location.href, { method: "POST", body });
}

/** @param {HTMLFormElement} form */
function watch(form) {
  let timer = 0;
  /** The number of the newest request: answers of older ones are dropped. */
  let newest = 0;
  const news = document.getElementById("question-news");

  /** @param {string} button */
  const change = async (button) => {
    window.clearTimeout(timer);
    const number = ++newest;
    const answer = await press(form, button).catch(() => null);
    if (!answer) {
      if (news) news.textContent = gettext("No connection. Please try again.");
      return;
    }
    if (number !== newest) return;
    swap(answer.document, [FIELDS, TRIAL]);
    const focused = form.querySelector("[autofocus]");
    const again = form.querySelector(`[data-asks-again="${CSS.escape(button)}"]`);
    if (focused instanceof HTMLElement) focused.focus();
    else if (again instanceof HTMLElement) again.focus();
    else if (button === "kind") document.getElementById("id_kind")?.focus();
    if (news) news.textContent = button.startsWith("add:") ? (form.dataset.added ?? "") : "";
  };

  const renewTrial = async () => {
    const number = newest;
    const data = new FormData(form);
    // Pictures were stored when they were chosen.
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("do", "try");
    const answer = await visit(location.href, { method: "POST", body: data }).catch(() => null);
    if (answer && number === newest) swap(answer.document, [TRIAL]);
  };

  form.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button[name='do']");
    if (!(button instanceof HTMLButtonElement) || button.value === "save") return;
    event.preventDefault();
    change(button.value);
  });

  // Enter in an answer goes on to the next one.
  form.addEventListener("keydown", (event) => {
    const input = /** @type {Element} */ (event.target);
    const name = input.getAttribute("data-row");
    if (event.key !== "Enter" || !name || event.isComposing) return;
    event.preventDefault();
    const titles = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(`[data-row="${name}"]`)]);
    const next = titles[titles.indexOf(/** @type {HTMLElement} */ (input)) + 1];
    if (next) next.focus();
    else change(`add:${name}`);
  });

  form.addEventListener("change", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.id === "id_kind") change("kind");
    else if (target.dataset.asksAgain) change(target.dataset.asksAgain);
    else if (target instanceof HTMLInputElement && target.type === "file") change("upload");
  });

  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "file") return;
    window.clearTimeout(timer);
    timer = window.setTimeout(renewTrial, PAUSE);
  });
}

const form = document.getElementById("question-editor");
if (form instanceof HTMLFormElement) {
  form.closest(".setup")?.classList.add("setup--scripted");
  watch(form);
}
