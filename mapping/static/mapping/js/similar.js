/**
 * While somebody writes: contributions that resemble it, to be read and supported instead. Only a hint below the text:
 * sending never waits for it, and its failures are silent.
 */

import { ApiProblem, send } from "./api.js";

/** Wait this long after the last letter, milliseconds. */
const PATIENCE = 700;
/** Shorter texts resemble everything. */
const SHORTEST = 12;

/** @typedef {{id: string, title: string, excerpt: string, url: string, support: number, may_support: boolean}} Found */

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

  /** @param {Found[]} found */
  #show(found) {
    const key = found.map(({ id }) => id).join();
    if (key === this.shown) return;
    this.shown = key;
    this.box.hidden = found.length === 0;
    const title = document.createElement("p");
    title.textContent = gettext("There are similar contributions. You can support one of them, or send yours as well.");
    const list = document.createElement("ul");
    list.append(...found.map((one) => this.#item(one)));
    this.box.replaceChildren(title, list);
    if (found.length > 0) this.announce(title.textContent);
  }

  /** @param {Found} one */
  #item(one) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = one.url;
    link.target = "_blank";
    link.textContent = one.title || one.excerpt;
    item.append(link);
    if (one.may_support) item.append(this.#button(one));
    return item;
  }

  /** @param {Found} one */
  #button(one) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small opinion";
    button.setAttribute("aria-pressed", "false");
    const words = document.createElement("span");
    words.textContent = gettext("Support");
    const number = document.createElement("span");
    number.className = "number";
    number.textContent = String(one.support);
    button.append(words, " ", number);
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-pressed") === "true") return;
      try {
        const state = await send(`${this.urls.contributions}${one.id}/support/`, "POST");
        number.textContent = String(state.support);
        button.setAttribute("aria-pressed", "true");
        this.announce(gettext("Your opinion counts."));
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        this.announce(error.detail);
      }
    });
    return button;
  }
}
