/**
 * `<nearby-hint>`: what was reported near the chosen place already, to be read and supported instead. Only a hint above
 * the form: sending never waits for it, and its failures are silent. It mounts itself where the page has it.
 */

import { ApiProblem, send } from "../site/api.js";
import { entryOf } from "./found.js";

/** @typedef {import("./found.js").Found} Found */

/** The nearest alone: the form stays in view. */
const MOST = 2;

/**
 * What the API is asked: nothing without a place.
 * @param {{category: {slug: string} | null, geometry: import("geojson").Geometry | null} | null | undefined} chosen
 */
export function questionOf(chosen) {
  if (!chosen?.geometry || !chosen.category) return null;
  return { category: chosen.category.slug, geometry: chosen.geometry };
}

/** Tests of pure functions run without a page. */
const Base = typeof HTMLElement === "undefined" ? /** @type {typeof HTMLElement} */ (class {}) : HTMLElement;

class NearbyHint extends Base {
  connectedCallback() {
    /**
     * What was asked last, so that nothing is asked twice.
     * @type {string}
     */
    this.asked = "";
    const step = this.closest("[data-step]");
    if (!step || !this.dataset.similar) return;
    new MutationObserver(() => this.#look(step)).observe(step, { attributes: true, attributeFilter: ["hidden"] });
  }

  get #page() {
    return /** @type {any} */ (this.closest("campaign-page"));
  }

  /** @param {Element} step */
  async #look(step) {
    if (step instanceof HTMLElement && step.hidden) return;
    const question = questionOf(this.#page?.contributing?.loaded);
    const asked = JSON.stringify(question);
    if (asked === this.asked) return;
    this.asked = asked;
    this.#show([]);
    if (!question) return;
    try {
      const { similar } = await send(this.dataset.similar ?? "", "POST", question);
      if (this.asked === asked) this.#show(similar.slice(0, MOST));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
    }
  }

  /** @param {Found[]} found */
  #show(found) {
    const announce = (/** @type {string} */ words) => this.#page?.announce(words);
    const list = /** @type {HTMLElement} */ (this.querySelector("ul"));
    list.replaceChildren(...found.map((one) => entryOf(one, this.dataset.contributions ?? "", announce)));
    this.hidden = found.length === 0;
    if (found.length > 0) announce(this.querySelector("h3")?.textContent ?? "");
  }
}

if (typeof customElements !== "undefined") customElements.define("nearby-hint", NearbyHint);
