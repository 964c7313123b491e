/**
 * `<planner-queue>`: the moderation queue without reloading, and with the keyboard.
 *
 * j, k: next, previous; x: select; p: publish; r: reject (asks for the reason); e: edit; z or u: undo
 * the last decision. While rows are selected, p and r
 * are about these and not about the one that is shown. Single keys can be switched
 * off (WCAG 2.2, 2.1.4 Character Key Shortcuts); the choice stays in this browser.
 */

import "./place-map.js";
import { send, swap, swapMessages, visit } from "./fragments.js";

const PARTS = ["queue-undo", "queue-head", "queue-rows", "queue-foot", "queue-detail"];
const KEYS_OFF = "planning-keys-off";

class PlannerQueue extends HTMLElement {
  /** @type {AbortController | null} */
  #loading = null;

  connectedCallback() {
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("submit", (event) => this.#onSubmit(event));
    this.addEventListener("change", (event) => this.#onChange(event));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    window.addEventListener("popstate", () => this.#show(location.href, { push: false }));
    this.#prepare();
  }

  /** What has to be set up again after parts were renewed. */
  #prepare() {
    this.classList.add("queue--scripted");
    for (const part of this.querySelectorAll("[data-select-all], [data-reply-templates]")) {
      /** @type {HTMLElement} */ (part).hidden = false;
    }
    this.#countTicks();
    this.#showKeys();
    this.querySelector(".queue-row--current")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-toggle-keys]")) {
      localStorage.setItem(KEYS_OFF, this.#keysAreOn() ? "1" : "");
      this.#showKeys();
      return;
    }
    if (target.closest("[data-select-all]")) {
      this.#tickAgain(new Set(this.#boxes().map((box) => box.value)));
      this.#countTicks();
      return;
    }
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[href]"));
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !isPlain || new URL(link.href).pathname !== location.pathname) return;
    event.preventDefault();
    const isRow = link.classList.contains("queue-row__link");
    this.#show(link.href, { push: true, focus: isRow ? "none" : "rows" });
  }

  /** @param {SubmitEvent} event */
  async #onSubmit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.getAttribute("method") !== "post") return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    try {
      const answer = await send(form, event.submitter);
      if (answer) this.#take(answer, { push: false, focus: "detail" });
    } catch {
      this.#announce(gettext("The connection failed. Please try again in a moment."), true);
    } finally {
      delete form.dataset.sending;
    }
  }

  /** @param {Event} event */
  #onChange(event) {
    const field = /** @type {HTMLElement} */ (event.target);
    if (field.matches("[name=selected]")) this.#countTicks();
    if (field.matches("[data-fills]")) this.#fill(/** @type {HTMLSelectElement} */ (field));
    if (field.id === "queue-category") {
      const form = /** @type {HTMLFormElement} */ (field.closest("form"));
      const query = new URLSearchParams(/** @type {any} */ (new FormData(form)));
      this.#show(`${location.pathname}?${query}`, { push: true, focus: "none" }).then(() =>
        document.getElementById("queue-category")?.focus(),
      );
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape") {
      this.querySelector("details[data-reject][open]")?.removeAttribute("open");
      return;
    }
    if (!this.#keysAreOn() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], .leaflet-container")) return;
    const action = {
      j: () => this.#step(1),
      k: () => this.#step(-1),
      x: () => this.#tick(),
      p: () => this.#press(this.#isBulk() ? "#bulk [value=publish]" : "[data-decide=publish] [type=submit]"),
      r: () => this.#askReason(this.#isBulk() ? ".bulk__reject" : "details[data-reject]"),
      e: () => this.#press("[data-edit]"),
      z: () => this.#press("[data-undo] [type=submit]"),
      u: () => this.#press("[data-undo] [type=submit]"),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** @param {number} distance */
  #step(distance) {
    const rows = [...this.querySelectorAll(".queue-row")];
    const position = rows.findIndex((row) => row.classList.contains("queue-row--current"));
    const next = rows[position + distance];
    if (!next) {
      const page = distance > 0 ? ".queue-pages [rel=next]" : ".queue-pages [rel=prev]";
      const link = /** @type {HTMLAnchorElement | null} */ (this.querySelector(page));
      if (link) this.#show(link.href, { push: true, focus: "none" });
      else this.#announce(distance > 0 ? gettext("This is the last one.") : gettext("This is the first one."));
      return;
    }
    // The mark moves at once, the rest follows when it has arrived.
    rows[position]?.classList.remove("queue-row--current");
    next.classList.add("queue-row--current");
    next.scrollIntoView({ block: "nearest" });
    rows[position]?.querySelector("a")?.removeAttribute("aria-current");
    const link = /** @type {HTMLAnchorElement} */ (next.querySelector("a"));
    link.setAttribute("aria-current", "true");
    this.#show(link.href, { push: false, focus: "none", detailOnly: true });
  }

  #tick() {
    const box = /** @type {HTMLInputElement | null} */ (this.querySelector(".queue-row--current [name=selected]"));
    if (!box) return;
    box.checked = !box.checked;
    this.#countTicks();
    this.#announce(box.checked ? gettext("Selected") : gettext("No longer selected"));
  }

  /** @param {string} selector */
  #press(selector) {
    /** @type {HTMLElement | null} */ (this.querySelector(selector))?.click();
  }

  /** Whether a decision is about the selected rows. */
  #isBulk() {
    return this.#ticked().size > 0;
  }

  /** @param {string} selector */
  #askReason(selector) {
    const details = this.querySelector(selector);
    if (!details) return;
    details.setAttribute("open", "");
    /** @type {HTMLElement | null} */ (details.querySelector("select"))?.focus();
  }

  /**
   * @param {string} url
   * @param {{push: boolean, focus?: "none" | "rows" | "detail", detailOnly?: boolean}} options
   */
  async #show(url, options) {
    this.#loading?.abort();
    this.#loading = new AbortController();
    try {
      const answer = await visit(url, { signal: this.#loading.signal });
      if (answer) this.#take(answer, options);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.#announce(gettext("The connection failed. Please try again in a moment."), true);
    }
  }

  /**
   * @param {import("./fragments.js").Visit} answer
   * @param {{push: boolean, focus?: "none" | "rows" | "detail", detailOnly?: boolean}} options
   */
  #take(answer, { push, focus = "none", detailOnly = false }) {
    const ticked = this.#ticked();
    const scroll = document.getElementById("queue-rows")?.scrollTop ?? 0;
    swap(answer.document, detailOnly ? ["queue-detail"] : PARTS);
    const fresh = answer.document.querySelector("planner-queue");
    this.classList.toggle("queue--item", fresh?.classList.contains("queue--item") ?? false);
    const said = swapMessages(answer.document);
    const rows = document.getElementById("queue-rows");
    if (rows) rows.scrollTop = scroll;
    this.#tickAgain(ticked);
    history[push ? "pushState" : "replaceState"](null, "", answer.url);
    this.#prepare();
    const item = /** @type {HTMLElement | null} */ (this.querySelector(".item__text"));
    this.#announce(said || item?.textContent?.trim().slice(0, 200) || gettext("Nothing waits here."));
    if (focus === "detail") document.getElementById("queue-detail")?.focus({ preventScroll: true });
    if (focus === "rows") rows?.focus({ preventScroll: true });
  }

  /**
   * A template's text goes into the field, where it can be changed.
   * @param {HTMLSelectElement} choice
   */
  #fill(choice) {
    const field = document.getElementById(choice.dataset.fills ?? "");
    if (field instanceof HTMLTextAreaElement && choice.value) field.value = choice.value;
  }

  /** @returns {HTMLInputElement[]} */
  #boxes() {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("[name=selected]"))];
  }

  #ticked() {
    return new Set(
      this.#boxes()
        .filter((box) => box.checked)
        .map((box) => box.value),
    );
  }

  /** @param {Set<string>} values */
  #tickAgain(values) {
    for (const box of this.#boxes()) box.checked = values.has(box.value);
  }

  /** The bar for many at once stands there only while something is selected. */
  #countTicks() {
    const number = this.#ticked().size;
    const bar = document.getElementById("bulk");
    const label = bar?.querySelector("[data-bulk-count]");
    if (!bar || !label) return;
    bar.hidden = number === 0;
    label.textContent = interpolate(ngettext("%s selected", "%s selected", number), [number]);
  }

  #keysAreOn() {
    return !localStorage.getItem(KEYS_OFF);
  }

  #showKeys() {
    const button = /** @type {HTMLElement | null} */ (this.querySelector("[data-toggle-keys]"));
    if (!button) return;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(this.#keysAreOn()));
    button.textContent = this.#keysAreOn() ? gettext("Keys on") : gettext("Keys off");
    this.classList.toggle("queue--keys", this.#keysAreOn());
  }

  /**
   * @param {string} words
   * @param {boolean} [visible] failures are shown, not only said
   */
  #announce(words, visible = false) {
    const place = this.querySelector("[data-announce]");
    if (!place) return;
    place.classList.toggle("visually-hidden", !visible);
    place.textContent = words;
  }
}

customElements.define("planner-queue", PlannerQueue);
