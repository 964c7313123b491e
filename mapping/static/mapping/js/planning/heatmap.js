/**
 * `<planner-heatmap>`: filter, map and facts as one. The form filters without a button, bars of the facts filter too,
 * the map shows cells, and the address always says what is shown (the view of the map behind the `#`).
 */

import { fetchJson } from "../api.js";
import { createBaseMap, readMapConfig } from "../map.js";
import { CellCard } from "./cell-card.js";
import { CellLayer } from "./cell-layer.js";
import { CellSet } from "./cells.js";
import { swap, visit } from "./fragments.js";
import { drawLegend } from "./legend.js";

const PARTS = ["heatmap-facts", "heatmap-views", "heatmap-downloads"];

/** Milliseconds without a change before a filter is applied: people tick several boxes in a row. */
const PAUSE = 250;

class PlannerHeatmap extends HTMLElement {
  /** @type {AbortController | null} */
  #loading = null;
  /** @type {number | undefined} */
  #timer;
  /** @type {import("../map.js").BaseMap | null} */
  #base = null;
  /** @type {CellLayer | null} */
  #layer = null;
  /** @type {CellCard | null} */
  #card = null;
  /** Whether the address said which part of the map to show. */
  #viewGiven = false;

  connectedCallback() {
    this.classList.add("heatmap--scripted");
    this.#foldFilter();
    this.#form.addEventListener("input", () => this.#soon());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#soon(0);
    });
    this.addEventListener("click", (event) => this.#onClick(event));
    const stage = /** @type {HTMLElement | null} */ (this.querySelector("[data-heatmap-map]"));
    if (stage) this.#start(stage);
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

  /** @param {HTMLElement} stage */
  async #start(stage) {
    const label = gettext("Heat map. Move it with the arrow keys, zoom with plus and minus.");
    const base = await createBaseMap(stage, readMapConfig("map-config"), {
      grey: true,
      label,
      missing: gettext("Base map not reachable."),
    });
    this.#base = base;
    this.#layer = new CellLayer(base.map);
    this.#card = new CellCard(/** @type {HTMLElement} */ (this.querySelector("[data-cell-card]")), {
      onSelect: (cell, centre) => this.#select(cell, centre),
    });
    this.#restoreView();
    base.map.on("moveend", () => this.#writeView());
    base.map.on("mousemove", (event) => this.#card?.hover(this.#positionAt(event.latlng)));
    base.map.on("mouseout", () => this.#card?.hover(-1));
    base.map.on("click", (event) => this.#card?.pick(this.#positionAt(event.latlng)));
    await this.#loadCells();
  }

  /** @param {import("leaflet").LatLng} place */
  #positionAt({ lng, lat }) {
    return this.#layer?.set?.at(lng, lat) ?? -1;
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | SVGAElement | null} */ (target.closest("a[data-filter]"));
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = link.getAttribute("href") ?? "";
    this.#apply(new URL(address, location.href).href, true);
  }

  /** @param {number} [pause] */
  #soon(pause = PAUSE) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const query = new URLSearchParams(/** @type {any} */ (new FormData(this.#form)));
      for (const [name, value] of [...query]) if (!value) query.delete(name);
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
      const answer = await visit(address, { signal: this.#loading.signal });
      if (!answer) return;
      if (fromLink) this.#followForm(answer.document);
      swap(answer.document, [...PARTS, "heatmap-table", "heatmap-reset"]);
      history.replaceState(null, "", answer.url + location.hash);
      await this.#loadCells();
      this.toggleAttribute("data-busy", false);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.toggleAttribute("data-busy", false);
      this.#say(
        error instanceof Error ? error.message : gettext("The connection failed. Please try again in a moment."),
      );
    }
  }

  /** @param {Document} fresh */
  #followForm(fresh) {
    for (const field of this.#form.querySelectorAll("input")) {
      const model = /** @type {HTMLInputElement | null} */ (fresh.getElementById(field.id));
      if (!model) continue;
      field.checked = model.checked;
      if (field.type === "date") field.value = model.value;
    }
  }

  async #loadCells() {
    const layer = this.#layer;
    const facts = document.getElementById("heatmap-facts");
    if (!layer || !facts) return;
    const url = facts.dataset.cells ?? "";
    try {
      const compact = await fetchJson(url, { signal: this.#loading?.signal });
      const measure = facts.dataset.count === "participants" ? "participants" : "contributions";
      const set = new CellSet(compact, measure);
      const isFirst = layer.set === null;
      layer.show(set);
      drawLegend(/** @type {HTMLElement} */ (this.querySelector("[data-legend]")), set);
      this.#card?.show(set, new URLSearchParams(location.search).get("cell") ?? "");
      const bounds = layer.bounds();
      if (isFirst && !this.#viewGiven && bounds) this.#base?.fit(bounds, 15);
      this.#say(this.#summary(set), true);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.#say(error instanceof Error ? error.message : "");
    }
  }

  /** @param {CellSet} set */
  #summary(set) {
    const number = set.cells.length;
    return interpolate(ngettext("%s cell shown", "%s cells shown", number), [number]);
  }

  /** @param {import("./cells.js").Cell | null} cell @param {boolean} centre */
  #select(cell, centre) {
    this.#layer?.select(cell);
    const url = new URL(location.href);
    const id = this.#card?.selectedId() ?? "";
    if (id) url.searchParams.set("cell", id);
    else url.searchParams.delete("cell");
    history.replaceState(null, "", url);
    if (cell && centre && this.#layer?.set) {
      const [lon, lat] = this.#layer.set.centreOf(cell);
      this.#base?.map.panTo([lat, lon]);
    }
  }

  #writeView() {
    const map = this.#base?.map;
    if (!map) return;
    const { lat, lng } = map.getCenter();
    const url = new URL(location.href);
    url.hash = `${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
    history.replaceState(null, "", url);
  }

  #restoreView() {
    const match = location.hash.match(/^#(\d+)\/(-?[\d.]+)\/(-?[\d.]+)$/);
    if (!match) return;
    this.#viewGiven = true;
    this.#base?.map.setView([Number(match[2]), Number(match[3])], Number(match[1]), { animate: false });
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

customElements.define("planner-heatmap", PlannerHeatmap);
