/**
 * The campaign's page: `<campaign-page>` turns working HTML into map and panel. Its parts: the map (`map/map.js`), what
 * lies on it (`campaign/contributions.js`), the panel's sheet (`campaign/sheet.js`), list, detail and contributing.
 *
 * Views are kept in the address (`#list`, `#about`, `#c-<id>`, `#place`), so that the back button of a phone works; the
 * steps of contributing are entries of the history below `#place`.
 */

import "./site.js";
import { Contributions, loadEarly } from "./campaign/contributions.js";
import { Detail } from "./campaign/detail.js";
import { List } from "./campaign/list.js";
import { makeMessagesClosable } from "./campaign/messages.js";
import { isPhone, Sheet } from "./campaign/sheet.js";
import { DraftList } from "./contributing/draft-list.js";
import { ContributingOnDemand } from "./contributing/on-demand.js";
import { openTopicOf } from "./contributing/steps.js";
import { createBaseMap, readMapConfig } from "./map/map.js";
import { printAsSeen } from "./map/printing.js";
import { ApiProblem } from "./site/api.js";
import { find } from "./site/elements.js";

/**
 * @typedef {import("./map/markers.js").CategoryLook & {
 *   language: string,
 *   geometryTypes: string[],
 *   smallestZoom: number,
 *   isOpen: boolean,
 *   questions: {slug: string, type: string}[],
 * }} CategoryConfig
 */
/**
 * @typedef {object} Config
 * @property {string} slug
 * @property {boolean} isPublic whether single contributions are public
 * @property {boolean} isPreview whether it is a draft, of which nothing can be loaded
 * @property {boolean} allowsPhotos
 * @property {number} total public contributions
 * @property {boolean} hasOwn whether this browser contributed before
 * @property {{contributions: string, mine: string, similar: string, centres: string, addresses: string, contribution: string, placeWords?: string, follow?: string}} urls
 * @property {CategoryConfig[]} categories
 */
/** @typedef {{name: "map" | "list" | "about" | "place"} | {name: "detail", id: string}} View */

class CampaignPage extends HTMLElement {
  connectedCallback() {
    /** @type {Config} */
    this.config = readMapConfig("campaign-config");
    this.panel = find(this, ".campaign__panel");
    this.views = new Map(
      ["overview", "detail", "place"].map((name) => [
        name,
        /** @type {HTMLElement | null} */ (this.querySelector(`[data-view='${name}']`)),
      ]),
    );
    this.live = find(this, "[data-announce]");
    /** @type {import("./map/map.js").BaseMap | null} */
    this.base = null;
    /** @type {Contributions | null} */
    this.contributions = null;
    /** @type {ContributingOnDemand | null} null where the campaign takes no contributions */
    this.contributing = null;
    /** @type {View} */
    this.view = { name: "map" };
    this.#start();
  }

