/** The list of contributions: filter chips, sorting and search, "show more", and the tie between entries and the map. */

import { ApiProblem } from "./api.js";
import { fetchParts } from "./partial.js";

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
      if (field instanceof HTMLSelectElement && form instanceof HTMLFormElement) this.#narrow(form);
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
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value !== "");
    const query = new URLSearchParams(/** @type {[string, string][]} */ (fields));
    await this.#apply(`?${query}`);
  }

  /** @param {string} query */
  async #apply(query) {
    history.replaceState(history.state, "", (query === "?" ? location.pathname : query) + location.hash);
    this.events.onFilter(new URLSearchParams(query));
    await this.#show(query);
    const matched = this.part?.querySelector("[data-matched]")?.textContent?.trim();
    if (matched) this.events.announce(matched);
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
    this.part?.classList.add("is-busy");
    try {
      const { parts } = await fetchParts(new URL(query, location.href).href);
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
      this.part?.classList.remove("is-busy");
    }
  }
}
