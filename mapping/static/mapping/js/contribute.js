/**
 * Contributing, step by step: topic, place, details. Sends through the API with an id made here, so that the same
 * contribution sent twice is stored once; keeps a draft until the server has it, and then goes to the page that thanks.
 *
 * Each step is an entry of the browser's history (`history.state.step`): the phone's back button goes one step back,
 * and forms keep what is typed, because none of them leaves the page.
 */

import { v7 as newId } from "uuid";
import { Ending } from "./contributing/ending.js";
import { kindOf, summaryOf } from "./contributing/place-hints.js";
import { explain } from "./contributing/sending.js";
import { Similar } from "./contributing/similar.js";
import { openTopicOf, stepBefore, stepsOf, topicOf, wordsOf } from "./contributing/steps.js";
import { drawSteps, remember } from "./contributing/trail.js";
import { Drafts } from "./draft.js";
import { carryText, clearProblems, readAnswers, readValues, writeValues } from "./form.js";
import { PhotoChoice } from "./photos.js";
import { PlaceStep } from "./place.js";
import { LiveQuestions } from "./questions/live.js";
import { enhanceRankings } from "./questions/ranking.js";
import { ApiProblem } from "./site/api.js";
import { find } from "./site/elements.js";

/** @typedef {import("./contributing/steps.js").Step} Step */
/** @typedef {import("./campaign.js").CategoryConfig} CategoryConfig */
/** @typedef {import("./draft.js").Draft} Draft */

