/**
 * Contributing, step by step: topic, place, details, thanks. Sends through the API with an id made here, so that the
 * same contribution sent twice is stored once; keeps a draft until the server has it.
 */

import newId from "../../vendor/uuid/v7.js";
import { ApiProblem, send } from "./api.js";
import { DraftKeeper } from "./draft.js";
import { clearProblems, readAnswers, readValues, sayAbove, showProblems, writeValues } from "./form.js";
import { PhotoChoice, shrink } from "./photos.js";
import { find, PlaceStep } from "./place.js";
import { LiveQuestions } from "./questions/live.js";
import { enhanceRankings } from "./questions/ranking.js";
import { Similar } from "./similar.js";

/** @typedef {"category" | "place" | "details" | "done"} Step */
/** @typedef {import("./campaign.js").CategoryConfig} CategoryConfig */

export class Contribute {
  /**
   * @param {HTMLElement} root
   * @param {import("./map.js").BaseMap | null} base null for campaigns without a map
   * @param {import("./campaign.js").Config} config
   * @param {{
   *   onStep: (step: Step | null) => void,
   *   onStored: (feature: any) => void,
   *   announce: (words: string) => void,
   * }} events onStep(null): left
   */
  constructor(root, base, config, events) {
    this.root = root;
    this.base = base;
    this.config = config;
    this.events = events;
    this.drafts = new DraftKeeper(config.slug, config.isPublic);
    this.open = config.categories.filter(({ isOpen }) => isOpen);
    /** @type {Step | null} */
    this.step = null;
    /** @type {CategoryConfig | null} */
    this.category = null;
    /** @type {import("geojson").Geometry | null} */
    this.geometry = null;
    /** @type {number | null} */
    this.zoom = null;
    this.id = "";
    this.place = base
      ? new PlaceStep(find(root, "[data-step='place']"), base, config, {
          announce: events.announce,
          onDone: (geometry, zoom) => this.#placed(geometry, zoom),
        })
      : null;
    /** @type {Map<string, PhotoChoice>} */
    this.photos = new Map();
    for (const form of root.querySelectorAll("form[data-form]")) this.#prepare(/** @type {HTMLFormElement} */ (form));
    for (const button of root.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", () => this.#choose(button.getAttribute("data-choose") ?? ""));
    }
    this.#on("cancel", () => this.leave());
    this.#on("back", () => this.#show("place"));
    this.#on("forget", () => this.#forget());
    this.#on("finish", () => this.leave());
    this.#on("another", () => this.begin());
    this.#on("copy", () => this.#copy());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.step !== "done") this.leave();
    });
  }

  get draft() {
    const draft = this.drafts.read();
    return draft && this.open.some(({ slug }) => slug === draft.category) ? draft : null;
  }

  /** A new contribution. */
  begin() {
    this.id = newId();
    this.#empty();
    this.category = this.open.length === 1 ? this.open[0] : null;
    this.#show(this.category ? this.#firstAfterTopic() : "category");
  }

  #empty() {
    this.geometry = null;
    this.zoom = null;
    for (const form of this.#forms()) {
      form.reset();
      clearProblems(form);
    }
    for (const choice of this.photos.values()) choice.clear();
  }

  /** Go on with the draft. */
  resume() {
    const { draft } = this;
    if (!draft) return this.begin();
    this.begin();
    this.id = draft.id;
    this.category = this.open.find(({ slug }) => slug === draft.category) ?? null;
    this.geometry = draft.geometry;
    this.zoom = draft.zoom;
    const form = this.#form();
    if (form) writeValues(form, draft.values);
    const isPlaced = this.geometry !== null || !this.#needsPlace();
    // Drawn first, so that it lies on the map while the details are filled in.
    if (this.geometry && this.category) this.place?.start(this.category, this.geometry);
    this.#show(isPlaced ? "details" : "place");
  }

  discard() {
    this.drafts.forget();
  }

  /** Back to the campaign; what was typed stays as a draft. */
  leave() {
    this.place?.stop();
    this.step = null;
    this.events.onStep(null);
  }

  /** Leave, and nothing of what was typed or marked stays in this browser. */
  #forget() {
    this.#empty();
    this.discard();
    this.leave();
    this.events.announce(gettext("What you entered is deleted from this device."));
  }

  /** @param {string} slug */
  #choose(slug) {
    const category = this.open.find((one) => one.slug === slug) ?? null;
    if (category !== this.category) this.geometry = null;
    this.category = category;
    this.#show(this.#firstAfterTopic());
  }

  /**
   * @param {import("geojson").Geometry | null} geometry
   * @param {number | null} zoom
   */
  #placed(geometry, zoom) {
    this.geometry = geometry;
    this.zoom = zoom;
    this.#keep();
    this.#show("details");
  }

  /** @returns {Step} */
  #firstAfterTopic() {
    return this.#needsPlace() ? "place" : "details";
  }

  #needsPlace() {
    return this.base !== null && (this.category?.geometryTypes ?? []).some((type) => type !== "none");
  }

  /**
   * @param {Step} step
   * @param {string} [problem] why the server did not take the place
   */
  #show(step, problem = "") {
    this.step = step;
    for (const section of this.root.querySelectorAll("[data-step]")) {
      /** @type {HTMLElement} */ (section).hidden = section.getAttribute("data-step") !== step;
    }
    find(this.root, ".place__head").hidden = step === "done";
    this.#drawSteps();
    if (step === "place" && this.category) this.place?.start(this.category, this.geometry, problem);
    else if (step === "details") this.place?.rest();
    else this.place?.stop();
    if (step === "details") this.#drawDetails();
    this.events.onStep(step);
    const title = find(this.root, `[data-step='${step}'] h2`);
    title.focus({ preventScroll: true });
    this.root.scrollTop = 0;
    if (!this.base) this.root.scrollIntoView({ block: "start" });
  }

  /** "1 Topic · 2 Place · 3 Details", only where there is more than one step. */
  #drawSteps() {
    /** @type {[Step, string][]} */
    const steps = [];
    if (this.open.length > 1) steps.push(["category", gettext("Topic")]);
    if (this.base && (!this.category || this.#needsPlace())) steps.push(["place", gettext("Place")]);
    steps.push(["details", gettext("Details")]);
    const list = find(this.root, "[data-steps]");
    list.hidden = steps.length < 2;
    list.replaceChildren(
      ...steps.map(([step, words], index) => {
        const item = document.createElement("li");
        item.textContent = `${index + 1} ${words}`;
        if (step === this.step) item.setAttribute("aria-current", "step");
        return item;
      }),
    );
  }

  #drawDetails() {
    for (const form of this.#forms()) form.hidden = form.dataset.form !== this.category?.slug;
    const title = find(this.root, "[data-details-title]");
    title.textContent = this.category?.title ?? "";
    if (this.category) title.lang = this.category.language;
    title.dir = "auto";
    const summary = find(this.root, "[data-summary]");
    summary.hidden = !this.#needsPlace();
    find(this.root, "[data-summary-words]").textContent = summaryOf(this.geometry);
  }

  /** @param {HTMLFormElement} form */
  #prepare(form) {
    const input = form.elements.namedItem("photos");
    if (input instanceof HTMLInputElement)
      this.photos.set(form.dataset.form ?? "", new PhotoChoice(input, this.events.announce));
    enhanceRankings(form);
    new LiveQuestions(form);
    const text = form.elements.namedItem("text");
    if (this.config.isPublic && !this.config.isPreview && text instanceof HTMLTextAreaElement)
      new Similar(text, this.config.urls, this.events.announce);
    form.addEventListener("input", () => this.#keep());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(form);
    });
  }

  #keep() {
    const form = this.#form();
    if (!this.category || !form) return;
    this.drafts.keep({
      id: this.id,
      category: this.category.slug,
      geometry: this.geometry,
      zoom: this.zoom,
      values: readValues(form),
      savedAt: 0,
    });
  }

  /** @param {HTMLFormElement} form */
  async #send(form) {
    if (!this.category || form.classList.contains("is-busy")) return;
    clearProblems(form);
    this.#keep();
    this.#busy(form, true);
    try {
      const feature = await send(this.config.urls.contributions, "POST", {
        type: "Feature",
        id: this.id,
        geometry: this.geometry,
        properties: {
          category: this.category.slug,
          text: String(new FormData(form).get("text") ?? ""),
          answers: readAnswers(form, this.category.questions),
          ...(this.zoom === null ? {} : { zoom: this.zoom }),
        },
      });
      const photoProblem = await this.#sendPhotos();
      this.drafts.forget();
      this.#thank(feature, photoProblem);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#explain(form, error);
    } finally {
      this.#busy(form, false);
    }
  }

  /** @returns {Promise<string>} why a photo was not taken, empty when all were */
  async #sendPhotos() {
    const files = this.photos.get(this.category?.slug ?? "")?.files ?? [];
    const url = `${this.config.urls.contributions}${this.id}/photos/`;
    let problem = "";
    for (const file of files) {
      try {
        await send(url, "POST", await shrink(file));
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        problem = error.errors[0]?.detail ?? error.detail;
      }
    }
    return problem;
  }

  /**
   * @param {HTMLFormElement} form
   * @param {ApiProblem} error
   */
  #explain(form, error) {
    const place = error.errors.find(({ field }) => field === "geometry" || field === "zoom");
    if (place && this.#needsPlace()) {
      this.#show("place", place.detail);
      return;
    }
    const homeless = showProblems(form, error.errors);
    if (error.isTemporary) {
      const words = error.retryAfter
        ? interpolate(gettext("Please wait %s seconds and send again."), [String(error.retryAfter)])
        : gettext("What you entered is kept on this device; you can send it again.");
      sayAbove(form, `${error.detail} ${words}`);
    } else if (homeless.length > 0 || error.errors.length === 0) {
      sayAbove(form, homeless[0]?.detail ?? error.detail);
    } else {
      this.events.announce(error.errors.map(({ detail }) => detail).join(" "));
    }
  }

  /**
   * @param {any} feature
   * @param {string} photoProblem
   */
  #thank(feature, photoProblem) {
    const link = /** @type {HTMLInputElement} */ (find(this.root, "[data-private-link]"));
    const url = feature.edit_url ?? feature.properties?.edit_url ?? "";
    link.value = url ? new URL(url, location.href).href : "";
    /** @type {HTMLElement} */ (link.closest(".field")).hidden = !url;
    const warning = find(this.root, "[data-done-photos]");
    warning.hidden = !photoProblem;
    find(warning, "span").textContent = photoProblem
      ? `${gettext("A photo could not be stored.")} ${photoProblem} ${gettext("You can add it again with your private link.")}`
      : "";
    this.#show("done");
    this.events.onStored(feature);
  }

  async #copy() {
    const link = /** @type {HTMLInputElement} */ (find(this.root, "[data-private-link]"));
    const button = find(this.root, "[data-do='copy']");
    const words = find(button, "span");
    link.select();
    try {
      await navigator.clipboard.writeText(link.value);
    } catch {
      return; // The link is selected: copying by hand works.
    }
    const before = words.textContent;
    words.textContent = button.dataset.copied ?? before;
    this.events.announce(words.textContent ?? "");
    setTimeout(() => {
      words.textContent = before;
    }, 2500);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {boolean} busy
   */
  #busy(form, busy) {
    form.classList.toggle("is-busy", busy);
    const button = /** @type {HTMLButtonElement} */ (find(form, "button[type='submit']"));
    button.disabled = busy;
    button.textContent = busy ? gettext("Sending …") : gettext("Send");
  }

  #form() {
    return this.#forms().find((form) => form.dataset.form === this.category?.slug) ?? null;
  }

  /** @returns {HTMLFormElement[]} */
  #forms() {
    return /** @type {HTMLFormElement[]} */ ([...this.root.querySelectorAll("form[data-form]")]);
  }

  /**
   * @param {string} name
   * @param {() => void} action
   */
  #on(name, action) {
    find(this.root, `[data-do='${name}']`).addEventListener("click", action);
  }
}

/** @param {import("geojson").Geometry | null} geometry */
function summaryOf(geometry) {
  if (!geometry) return gettext("No place chosen");
  if (geometry.type === "LineString") return gettext("Your line is drawn.");
  if (geometry.type === "Polygon") return gettext("Your area is drawn.");
  return gettext("Your place is marked.");
}
