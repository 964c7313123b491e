/** Search for a street or a place in this site's own addresses, with a list of results as buttons. */

import { ApiProblem, fetchJson } from "./api.js";

/** @typedef {{name: string, kind: string, lon: number, lat: number}} Address */

/** Wait this long after the last letter, milliseconds. */
const PATIENCE = 250;
const FEWEST_LETTERS = 2;

export class AddressSearch {
  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list
   * @param {string} url
   * @param {{onChoose: (address: Address) => void, announce: (words: string) => void}} events
   */
  constructor(input, list, url, events) {
    this.input = input;
    this.list = list;
    this.url = url;
    this.events = events;
    /** @type {Address[]} */
    this.results = [];
    /** @type {number | undefined} */
    this.waiting = undefined;
    this.running = new AbortController();
    input.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.#search(), PATIENCE);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        if (this.results.length > 0) this.#choose(this.results[0]);
        else this.#search();
      } else if (event.key === "Escape" && !this.list.hidden) {
        event.stopPropagation();
        this.clear();
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        this.list.querySelector("button")?.focus();
      }
    });
    list.addEventListener("keydown", (event) => this.#walk(event));
  }

  clear() {
    clearTimeout(this.waiting);
    this.running.abort();
    this.results = [];
    this.list.hidden = true;
    this.list.replaceChildren();
  }

  async #search() {
    const words = this.input.value.trim();
    this.running.abort();
    if (words.length < FEWEST_LETTERS) {
      this.clear();
      return;
    }
    this.running = new AbortController();
    const { signal } = this.running;
    try {
      const found = await fetchJson(`${this.url}?${new URLSearchParams({ q: words })}`, { signal });
      this.results = found.results;
      this.#draw();
    } catch (error) {
      if (error instanceof ApiProblem) this.#say(error.detail);
      else if (!signal.aborted) throw error;
    }
  }

  #draw() {
    if (this.results.length === 0) {
      this.#say(gettext("Nothing found. Try fewer letters or the name of a street nearby."));
      return;
    }
    this.list.replaceChildren(
      ...this.results.slice(0, 6).map((address) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(address.name);
        if (address.kind) {
          const kind = document.createElement("span");
          kind.className = "small quiet";
          kind.textContent = address.kind;
          button.append(kind);
        }
        button.addEventListener("click", () => this.#choose(address));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    this.list.hidden = false;
    const count = this.list.children.length;
    this.events.announce(interpolate(ngettext("%s place found", "%s places found", count), [String(count)]));
  }

  /** @param {string} words */
  #say(words) {
    this.results = [];
    const item = document.createElement("li");
    const paragraph = document.createElement("p");
    paragraph.textContent = words;
    item.append(paragraph);
    this.list.replaceChildren(item);
    this.list.hidden = false;
    this.events.announce(words);
  }

  /** @param {Address} address */
  #choose(address) {
    this.clear();
    this.input.value = address.name;
    this.events.onChoose(address);
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const buttons = [...this.list.querySelectorAll("button")];
    const index = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (event.key === "ArrowDown") buttons[index + 1]?.focus();
    else if (event.key === "ArrowUp") (buttons[index - 1] ?? this.input).focus();
    else if (event.key === "Escape") {
      this.clear();
      this.input.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
