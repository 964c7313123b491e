/**
 * `<survey-form>`: makes steps of the survey that the server rendered. Phones show one question a time, wide screens a
 * section. What is entered is kept as a draft until the server has it; the form carries the response's id, so that
 * sending it again stores it once.
 */

import { inTime, LIMITS } from "./contributing/sending.js";
import { DraftKeeper } from "./draft.js";
import { clearProblems, readValues, showProblems, writeValues } from "./form.js";
import { find } from "./place.js";
import { LiveQuestions } from "./questions/live.js";
import { enhanceRankings } from "./questions/ranking.js";
import { canProve, fetchProving } from "./site/proof.js";
import { progressOf, screenOf, screensOf, shownScreens } from "./survey/screens.js";

/** Where the header of the site, the question and its answers fit side by side with others. */
const WIDE = matchMedia("(width >= 768px)");

class SurveyForm extends HTMLElement {
  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (find(this, "form"));
    this.elements = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[data-step]")]);
    const sections = [...this.querySelectorAll("[data-section]")];
    /** @type {import("./survey/screens.js").Step[]} */
    this.steps = this.elements.map((element) => ({
      section: sections.findIndex((section) => section.contains(element)),
      notes: slugsIn(element, "[data-kind='note']"),
      question: slugsIn(element, "[data-question]:not([data-kind='note'])")[0] ?? null,
    }));
    this.step = 0;
    this.leaving = new AbortController();
    enhanceRankings(this.form);
    this.#keepDraft();
    this.live = new LiveQuestions(this.form, () => this.#draw());
    this.#listen();
    this.#begin();
    this.classList.add("is-ready");
  }

  disconnectedCallback() {
    this.leaving?.abort();
  }