  async #start() {
    this.list = new List(this, {
      onOpen: (id) => this.go({ name: "detail", id }),
      onHover: (id, over) => this.contributions?.raise(id, over),
      onFilter: (query) => this.contributions?.setFilter(query),
      announce: (words) => this.announce(words),
    });
    this.detail = new Detail(/** @type {HTMLElement} */ (this.views?.get("detail")), {
      onShown: (id) => this.#selected(id),
      onClose: () => this.back(),
      onChanged: () => this.list?.refresh(),
      announce: (words) => this.announce(words),
    });
    for (const link of this.querySelectorAll("[data-tab]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.go({ name: /** @type {"map" | "list" | "about"} */ (link.getAttribute("data-tab")) });
      });
    }
    makeMessagesClosable();
    const stage = this.querySelector("#map");
    if (stage instanceof HTMLElement) await this.#makeMap(stage);
    this.#prepareContributing();
    addEventListener("popstate", () => this.#show(viewOf(location.hash)));
    this.#show(viewOf(location.hash));
    await this.#load();
    this.classList.add("is-ready");
  }

  /**
   * Where a place lies in the window, for stories told in a browser.
   * @param {[number, number]} place lon, lat
   */
  pixelOf([lon, lat]) {
    const map = this.base?.map;
    if (!map) return null;
    const { x, y } = map.latLngToContainerPoint([lat, lon]);
    const box = map.getContainer().getBoundingClientRect();
    return { x: box.left + x, y: box.top + y };
  }

  /** @param {HTMLElement} stage */
  async #makeMap(stage) {
    // On the map the filter is the legend, too; without JavaScript it stands above the list.
    const filter = this.querySelector("[data-part='filter']");
    // After the panel: whoever comes with the keyboard finds "Mark a place" before a dozen chips.
    if (filter) this.querySelector(".campaign__stage")?.before(filter);
    this.sheet = new Sheet(/** @type {HTMLElement} */ (this.panel), (covered) => {
      this.base?.setInsets({ bottom: covered, top: this.#coveredAbove() });
      this.contributing?.loaded?.place?.resized();
    });
    const config = /** @type {Config} */ (this.config);
    const query = new URLSearchParams(location.search);
    const early = loadEarly(config, query);
    const covered = isPhone() ? /** @type {HTMLElement} */ (this.panel).getBoundingClientRect().height : 0;
    this.base = await createBaseMap(stage, readMapConfig("map-config"), {
      insets: { bottom: covered, top: this.#coveredAbove() },
      missing: this.querySelector("[data-action='place']") ? undefined : gettext("Base map not reachable."),
    });
    this.list?.follow(this.base);
    printAsSeen(stage, () => this.sheet?.covered ?? 0);
    const events = {
      /** @param {string} id */
      onSelect: (id) => {
        if (this.view?.name !== "place") this.go({ name: "detail", id });
      },
      /** @param {string | null} id */
      onHover: (id) => this.list?.mark(id ?? (this.view?.name === "detail" ? this.view.id : null)),
    };
    // The list may have been filtered while the map was being made.
    const now = new URLSearchParams(location.search);
    const isSame = now.toString() === query.toString();
    this.contributions = new Contributions(this.base, config, events, isSame ? early : null);
    this.contributions.readFilter(now);
  }

  /** Pixels at the top of the map under the filter, which makes way for contributing. */
  #coveredAbove() {
    const filter = this.querySelector("[data-part='filter']");
    return filter instanceof HTMLElement && filter.offsetHeight > 0 ? filter.offsetTop + filter.offsetHeight : 0;
  }

  #prepareContributing() {
    const root = this.views?.get("place");
    const { config } = this;
    if (!root || !config) return;
    const events = {
      /** @param {string} words */
      announce: (words) => this.announce(words),
      /** @param {import("./contributing/steps.js").Step | null} step */
      onStep: (step) => {
        this.classList.toggle("is-placing", step === "place");
        this.classList.toggle("is-describing", step === "details");
        this.classList.toggle("is-contributing", step !== null);
        this.#measureFoot(root);
        if (step === null) this.back();
        else if (this.sheet) this.sheet.height = this.#heightFor(step, root);
      },
    };
    this.contributing = new ContributingOnDemand(this, config, {
      make: (drafts, Contribute) => new Contribute(root, this.base ?? null, config, drafts, events),
      announce: events.announce,
    });
    const start = this.querySelector("[data-action='place']");
    for (const sign of ["pointerenter", "touchstart", "focus"]) {
      start?.addEventListener(sign, () => this.contributing?.prepare(), { once: true, passive: true });
    }
    // Also the first link of the page, which the keyboard reaches.
    for (const begin of [start, document.querySelector("[data-begin]")]) {
      begin?.addEventListener("click", (event) => {
        event.preventDefault();
        const { loaded } = /** @type {ContributingOnDemand} */ (this.contributing);
        // From the first link of the page in the middle of it: back to the step, nothing begins anew.
        if (this.view?.name === "place" && loaded?.step) loaded.enter();
        else this.#contribute((contribute) => contribute.begin());
      });
    }
    const offer = this.querySelector("[data-drafts]");
    if (!(offer instanceof HTMLElement)) return;
    this.draftList = new DraftList(offer, {
      titleOf: (draft) => openTopicOf(draft, config.categories)?.title ?? "",
      onContinue: (draft) => this.#contribute((contribute) => contribute.resume(draft), draft.id),
      onDiscard: (draft) => {
        this.contributing?.drafts.forget(draft.id);
        this.#offerDrafts();
        focusLater(this, "[data-action='place']");
      },
    });
    // Another tab may have begun one, or sent it.
    addEventListener("storage", () => this.#offerDrafts());
  }

  /**
   * @param {(contribute: import("./contribute.js").Contribute) => void} begin
   * @param {string} [draft] the id of what is gone on with
   */
  async #contribute(begin, draft) {
    const { view } = this;
    const contribute = await this.contributing?.get(draft);
    // Who went elsewhere meanwhile stays there; the second of two taps finds another view.
    if (contribute && this.view === view) this.go({ name: "place" }, () => begin(contribute));
  }

  /** The address leads to contributing: it was typed, loaded again, or the browser went back to it. */
  async #enterContributing() {
    const contribute = await this.contributing?.get();
    if (viewOf(location.hash).name === "place") this.#show({ name: contribute ? "place" : "map" });
  }

  /**
   * How much room the button takes that stays in view, with large text more than with small.
   * @param {HTMLElement} root
   */
  #measureFoot(root) {
    const feet = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".place__foot")]);
    const shown = feet.find(({ offsetHeight }) => offsetHeight > 0);
    if (shown) this.style.setProperty("--foot", `${shown.offsetHeight}px`);
  }

  /**
   * Choices are seen with the button that sends them: a form that is higher than half of the window gets all of it.
   * @param {import("./contributing/steps.js").Step} step
   * @param {HTMLElement} root
   * @returns {import("./campaign/sheet.js").Height}
   */
  #heightFor(step, root) {
    if (step === "place" || step === "done") return "peek";
    return /** @type {HTMLElement} */ (root.firstElementChild).offsetHeight > this.clientHeight * 0.45
      ? "full"
      : "half";
  }

  async #load() {
    try {
      await this.contributions?.load();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.announce(error.detail);
    }
  }

  /**
   * Show a view and remember it in the address.
   * @param {View} view
   * @param {() => void} [begin] how contributing begins
   */
  go(view, begin) {
    const hash = hashOf(view);
    if (hash !== (location.hash || "#map")) history.pushState({ inside: true }, "", hash);
    this.#show(view, begin);
  }

  /** Where the visitor came from, or the map; contributing may have left several entries in the history. */
  back() {
    const { inside, depth = 1 } = history.state ?? {};
    if (inside) history.go(-depth);
    else this.go({ name: "map" });
  }

  /** @param {string} words */
  announce(words) {
    const { live } = this;
    if (!live) return;
    // A live region speaks only when its text changes.
    live.textContent = "";
    requestAnimationFrame(() => {
      live.textContent = words;
    });
  }

  /**
   * @param {View} view
   * @param {() => void} [begin] how contributing begins; without it the address was typed, or reloaded
   */
  #show(view, begin) {
    if (view.name === "place" && !this.contributing?.loaded) {
      if (this.contributing) this.#enterContributing();
      else this.#show({ name: "map" });
      return;
    }
    const contribute = this.contributing?.loaded;
    const before = this.view;
    if (view.name !== "place" && contribute?.step) {
      contribute.close();
      this.classList.remove("is-placing", "is-describing", "is-contributing");
    }
    this.view = view;
    const shown = view.name === "place" || view.name === "detail" ? view.name : "overview";
    for (const [name, element] of this.views ?? []) if (element) element.hidden = name !== shown;
    if (begin) begin();
    else if (view.name === "place") contribute?.enter();
    if (view.name === "detail") {
      this.detail?.open(view.id, this.#urlOf(view.id));
      this.list?.mark(view.id);
      if (this.sheet) this.sheet.height = "half";
    } else {
      this.detail?.close();
      this.contributions?.select(null);
      this.list?.mark(null);
    }
    if (shown === "overview") this.#showTab(/** @type {"map" | "list" | "about"} */ (view.name), before);
  }

  /**
   * @param {"map" | "list" | "about"} name
   * @param {View | undefined} before
   */
  #showTab(name, before) {
    const hasMap = this.base !== null;
    const panel =
      name === "map" ? (this.dataset.status === "closed" && this.querySelector(".outcome") ? "about" : "list") : name;
    for (const section of this.querySelectorAll("[data-panel]")) {
      /** @type {HTMLElement} */ (section).hidden = hasMap && section.getAttribute("data-panel") !== panel;
    }
    for (const tab of this.querySelectorAll("[data-tab]")) {
      const current =
        isPhone() && hasMap ? tab.getAttribute("data-tab") === name : tab.getAttribute("data-tab") === panel;
      if (current) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    this.#offerDrafts();
    if (this.sheet) this.sheet.height = name === "map" ? "peek" : "full";
    if (!hasMap && name !== "map") this.querySelector(`[data-panel='${name}']`)?.scrollIntoView();
    if (hasMap) this.#scrollTo(name);
    if (before?.name === "detail") focusLater(this, `[data-id='${CSS.escape(before.id)}'] .contribution-item__link`);
    else if (before?.name === "place") focusLater(this, "[data-action='place']");
  }

  /**
   * In low windows and with large text the title scrolls with the list: whoever chose the list sees it.
   * @param {"map" | "list" | "about"} name
   */
  #scrollTo(name) {
    const overview = this.views?.get("overview");
    if (!overview || overview.scrollHeight <= overview.clientHeight) return;
    overview.scrollTop = name === "map" ? 0 : find(overview, ".campaign__tabs").offsetTop - overview.offsetTop;
  }

  /** @param {string} id */
  #selected(id) {
    const article = this.querySelector("[data-view='detail'] [data-part='contribution']");
    const place = article?.querySelector("script[type='application/json']")?.textContent;
    const geometry = place ? JSON.parse(place) : null;
    this.contributions?.select(id, { geometry, properties: { category: article?.getAttribute("data-category") } });
    const bounds = this.contributions?.boundsOf(id);
    const { base } = this;
    if (!bounds?.isValid() || !base) return;
    if (!base.map.getBounds().contains(bounds) || isPhone()) {
      if (bounds.getNorthEast().equals(bounds.getSouthWest())) base.show(bounds.getCenter());
      else base.fit(bounds, Math.max(base.map.getZoom(), 15));
    }
  }

  #offerDrafts() {
    this.draftList?.show(this.contributing?.begun ?? []);
  }

  /** @param {string} id */
  #urlOf(id) {
    return /** @type {Config} */ (this.config).urls.contribution.replace("{id}", id);
  }
}

/**
 * Give the focus back to where a view was opened. Later, because the browser takes it away once more when it goes to
 * the fragment of the address.
 * @param {ParentNode} root
 * @param {string} selector
 */
function focusLater(root, selector) {
  setTimeout(() => /** @type {HTMLElement | null} */ (root.querySelector(selector))?.focus());
}

/** @param {View} view */
function hashOf(view) {
  return view.name === "detail" ? `#c-${view.id}` : `#${view.name}`;
}

/**
 * @param {string} hash
 * @returns {View}
 */
function viewOf(hash) {
  const id = hash.match(/^#c-([0-9a-f-]{36})$/)?.[1];
  if (id) return { name: "detail", id };
  const name = hash.slice(1);
  return { name: name === "list" || name === "about" || name === "place" ? name : "map" };
}

customElements.define("campaign-page", CampaignPage);
