/**
 * The list of contributions: filter chips, sorting and search, "show more", and the tie between entries and the map:
 * sorted by distance from the reader or from the middle of the map, narrowed to what the map shows.
 */

import { ApiProblem } from "../site/api.js";
import { fetchParts } from "../site/partial.js";

/** Wait this long after the last movement of the map, milliseconds. */
const PATIENCE = 400;

/** @typedef {{box: string, near: string}} Around west,south,east,north of the map and lon,lat, in degrees */

/**
 * The query of the fields above the list; what the map shows takes the place of what it showed before.
 * @param {Iterable<[string, FormDataEntryValue]>} fields
 * @param {Around | null} around
 */
export function listQuery(fields, around) {
  const query = new URLSearchParams();
  for (const [name, value] of fields) {
    if (typeof value !== "string") continue;
    if (name === "near") continue;
    const text = name === "bbox" && around ? around.box : value;
    if (text !== "") query.append(name, text);
  }
  if (query.get("ordering") === "nearest") {
    const near = around?.near || new Map(fields).get("near");
    if (near) query.set("near", String(near));
    else query.delete("ordering");
  }
  return query;
}

/**
 * Degrees with so many decimals that addresses do not change with less than a metre.
 * @param {number[]} degrees
 */
export function written(degrees) {
  return degrees.map((one) => one.toFixed(5)).join();
}

export class List {
  /**
   * @param {HTMLElement} page
   * @param {{
   *   onOpen: (id: string, url: string) => void,
   *   onHover: (id: string, over: boolean) => void,
   *   onFilter: (query: URLSearchParams) => void,
   *   announce: (words: string) => void,
   * }} events
   */
  constructor(page, events) {
    this.page = page;
    this.events = events;
    /** @type {import("../map/map.js").BaseMap | null} */
    this.base = null;
    /** Where the reader is, as lon,lat; empty where the browser does not know or may not say. */
    this.position = "";
    /** @type {number | undefined} */
    this.waiting = undefined;
    /** Counts what was fetched, so that a late answer does not replace a newer one. */
    this.turn = 0;
    page.addEventListener("click", (event) => this.#clicked(event));
    page.addEventListener("submit", (event) => {
      const form = /** @type {HTMLElement} */ (event.target);
      if (form instanceof HTMLFormElement && form.matches("[data-list-tools]")) {
        event.preventDefault();
        this.#narrow(form);
      }
    });
    page.addEventListener("change", (event) => {
      const field = /** @type {HTMLElement} */ (event.target);
      const form = field.closest?.("[data-list-tools]");
      const isChoice =
        field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && field.name === "bbox");
      if (isChoice && form instanceof HTMLFormElement) this.#narrow(form);
    });
    for (const [name, over] of /** @type {[string, boolean][]} */ ([
      ["pointerover", true],
      ["pointerout", false],
      ["focusin", true],
      ["focusout", false],
    ])) {
      page.addEventListener(name, (event) => {
        const item = /** @type {HTMLElement} */ (event.target).closest?.(".contribution-item");
        if (item instanceof HTMLElement && item.dataset.id) events.onHover(item.dataset.id, over);
      });
    }
  }

  /**
   * Offer what only a map can do, and follow it.
   * @param {import("../map/map.js").BaseMap} base
   */
  follow(base) {
    this.base = base;
    base.map.on("moveend", () => {
      clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.#moved(), PATIENCE);
    });
    this.#offer();
  }