  /** A draft is begun or continued, unless the answers are on the server already. */
  #keepDraft() {
    const { keeps, slug = "" } = this.dataset;
    /** @type {DraftKeeper<import("./draft.js").SurveyDraft>} */
    const keeper = new DraftKeeper(slug, keeps === "browser", "survey");
    if (keeps === "nothing") {
      keeper.forget();
      return;
    }
    this.keeper = keeper;
  }

  #listen() {
    const form = /** @type {HTMLFormElement} */ (this.form);
    const { signal } = /** @type {AbortController} */ (this.leaving);
    form.addEventListener("input", ({ target }) => {
      const field = target instanceof Element ? target.closest(".field") : null;
      if (field) clearProblems(form, field);
      this.#keep();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#isLast) this.#send();
      else this.#next();
    });
    this.#on("next", () => this.#next());
    this.#on("back", () => this.#back());
    this.#on("forget", () => this.#forget());
    for (const link of this.querySelectorAll("[data-problems] a")) {
      link.addEventListener("click", (event) => {
        const target = document.getElementById((link.getAttribute("href") ?? "").slice(1));
        if (!target) return;
        event.preventDefault();
        this.#goTo(this.elements?.findIndex((element) => element.contains(target)) ?? 0, { push: true });
      });
    }
    WIDE.addEventListener("change", () => this.#draw(), { signal });
    addEventListener("popstate", (event) => this.#goTo(event.state?.survey ?? 0), { signal });
  }

  /** Where people begin: at the first question with an error, else where the draft was left, else at the start. */
  #begin() {
    const wrong = (this.elements ?? []).findIndex((element) => element.querySelector(".field--wrong"));
    if (this.querySelector("[data-problems]")) {
      this.step = Math.max(wrong, 0);
      this.#draw();
      find(this, "[data-problems]").focus();
    } else {
      const draft = this.keeper?.read();
      if (draft && this.form) writeValues(this.form, draft.values);
      find(this, "[data-restored]").hidden = !draft;
      this.step = Math.min(draft?.step ?? 0, (this.steps?.length ?? 1) - 1);
      this.#draw();
    }
    find(this, "[data-kept]").hidden = !this.keeper;
    history.replaceState({ survey: this.step }, "");
  }

  /** The screens on which something is shown. */
  get #screens() {
    const { steps = [], live } = this;
    const screens = screensOf(steps, WIDE.matches);
    const shown = shownScreens(screens, steps, live?.shown ?? new Set(steps.map(({ question }) => question ?? "")));
    return shown.length > 0 ? shown : screens.slice(0, 1);
  }

  get #isLast() {
    const screens = this.#screens;
    return screenOf(screens, this.step ?? 0) === screens.length - 1;
  }

  #draw() {
    const { elements, steps, live } = this;
    if (!elements || !steps || !live) return;
    const screens = this.#screens;
    const position = screenOf(screens, this.step ?? 0);
    const screen = screens[position];
    elements.forEach((element, index) => {
      element.hidden = !screen.includes(index) || !element.querySelector("[data-question]:not([hidden])");
    });
    for (const section of this.querySelectorAll("[data-section]")) {
      /** @type {HTMLElement} */ (section).hidden = !section.querySelector("[data-step]:not([hidden])");
    }
    find(this, "[data-do='back']").hidden = position === 0;
    find(this, "[data-do='next']").hidden = position === screens.length - 1;
    find(this, "[data-do='send']").hidden = position < screens.length - 1;
    this.#drawProgress(screens, position);
  }

  /**
   * @param {number[][]} screens
   * @param {number} position
   */
  #drawProgress(screens, position) {
    const { at, total } = progressOf(this.steps ?? [], this.live?.shown ?? new Set(), screens[position]);
    const words = WIDE.matches
      ? interpolate(gettext("Part %s of %s"), [position + 1, screens.length])
      : interpolate(gettext("%s of %s"), [Math.max(at, 1), total]);
    find(this, "[data-progress]").hidden = screens.length < 2;
    const text = find(this, "[data-progress-words]");
    // A live region speaks whenever its text is set.
    if (text.textContent !== words) text.textContent = words;
    const bar = /** @type {HTMLProgressElement} */ (find(this, "progress"));
    bar.max = Math.max(total, 1);
    bar.value = at;
  }

  #next() {
    const screens = this.#screens;
    const position = screenOf(screens, this.step ?? 0);
    if (!this.#check(screens[position])) return;
    if (position < screens.length - 1) this.#goTo(screens[position + 1][0], { push: true });
  }

  #back() {
    if (history.state?.inside) {
      history.back();
      return;
    }
    const screens = this.#screens;
    const position = screenOf(screens, this.step ?? 0);
    this.#goTo(screens[Math.max(position - 1, 0)][0]);
  }

  /**
   * @param {number} step
   * @param {{push?: boolean}} [options] whether the browser's back button leads back here
   */
  #goTo(step, { push = false } = {}) {
    find(this, "[data-restored]").hidden = true;
    this.step = Math.max(step, 0);
    const state = { survey: this.step, inside: push };
    if (push) history.pushState(state, "");
    this.#draw();
    this.#keep();
    this.#focus();
  }

  /** The focus moves to the heading or the question that is new. */
  #focus() {
    const screens = this.#screens;
    const screen = screens[screenOf(screens, this.step ?? 0)];
    const titles = screen.flatMap((index) => [
      ...(this.elements?.[index].querySelectorAll("h2[id], .field > [id$='_title']") ?? []),
    ]);
    const title = titles.find((one) => !one.closest("[hidden]"));
    if (!(title instanceof HTMLElement)) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    title.addEventListener("blur", () => title.removeAttribute("tabindex"), { once: true });
    this.scrollIntoView({ block: "start" });
  }

  /**
   * Whether the required questions of a screen are answered; others are marked.
   * @param {number[]} screen
   */
  #check(screen) {
    const { form, live, steps } = this;
    if (!form || !live || !steps) return true;
    clearProblems(form);
    const { answers } = live;
    const open = live.questions.filter(
      ({ slug, isRequired, element }) =>
        isRequired &&
        live.shown.has(slug) &&
        screen.some((index) => steps[index].question === slug) &&
        (answers[slug] === undefined || hasOpenRow(element)),
    );
    const problems = open.map(({ slug, element }) => ({
      field: `answers.${slug}`,
      code: "required",
      detail: hasOpenRow(element) ? gettext("Please judge every statement.") : gettext("Please answer this question."),
    }));
    showProblems(form, problems);
    this.#say(problems.map(({ detail }) => detail).join(" "));
    return problems.length === 0;
  }

  async #send() {
    const { form } = this;
    if (!form || this.isBusy) return;
    const screens = this.#screens;
    if (!this.#check(screens[screens.length - 1])) return;
    this.#keep();
    this.#busy(true);
    const answer = await this.#post(form).catch(() => null);
    if (answer?.address) {
      this.keeper?.forget();
      location.assign(answer.address);
      return;
    }
    if (answer) this.#refused(answer.html);
    else this.#lost(gettext("The connection failed. Your answers are still here; please send them again in a moment."));
    this.#busy(false);
  }

  /**
   * @param {HTMLFormElement} form
   * @returns {Promise<{address: string, html: string}>} the page that thanks, or the one with the reasons
   * @throws {Error} where the network fails, hangs, or answers itself
   */
  #post(form) {
    const headers = { Accept: "text/html", ...(canProve() ? { "Can-Prove": "1" } : {}) };
    const body = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]));
    const init = { method: "POST", credentials: /** @type {const} */ ("same-origin"), headers, body };
    const onSlow = () => this.#say(gettext("This takes longer than usual. Please leave this page open."));
    return inTime({ limit: LIMITS.words, onSlow }, async (signal) => {
      const response = await fetchProving(form.action, { ...init, signal });
      if (response.redirected && response.ok) return { address: response.url, html: "" };
      return { address: "", html: await response.text() };
    });
  }

  /**
   * The page with the reasons takes the place of this one.
   * @param {string} html
   */
  #refused(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = page.querySelector("survey-form");
    if (found) this.replaceWith(document.importNode(found, true));
    else this.#lost(gettext("Something went wrong on our side. Your answers are still here; please try again later."));
  }

  /** @param {string} words */
  #lost(words) {
    const box = find(this, "[data-lost]");
    find(box, "span").textContent = words;
    box.hidden = false;
  }

  /** @param {string} words */
  #say(words) {
    find(this, "[data-said]").textContent = words;
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.isBusy = busy;
    const button = /** @type {HTMLButtonElement} */ (find(this, "[data-do='send']"));
    button.disabled = busy;
    if (busy) find(this, "[data-lost]").hidden = true;
  }

  #keep() {
    const { form, keeper, step = 0 } = this;
    if (!form || !keeper) return;
    const values = readValues(form);
    this.#tellWhetherKept(keeper.keep({ id: values.id?.[0] ?? "", step, values, savedAt: 0 }));
  }

  /** @param {boolean} isKept whether this device holds a copy of what the page holds */
  #tellWhetherKept(isKept) {
    const note = find(this, "[data-not-kept]");
    const isNew = note.hidden && !isKept;
    note.hidden = isKept;
    find(this, "[data-kept] > span").hidden = !isKept;
    if (isNew) this.#say(note.textContent?.trim() ?? "");
  }

  /** Nothing of what was entered stays in this browser; a new page has a new id. */
  #forget() {
    this.keeper?.forget();
    this.keeper = undefined;
    location.reload();
  }

  /**
   * @param {string} name
   * @param {() => void} action
   */
  #on(name, action) {
    find(this, `[data-do='${name}']`).addEventListener("click", action);
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} selector
 */
function slugsIn(element, selector) {
  return [...element.querySelectorAll(selector)].map((one) => one.getAttribute("data-question") ?? "");
}

/** @param {HTMLElement} element */
function hasOpenRow(element) {
  return [...element.querySelectorAll(".matrix__row")].some((row) => !row.querySelector(":checked"));
}

customElements.define("survey-form", SurveyForm);
