/**
 * Where a place lies, in words ("near Fackelstraße, Innenstadt"), while somebody looks for it on the map. Only help:
 * nothing waits for it, and without an answer nothing is shown.
 */

import { ApiProblem, fetchJson } from "../site/api.js";

/** Wait this long after the last movement, milliseconds. */
const PATIENCE = 350;

export class PlaceWords {
  /**
   * @param {HTMLElement} region announces its words politely (`aria-live`)
   * @param {string | undefined} url
   * @param {() => void} onWords
   */
  constructor(region, url, onWords) {
    this.region = region;
    this.url = url;
    this.onWords = onWords;
    /** @type {number | undefined} */
    this.waiting = undefined;
    this.running = new AbortController();
    this.asked = "";
    this.answered = "";
    region.hidden = !url;
  }

  /** Of the place that was looked at last; empty until they are known. */
  get words() {
    return this.asked === this.answered ? (this.region.textContent ?? "") : "";
  }

  /**
   * @param {number} lon degrees (WGS 84)
   * @param {number} lat degrees
   */
  look(lon, lat) {
    if (!this.url) return;
    // Five decimals are about a metre: smaller movements have the same words.
    const query = new URLSearchParams({ lon: lon.toFixed(5), lat: lat.toFixed(5) }).toString();
    if (query === this.asked) return;
    this.#stop();
    this.asked = query;
    this.waiting = window.setTimeout(() => this.#ask(query), PATIENCE);
  }

  clear() {
    this.#stop();
    this.asked = "";
    this.answered = "";
    this.#show("");
  }

  #stop() {
    clearTimeout(this.waiting);
    this.running.abort();
  }

  /** @param {string} query */
  async #ask(query) {
    this.running = new AbortController();
    const { signal } = this.running;
    try {
      const { words } = await fetchJson(`${this.url}?${query}`, { signal });
      if (signal.aborted) return;
      this.answered = query;
      this.#show(typeof words === "string" ? words : "");
      this.onWords();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      // The next look at the same place asks again.
      this.asked = "";
      this.#show("");
    }
  }

  /** A live region speaks when its text changes. @param {string} words */
  #show(words) {
    if (this.region.textContent !== words) this.region.textContent = words;
  }
}
