/**
 * `<planner-heatmap>`: filter, maps and facts as one. The form filters without a button, bars of the facts filter too,
 * the maps show cells, and the address always says what is shown (the part of the world behind the `#`).
 */

import { swap, visit } from "../fragments.js";
import { CellCard } from "./cell-card.js";
import { drawLegend } from "./legend.js";
import { placesAt } from "./places-layer.js";
import { moveTogether, Stage } from "./stage.js";
import { load } from "./views.js";
import { cells as cellsInWords } from "./words.js";

/** Renewed with every filter. */
const PARTS = [
  "heatmap-facts",
  "heatmap-views",
  "heatmap-modes",
  "heatmap-downloads",
  "heatmap-method",
  "heatmap-sides",
  "heatmap-side-a",
  "heatmap-side-b",
  "heatmap-carried",
  "heatmap-further",
  "heatmap-survey",
  "heatmap-significance",
  "heatmap-table",
  "heatmap-reset",
];

/** Milliseconds without a change before a filter is applied: people tick several boxes in a row. */
const PAUSE = 250;

class PlannerHeatmap extends HTMLElement {
  /** @type {AbortController | null} */
  #loading = null;
  /** @type {AbortController | null} */
  #reading = null;
  /** @type {number | undefined} */
  #timer;
  /** @type {Stage[]} */
  #stages = [];
  /** @type {import("./views.js").Shown | null} */
  #shown = null;
  /** @type {CellCard | null} */
  #card = null;
  /** Whether the address said which part of the map to show. */
  #viewGiven = false;