export class Contribute {
  /**
   * @param {HTMLElement} root
   * @param {import("./map/map.js").BaseMap | null} base null for campaigns without a map
   * @param {import("./campaign.js").Config} config
   * @param {import("./draft.js").Drafts} drafts of the campaign
   * @param {{onStep: (step: Step | null) => void, announce: (words: string) => void}} events onStep(null): left
   */
  constructor(root, base, config, drafts, events) {
    this.root = root;
    this.base = base;
    this.config = config;
    this.events = events;
    this.drafts = drafts;
    this.ending = new Ending(root, config, {
      show: (step) => this.#show(step, "stay"),
      onGone: () => this.#sent(),
      onClose: () => this.close(),
      announce: events.announce,
    });
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
    /** What was written for a topic that was closed meanwhile: it goes along to the one that is chosen. */
    this.homelessText = "";
    this.isKept = true;
    this.place = base
      ? new PlaceStep(find(root, "[data-step='place']"), base, config, {
          announce: events.announce,
          onDone: (geometry, zoom) => this.#placed(geometry, zoom),
          onWords: () => this.#drawSummary(),
        })
      : null;
    /** @type {Map<string, PhotoChoice>} */
    this.photos = new Map();
    for (const form of this.#forms()) this.#prepare(form);
    for (const button of root.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", () => this.#choose(button.getAttribute("data-choose") ?? ""));
    }
    this.#on("cancel", () => this.leave());
    this.#on("step-back", () => this.#goBack());
    this.#on("back", () => this.#goBack());
    this.#on("forget", () => this.#forget());
    this.#on("another", () => this.begin());
    this.#on("leave-waiting", () => this.leave());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#isOver) this.leave();
    });
  }

  /** A new contribution. */
  begin() {
    this.id = newId();
    this.drafts.claim(this.id);
    this.#empty();
    this.category = topicOf(location.search, this.open);
    this.place?.prepare();
    this.#show(this.category ? this.#firstAfterTopic() : "category", "replace");
  }

  #empty() {
    this.geometry = null;
    this.zoom = null;
    for (const form of this.#forms()) {
      form.reset();
      clearProblems(form);
    }
    for (const choice of this.photos.values()) choice.clear();
    this.#tellWhetherKept(true);
    this.homelessText = "";
    find(this.root, "[data-copy-note]").hidden = true;
    find(this.root, "[data-closed-note]").hidden = true;
    this.ending.offer(false);
  }

  /**
   * Go on with a draft; with a copy of it where another tab does so already.
   * @param {Draft} draft
   */
  async resume(draft) {
    const isOwner = await this.drafts.claim(draft.id);
    this.id = isOwner ? draft.id : newId();
    if (!isOwner) this.drafts.claim(this.id);
    this.#empty();
    this.category = openTopicOf(draft, this.open);
    this.geometry = draft.geometry;
    this.zoom = draft.zoom;
    const form = this.#form();
    if (form) writeValues(form, draft.values);
    else if (this.open.length > 0) {
      this.#chooseAnew(draft);
      return;
    }
    this.ending.departure.restorePhotos(draft.id, this.#photoChoice);
    const isPlaced = this.geometry !== null || !this.#needsPlace();
    // Drawn first, so that it lies on the map while the details are filled in.
    if (this.geometry && this.category) this.place?.start(this.category, this.geometry);
    this.#show(isPlaced ? "details" : "place", "replace");
    if (isOwner) return;
    const note = find(this.root, "[data-copy-note]");
    note.hidden = false;
    this.events.announce(note.textContent?.trim() ?? "");
  }

  /**
   * The topic of a draft takes no contributions any more.
   * @param {Draft} draft
   */
  #chooseAnew(draft) {
    this.homelessText = wordsOf(draft);
    const note = find(this.root, "[data-closed-note]");
    note.hidden = false;
    this.#show("category", "replace");
    this.events.announce(note.textContent?.trim() ?? "");
  }

  /** The browser's history leads here, or the address was typed or loaded again. */
  enter() {
    const { step, draft = new URLSearchParams(location.search).get("draft") } = history.state ?? {};
    if (this.step && !this.#isOver && draft === this.id) {
      const isPossible = step !== "details" || this.geometry !== null || !this.#needsPlace();
      if (this.category || step === "category") return this.#show(isPossible ? step : "place", "stay");
    }
    const known = draft ? this.drafts.read(draft) : null;
    if (known && (openTopicOf(known, this.open) || (this.open.length > 0 && wordsOf(known)))) this.resume(known);
    else this.begin();
  }

  /** Back to the campaign; what was typed stays as a draft. */
  leave() {
    this.close();
    this.events.onStep(null);
  }

  /** The campaign shows something else. */
  close() {
    this.place?.stop();
    this.drafts.free();
    this.step = null;
  }

  /** Leave, and nothing of what was typed or marked stays in this browser. */
  #forget() {
    this.#empty();
    this.drafts.forget(this.id);
    this.ending.departure.forget(this.id);
    this.leave();
    this.events.announce(gettext("What you entered is deleted from this device."));
  }

  /** @param {string} slug */
  #choose(slug) {
    const before = this.#form();
    const photos = this.#photoChoice;
    this.category = this.open.find((one) => one.slug === slug) ?? null;
    if (this.geometry && !this.category?.geometryTypes.includes(kindOf(this.geometry))) this.geometry = null;
    const after = this.#form();
    if (before && after && before !== after) carryText(before, after);
    const text = after?.elements.namedItem("text");
    if (this.homelessText && text instanceof HTMLTextAreaElement && !text.value) {
      text.value = this.homelessText;
      this.homelessText = "";
    }
    if (photos && photos !== this.#photoChoice) this.#photoChoice?.takeOver(photos);
    this.#show(this.#firstAfterTopic(), "push");
  }

  /**
   * @param {import("geojson").Geometry | null} geometry
   * @param {number | null} zoom
   */
  #placed(geometry, zoom) {
    this.geometry = geometry;
    this.zoom = zoom;
    this.#keep();
    this.#show("details", "push");
  }

  /** @returns {Step} */
  #firstAfterTopic() {
    return this.#needsPlace() ? "place" : "details";
  }

  #needsPlace() {
    return this.base !== null && (this.category?.geometryTypes ?? []).some((type) => type !== "none");
  }

  get #steps() {
    const needsPlace = this.category ? this.#needsPlace() : this.base !== null;
    return stepsOf({ topics: this.open.length, needsPlace });
  }

  /** One step back: in the browser's history where it holds that step, else in its place. */
  #goBack() {
    const target = stepBefore(this.#steps, this.step);
    if (!target) this.leave();
    else if (history.state?.from === target) history.back();
    else this.#show(target, "replace");
  }

  /**
   * @param {Step} step
   * @param {import("./contributing/trail.js").Trail} trail
   * @param {string} [problem] why the server did not take the place
   */
  #show(step, trail, problem = "") {
    remember(step, trail, { id: this.id, from: this.step });
    this.step = step;
    for (const section of this.root.querySelectorAll("[data-step]")) {
      /** @type {HTMLElement} */ (section).hidden = section.getAttribute("data-step") !== step;
    }
    find(this.root, ".place__head").hidden = this.#isOver;
    const steps = this.#steps;
    drawSteps(find(this.root, "[data-steps]"), steps, step);
    find(this.root, "[data-do='step-back']").hidden = stepBefore(steps, step) === null;
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

  #drawDetails() {
    for (const form of this.#forms()) form.hidden = form.dataset.form !== this.category?.slug;
    const title = find(this.root, "[data-details-title]");
    title.textContent = this.category?.title ?? "";
    if (this.category) title.lang = this.category.language;
    title.dir = "auto";
    find(this.root, "[data-summary]").hidden = !this.#needsPlace();
    this.#drawSummary();
  }

  #drawSummary() {
    const words = summaryOf(this.geometry, this.place?.where.words ?? "");
    find(this.root, "[data-summary-words]").textContent = words;
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
    // Browsers that fill fields in by themselves tell of a change only.
    for (const name of ["input", "change"]) form.addEventListener(name, () => this.#keep());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(form);
    });
  }

  #keep() {
    const form = this.#form();
    if (!this.category || !form || this.step === null) return null;
    const { id, geometry, zoom } = this;
    const draft = { id, category: this.category.slug, geometry, zoom, values: readValues(form), savedAt: 0 };
    this.#tellWhetherKept(this.drafts.keep(draft));
    return draft;
  }

  /** @param {boolean} isKept whether this device holds a copy of what the page holds */
  #tellWhetherKept(isKept) {
    const note = find(this.root, "[data-not-kept]");
    note.hidden = isKept;
    find(this.root, "[data-kept]").hidden = !isKept;
    if (this.isKept && !isKept) this.events.announce(note.textContent?.trim() ?? "");
    this.isKept = isKept;
  }

  /** @param {HTMLFormElement} form */
  async #send(form) {
    if (!this.category || form.classList.contains("is-busy")) return;
    clearProblems(form);
    const draft = this.#keep();
    if (!draft) return;
    this.#busy(form, true);
    try {
      const properties = {
        category: this.category.slug,
        text: String(new FormData(form).get("text") ?? ""),
        answers: readAnswers(form, this.category.questions),
        ...(this.zoom === null ? {} : { zoom: this.zoom }),
      };
      await this.ending.send(draft, { title: this.category.title, properties, photos: this.#photoChoice });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#explain(form, error);
    } finally {
      this.#busy(form, false);
    }
  }

  /** The site has it, or this device keeps it: the draft is of no more use. */
  #sent() {
    this.drafts.forget(this.id);
    this.drafts.free();
  }

  /**
   * @param {HTMLFormElement} form
   * @param {ApiProblem} error
   */
  #explain(form, error) {
    const place = error.errors.find(({ field }) => field === "geometry" || field === "zoom");
    if (place && this.#needsPlace()) {
      this.#show("place", "replace", place.detail);
      return;
    }
    // Drafts hold words, no photos; of protected campaigns they go with the tab.
    const isKept = this.isKept && this.config.isPublic && !this.#photoChoice?.chosen.length;
    explain(form, error, { isKept, announce: this.events.announce });
    this.ending.offer();
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

  get #isOver() {
    return this.step === "done" || this.step === "waiting";
  }

  get #photoChoice() {
    return this.photos.get(this.category?.slug ?? "");
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
