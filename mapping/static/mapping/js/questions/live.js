/**
 * The questions of a form as the server rendered them (`[data-question]`): shows those whose condition holds, while
 * people answer. Without this the conditions stand beside the questions in words.
 */

import { readAnswers } from "../form.js";
import { shownOf } from "./conditions.js";

/**
 * @typedef {object} Question
 * @property {string} slug
 * @property {string} type of the answer in JSON, empty for notes
 * @property {string} kind
 * @property {boolean} isRequired
 * @property {import("./conditions.js").Condition} showIf
 * @property {HTMLElement} element
 */

export class LiveQuestions {
  /**
   * @param {HTMLFormElement} form
   * @param {() => void} [onChange] called after each change, and once at the start
   */
  constructor(form, onChange = () => {}) {
    this.form = form;
    this.onChange = onChange;
    /** @type {Question[]} */
    this.questions = [...form.querySelectorAll("[data-question]")].map((found) => {
      const element = /** @type {HTMLElement} */ (found);
      const { question = "", column = "", kind = "", showIf = "{}" } = element.dataset;
      const isRequired = "required" in element.dataset;
      return { slug: question, type: column, kind, isRequired, showIf: JSON.parse(showIf), element };
    });
    /** @type {Set<string>} */
    this.shown = new Set();
    for (const words of form.querySelectorAll("[data-condition]")) /** @type {HTMLElement} */ (words).hidden = true;
    form.addEventListener("input", () => this.update());
    form.addEventListener("change", () => this.update());
    form.addEventListener("restored", () => this.update());
    // The fields are emptied after the event.
    form.addEventListener("reset", () => setTimeout(() => this.update()));
    this.update();
  }

  /** The given answers in JSON, also those to hidden questions. */
  get answers() {
    return readAnswers(
      this.form,
      this.questions.filter(({ type }) => type !== ""),
    );
  }

  update() {
    this.shown = shownOf(this.questions, this.answers);
    for (const { slug, element } of this.questions) element.hidden = !this.shown.has(slug);
    this.onChange();
  }
}