  connectedCallback() {
    this.classList.add("heatmap--scripted");
    this.#foldFilter();
    this.#form.addEventListener("input", (event) => this.#onInput(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#soon(0);
    });
    this.addEventListener("click", (event) => this.#onClick(event));
    if (document.querySelector("#heatmap-charts[data-later]")) this.#firstCharts();
    const places = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-heatmap-map]"));
    if (places.length > 0) this.#start([...places]);
  }

  /** @returns {HTMLFormElement} */
  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("#heatmap-filter"));
  }

  /** The rail stands open where there is room for it. */
  #foldFilter() {
    const details = /** @type {HTMLDetailsElement} */ (this.querySelector(".heatmap-rail__fold"));
    const roomy = matchMedia("(width >= 1024px)");
    const follow = () => {
      details.open = roomy.matches;
    };
    roomy.addEventListener("change", follow);
    follow();
  }

  /** @param {HTMLElement[]} places */
  async #start(places) {
    const options = {
      onHover: (/** @type {number} */ lon, /** @type {number} */ lat) => this.#card?.hover(this.#positionAt(lon, lat)),
      onLeave: () => this.#card?.hover(-1),
      onPick: (/** @type {number} */ lon, /** @type {number} */ lat) => this.#card?.pick(this.#positionAt(lon, lat)),
      onMove: () => this.#writeView(),
    };
    this.#stages = await Promise.all(places.map((place) => Stage.create(place, options)));
    moveTogether(this.#stages);
    this.#card = new CellCard(/** @type {HTMLElement} */ (this.querySelector("[data-cell-card]")), {
      onSelect: (id, centre) => this.#select(id, centre),
    });
    this.#restoreView();
    await this.#loadCells();
  }

  /** @param {number} lon @param {number} lat */
  #positionAt(lon, lat) {
    return this.#shown?.cells.at(lon, lat) ?? -1;
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-copy-link]")) this.#copyLink();
    const link = /** @type {HTMLAnchorElement | SVGAElement | null} */ (target.closest("a[data-filter]"));
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = link.getAttribute("href") ?? "";
    this.#apply(new URL(address, location.href).href, true);
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.#say(gettext("The link was copied: it leads to exactly this view."));
    } catch {
      this.#say(gettext("The link could not be copied. Please copy the address of this page."));
    }
  }

  /** @param {Event} event */
  #onInput(event) {
    const field = /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
    if (field.name === "grid") this.#toggle("heatmap-size", field.value === "district");
    if (field.name === "classes") this.#toggle("heatmap-limits", field.value !== "manual");
    // Typing takes longer than ticking.
    this.#soon(field.id === "filter-limits" ? 3 * PAUSE : PAUSE);
  }

  /** @param {string} id @param {boolean} isHidden */
  #toggle(id, isHidden) {
    document.getElementById(id)?.toggleAttribute("hidden", isHidden);
  }

  /** @param {number} [pause] */
  #soon(pause = PAUSE) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const fields = [...new FormData(this.#form)].filter(([, value]) => value !== "");
      const query = new URLSearchParams(/** @type {[string, string][]} */ (fields));
      const cell = new URL(location.href).searchParams.get("cell");
      if (cell) query.set("cell", cell);
      this.#apply(`${location.pathname}?${query}`, false);
    }, pause);
  }

  /**
   * Show another filter.
   * @param {string} address
   * @param {boolean} fromLink the form has to follow
   */
  async #apply(address, fromLink) {
    this.#loading?.abort();
    this.#loading = new AbortController();
    this.toggleAttribute("data-busy", true);
    try {
      const { signal } = this.#loading;
      const answer = await visit(address, { signal, headers: { "X-Charts-Later": "1" } });
      if (!answer) return;
      if (fromLink) this.#followForm(answer.document);
      swap(answer.document, PARTS, { keepsFocus: true });
      // The page's own writing of its address leaves out what goes without saying.
      const written = document.getElementById("heatmap-facts")?.dataset.address ?? answer.url;
      history.replaceState(null, "", written + location.hash);
      const cells = this.#loadCells().then(() => this.toggleAttribute("data-busy", false));
      await Promise.all([cells, this.#loadCharts(signal)]);
    } catch (error) {
      if (isAbort(error)) return;
      this.toggleAttribute("data-busy", false);
      this.#say(
        error instanceof Error ? error.message : gettext("The connection failed. Please try again in a moment."),
      );
    }
  }

  /** @param {Document} fresh */
  #followForm(fresh) {
    for (const field of this.#form.querySelectorAll("input, select")) {
      const model = fresh.getElementById(field.id);
      if (field instanceof HTMLInputElement && model instanceof HTMLInputElement) {
        field.checked = model.checked;
        if (field.type === "date" || field.type === "text") field.value = model.value;
      }
      if (field instanceof HTMLSelectElement && model instanceof HTMLSelectElement) field.value = model.value;
    }
  }

  async #loadCells() {
    const facts = document.getElementById("heatmap-facts");
    if (this.#stages.length === 0 || !facts) return;
    this.#loading ??= new AbortController();
    const { signal } = this.#loading;
    try {
      const [shown, places] = await Promise.all([
        load({ data: facts.dataset, signal }),
        placesAt(facts.dataset.places, signal),
      ]);
      if (signal.aborted) return;
      for (const stage of this.#stages) stage.places.show(places);
      this.#show(shown);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      // What was drawn for another filter must not stay.
      for (const { layer, places } of this.#stages) {
        layer.clear();
        places.show([]);
      }
      drawLegend(this.#legend, { title: gettext("Nothing is shown"), entries: [], note: "" });
      this.#card?.hide();
      this.#say(error instanceof Error ? error.message : "");
    }
  }

  /** @param {import("./views.js").Shown} shown */
  #show(shown) {
    const isFirst = this.#shown === null;
    this.#shown = shown;
    this.#stages.forEach((stage, index) => {
      stage.layer.show(shown.layers[index]);
    });
    drawLegend(this.#legend, shown.legend);
    const wanted = new URLSearchParams(location.search).get("cell") ?? "";
    this.#card?.show(shown.cells, shown.describe, wanted);
    const bounds = this.#bounds();
    if (isFirst && !this.#viewGiven && bounds) this.#stages[0].base.fit(bounds, 15);
    this.#say(shown.problem || this.#summary(), !shown.problem);
  }

  get #legend() {
    return /** @type {HTMLElement} */ (this.querySelector("[data-legend]"));
  }

  /** A large campaign's page comes without its charts. */
  async #firstCharts() {
    this.#loading ??= new AbortController();
    try {
      await this.#loadCharts(this.#loading.signal);
    } catch (error) {
      if (!isAbort(error)) this.#say(error instanceof Error ? error.message : "");
    }
  }

  /** Bars and columns follow the map. @param {AbortSignal} signal */
  async #loadCharts(signal) {
    const before = document.getElementById("heatmap-charts");
    before?.toggleAttribute("data-busy", true);
    const answer = await visit(`${before?.dataset.source}${location.search}`, { signal });
    if (answer) swap(answer.document, ["heatmap-charts"], { keepsFocus: true });
  }

  #bounds() {
    const [first, ...others] = this.#stages.map(({ layer }) => layer.bounds()).filter((one) => one !== null);
    return others.reduce((all, one) => all?.extend(one), first);
  }

  #summary() {
    return interpolate(gettext("%s shown"), [cellsInWords(this.#shown?.cells.cells.length ?? 0)]);
  }

  /** @param {string} id @param {boolean} centre */
  #select(id, centre) {
    const shape = this.#shown?.cells.get(id)?.shape ?? null;
    for (const { layer } of this.#stages) layer.select(shape);
    const url = new URL(location.href);
    if (id) url.searchParams.set("cell", id);
    else url.searchParams.delete("cell");
    history.replaceState(null, "", url);
    if (shape && centre) this.#stages[0].map.panTo([shape.centre[1], shape.centre[0]]);
    this.#read(url);
  }

  /** What people wrote in the chosen cell. @param {URL} address */
  async #read(address) {
    this.#reading?.abort();
    this.#reading = new AbortController();
    const place = document.getElementById("heatmap-cell");
    if (!place) return;
    if (!address.searchParams.has("cell")) {
      place.replaceChildren();
      return;
    }
    try {
      const url = `${place.dataset.source}${address.search}`;
      const answer = await visit(url, { signal: this.#reading.signal });
      if (answer) swap(answer.document, ["heatmap-cell"]);
    } catch (error) {
      if (!isAbort(error)) this.#say(error instanceof Error ? error.message : "");
    }
  }

  #writeView() {
    const [stage] = this.#stages;
    if (!stage) return;
    const { lat, lng } = stage.map.getCenter();
    const url = new URL(location.href);
    url.hash = `${stage.map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
    history.replaceState(null, "", url);
  }

  #restoreView() {
    const match = location.hash.match(/^#([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/);
    if (!match) return;
    this.#viewGiven = true;
    this.#stages[0].map.setView([Number(match[2]), Number(match[3])], Number(match[1]), { animate: false });
  }

  /**
   * @param {string} words
   * @param {boolean} [quietly] only for screen readers
   */
  #say(words, quietly = false) {
    const place = /** @type {HTMLElement | null} */ (this.querySelector("[data-announce]"));
    if (!place) return;
    place.classList.toggle("visually-hidden", quietly);
    place.textContent = words;
  }
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

customElements.define("planner-heatmap", PlannerHeatmap);