  /** Fields that need the map are in the page, hidden or missing. */
  #offer() {
    if (!this.base) return;
    for (const field of this.page.querySelectorAll("[data-in-view]")) /** @type {HTMLElement} */ (field).hidden = false;
    const orders = this.page.querySelector("#list-ordering");
    if (!(orders instanceof HTMLSelectElement)) return;
    if ([...orders.options].some(({ value }) => value === "nearest")) return;
    orders.add(new Option(gettext("Nearest first"), "nearest"));
  }

  /** The map shows something else: the list follows where it is narrowed to that, unless something else is read. */
  async #moved() {
    const box = this.page.querySelector("#list-box");
    const view = /** @type {any} */ (this.page).view?.name;
    if (!(box instanceof HTMLInputElement && box.checked && box.form) || view === "detail" || view === "place") return;
    await this.#show(this.#remember(listQuery(new FormData(box.form), this.#around())));
  }

  /** @returns {Around | null} */
  #around() {
    if (!this.base) return null;
    const view = this.base.map.getBounds();
    const { lng, lat } = this.base.centre();
    const box = written([view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]);
    return { box, near: this.position || written([lng, lat]) };
  }

  /** The position of the device, where that was allowed before: sorting a list is no reason to ask for it. */
  async #locate() {
    try {
      const { state } = await navigator.permissions.query({ name: "geolocation" });
      if (state !== "granted") return;
    } catch {
      return;
    }
    await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          this.position = written([coords.longitude, coords.latitude]);
          resolve(null);
        },
        resolve,
        { timeout: 3000, maximumAge: 60_000 },
      );
    });
  }

  get part() {
    return /** @type {HTMLElement | null} */ (this.page.querySelector("[data-part='list']"));
  }

  /** Fetch the list again, e.g. after a contribution of one's own. */
  async refresh() {
    await this.#show(location.search || "?");
  }

  /**
   * Show which entry is the selected one, without scrolling the page away under the reader.
   * @param {string | null} id
   */
  mark(id) {
    for (const item of this.page.querySelectorAll(".contribution-item")) {
      item.classList.toggle("is-selected", item instanceof HTMLElement && item.dataset.id === id);
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = /** @type {HTMLElement} */ (event.target).closest?.("a");
    if (!link || !this.page.contains(link)) return;
    if (link.matches("[data-category]")) {
      event.preventDefault();
      this.#filter(link);
    } else if (link.matches("[data-more]")) {
      event.preventDefault();
      this.#more(link);
    } else if (link.matches(".contribution-item__link")) {
      const id = link.closest(".contribution-item")?.getAttribute("data-id");
      if (!id) return;
      event.preventDefault();
      this.events.onOpen(id, link.href);
    }
  }

  /** @param {HTMLAnchorElement} link */
  async #filter(link) {
    const focused = link.dataset.category;
    await this.#apply(new URL(link.href).search || "?");
    const chip = `[data-part='filter'] [data-category='${CSS.escape(focused ?? "")}']`;
    const again = this.page.querySelector(chip) ?? this.page.querySelector("[data-part='filter'] a");
    /** @type {HTMLElement | null} */ (again)?.focus({ preventScroll: true });
  }

  /**
   * Sort, search and filter by the fields above the list.
   * @param {HTMLFormElement} form
   */
  async #narrow(form) {
    const fields = [...new FormData(form)];
    if (fields.some(([name, value]) => name === "ordering" && value === "nearest")) await this.#locate();
    await this.#apply(`?${listQuery(fields, this.#around())}`);
  }

  /** @param {string} query */
  async #apply(query) {
    this.#remember(new URLSearchParams(query));
    this.events.onFilter(new URLSearchParams(query));
    await this.#show(query);
    const matched = this.part?.querySelector("[data-matched]")?.textContent?.trim();
    if (matched) this.events.announce(matched);
  }

  /**
   * Keep the query in the address, and return it as one. Where somebody stands is nothing to copy or to bookmark.
   * @param {URLSearchParams} query
   */
  #remember(query) {
    const sent = query.toString();
    if (this.position) query.delete("near");
    const text = query.toString();
    history.replaceState(history.state, "", (text ? `?${text}` : location.pathname) + location.hash);
    return `?${sent}`;
  }

  /** @param {HTMLAnchorElement} link */
  async #more(link) {
    link.setAttribute("aria-disabled", "true");
    try {
      const { parts } = await fetchParts(link.href);
      const items = [...(parts.get("list")?.querySelectorAll("[data-list] > li") ?? [])];
      this.page.querySelector("[data-list]")?.append(...items);
      const further = parts.get("list")?.querySelector("[data-more]");
      if (further) link.replaceWith(further);
      else link.remove();
      const first = items[0]?.querySelector("a");
      first?.focus({ preventScroll: true });
    } catch {
      link.removeAttribute("aria-disabled");
      this.events.announce(gettext("The connection failed. Please try again in a moment."));
    }
  }

  /** @param {string} query */
  async #show(query) {
    this.turn += 1;
    const { turn } = this;
    this.part?.classList.add("is-busy");
    try {
      const { parts } = await fetchParts(new URL(query, location.href).href);
      if (turn !== this.turn) return;
      for (const [name, part] of parts) {
        const before = this.page.querySelector(`[data-part='${name}']`);
        if (!(before instanceof HTMLElement)) continue;
        part.hidden = before.hidden;
        const active = before.contains(document.activeElement) ? document.activeElement : null;
        const focused = active?.id ? `#${CSS.escape(active.id)}` : active?.getAttribute("href");
        const selector = active?.id || !focused ? focused : `a[href='${CSS.escape(focused)}']`;
        before.replaceWith(part);
        if (selector) /** @type {HTMLElement | null} */ (part.querySelector(selector))?.focus({ preventScroll: true });
      }
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.events.announce(error.detail);
    } finally {
      if (turn === this.turn) this.part?.classList.remove("is-busy");
      this.#offer();
    }
  }
}
