/**
 * While somebody writes: contributions that resemble it, to be read and supported instead. Only a hint below the text:
 * sending never waits for it, and its failures are silent. What lies near the place is shown above the form.
 */

import { ApiProblem, send } from "../site/api.js";
import { entryOf } from "./found.js";
import "./nearby.js";

/** Wait this long after the last letter, milliseconds. */
const PATIENCE = 700;
/** Shorter texts resemble everything. */
const SHORTEST = 12;

/** @typedef {import("./found.js").Found} Found */

export class Similar {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {{similar: string, contributions: string}} urls
   * @param {(words: string) => void} announce
   */
  constructor(field, urls, announce) {
    this.field = field;
    this.urls = urls;
    this.announce = announce;
    /** @type {number | undefined} */
    this.waiting = undefined;
    this.text = "";
    this.shown = "";
    this.box = document.createElement("div");
    this.box.className = "similar";
    this.box.hidden = true;
    field.after(this.box);
    field.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.#find(), PATIENCE);
    });
    field.form?.addEventListener("reset", () => {
      clearTimeout(this.waiting);
      this.text = "";
      this.#show([]);
    });
  }

  async #find() {
    const text = this.field.value.trim();
    if (text === this.text) return;
    this.text = text;
    if (text.length < SHORTEST) {
      this.#show([]);
      return;
    }
    try {
      const { similar } = await send(this.urls.similar, "POST", { text });
      if (this.text === text) this.#show(similar);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#show([]);
    }
  }

  /** @param {Found[]} all */
  #show(all) {
    const found = all.filter(({ id }) => !this.#isShownAbove(id));
    const key = found.map(({ id }) => id).join();
    if (key === this.shown) return;
    this.shown = key;
    this.box.hidden = found.length === 0;
    const title = document.createElement("p");
    title.textContent = gettext("There are similar contributions. You can support one of them, or send yours as well.");
    const list = document.createElement("ul");
    list.append(...found.map((one) => entryOf(one, this.urls.contributions, this.announce)));
    this.box.replaceChildren(title, list);
    if (found.length > 0) this.announce(title.textContent);
  }

  /** Whether it lies near the place and is shown above the form. @param {string} id */
  #isShownAbove(id) {
    return document.querySelector(`nearby-hint [data-id='${CSS.escape(id)}']`) !== null;
  }
}
