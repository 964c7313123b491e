/**
 * Search for an address, a street, a district or a place in this site's own tables: a combobox with a list of options
 * (ARIA Authoring Practices, "Editable Combobox With List Autocomplete"). The focus stays in the field.
 */

import { ApiProblem, fetchJson } from "../site/api.js";

/**
 * `bbox` (west, south, east, north) is the box of a district.
 * @typedef {{name: string, kind: string, type?: string, lon: number, lat: number, bbox?: number[] | null}} Address
 */

/** Wait this long after the last letter, milliseconds. */
const PATIENCE = 250;
const FEWEST_LETTERS = 2;
const MOST_SHOWN = 6;

/** Lists that were made, for ids of their options. */
let lists = 0;

/**
 * The address of a search; `url` may have a query of its own.
 * @param {string} url
 * @param {string} words
 */
export function searchUrl(url, words) {
  const [path, query = ""] = url.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set("q", words);
  return `${path}?${parameters}`;
}

/**
 * The option after a key, counted from 0; -1 is none, the field itself.
 * @param {string} key
 * @param {number} active
 * @param {number} count
 */
export function optionAfter(key, active, count) {
  if (count === 0) return -1;
  if (key === "ArrowDown") return active + 1 >= count ? -1 : active + 1;
  if (key === "ArrowUp") return active === -1 ? count - 1 : active - 1;
  return active;
}

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
    /** The option that keys have reached, -1 for none. */
    this.active = -1;
    /** @type {number | undefined} */
    this.waiting = undefined;
    this.running = new AbortController();
    lists += 1;
    list.id ||= `places-found-${lists}`;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.#search(), PATIENCE);
    });
    input.addEventListener("keydown", (event) => this.#pressed(event));
    // A press on an option must not take the focus out of the field.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = /** @type {HTMLElement} */ (event.target).closest?.("[role='option']");
      if (option) this.#choose(this.results[Number(option.getAttribute("data-number"))]);
    });
  }

  clear() {
    clearTimeout(this.waiting);
    this.running.abort();
    this.results = [];
    this.#close();
    this.list.replaceChildren();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.results.length > 0) this.#choose(this.results[Math.max(this.active, 0)]);
      else this.#search();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.clear();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.results.length > 0) {
      event.preventDefault();
      this.#activate(optionAfter(event.key, this.active, this.list.children.length));
    } else if (event.key === "Tab") {
      this.clear();
    }
  }

  /** @param {number} number */
  #activate(number) {
    this.active = number;
    for (const [index, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(index === number));
      if (index !== number) continue;
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView?.({ block: "nearest" });
    }
    if (number === -1) this.input.removeAttribute("aria-activedescendant");
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
      const found = await fetchJson(searchUrl(this.url, words), { signal });
      this.results = found.results.slice(0, MOST_SHOWN);
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
    this.list.setAttribute("role", "listbox");
    this.list.replaceChildren(...this.results.map((address, number) => this.#option(address, number)));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.#activate(-1);
    const count = this.results.length;
    this.events.announce(interpolate(ngettext("%s place found", "%s places found", count), [String(count)]));
  }

  /**
   * @param {Address} address
   * @param {number} number
   */
  #option(address, number) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${number}`;
    option.className = "place-option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.setAttribute("data-number", String(number));
    option.append(address.name);
    if (address.kind) {
      const kind = document.createElement("span");
      kind.className = "small quiet";
      kind.textContent = address.kind;
      option.append(" ", kind);
    }
    return option;
  }

  /** @param {string} words */
  #say(words) {
    this.results = [];
    this.#close();
    this.list.removeAttribute("role");
    const item = document.createElement("li");
    const paragraph = document.createElement("p");
    paragraph.textContent = words;
    item.append(paragraph);
    this.list.replaceChildren(item);
    this.list.hidden = false;
    this.events.announce(words);
  }

  #close() {
    this.active = -1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {Address} address */
  #choose(address) {
    this.clear();
    this.input.value = address.name;
    this.events.onChoose(address);
  }
}
