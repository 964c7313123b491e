/**
 * `<ballot-form>`: helps to fill in the ballot that the server rendered. It sums up what is used of the limit, adds
 * buttons to fields of points, and makes a list to sort of the ranks. The server checks everything again.
 */

import { enhanceRankings } from "../../mapping/js/questions/ranking.js";
import { usedOf, wordsOf } from "./ballot-sum.js";

/** Longest pause after which a sum is spoken that changed, in milliseconds. */
const PAUSE = 400;

class BallotForm extends HTMLElement {
  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    enhanceRankings(this.form);
    for (const field of this.querySelectorAll("[data-points]")) addSteps(/** @type {HTMLElement} */ (field));
    this.sum = /** @type {HTMLElement | null} */ (this.querySelector("[data-sum]"));
    if (this.sum) {
      this.sum.hidden = false;
      this.form.addEventListener("input", () => this.#draw());
      this.form.addEventListener("reset", () => setTimeout(() => this.#draw()));
      this.#draw();
    }
    // Enter in a field of points means "done with this field", not "send".
    this.form.addEventListener("keydown", (event) => {
      const isNumber = event.target instanceof HTMLInputElement && event.target.type === "number";
      if (event.key === "Enter" && isNumber) event.preventDefault();
    });
    const problems = document.querySelector("[data-problems]");
    if (problems instanceof HTMLElement) problems.focus();
    this.classList.add("is-ready");
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  #draw() {
    const { sum } = this;
    if (!sum) return;
    const unit = /** @type {"points" | "euros" | "choices"} */ (sum.dataset.sum);
    const most = Number(sum.dataset.most);
    const used = usedOf(unit, [...this.querySelectorAll("[data-option]")].map(readOption));
    const bar = /** @type {HTMLProgressElement} */ (sum.querySelector("progress"));
    const text = /** @type {HTMLElement} */ (sum.querySelector("[data-sum-words]"));
    const words = wordsOf(unit, used, most);
    bar.value = Math.min(used, most);
    bar.setAttribute("aria-valuetext", words);
    sum.classList.toggle("is-over", used > most);
    // A live region speaks whenever its text is set: once after several quick steps.
    clearTimeout(this.timer);
    const isFirst = text.textContent === "";
    this.timer = setTimeout(
      () => {
        if (text.textContent !== words) text.textContent = words;
      },
      isFirst ? 0 : PAUSE,
    );
  }
}

/** @param {Element} element */
function readOption(element) {
  const number = element.querySelector("input[type='number']");
  return {
    cost: Number(element.getAttribute("data-cost") ?? 0),
    points: number instanceof HTMLInputElement ? Math.max(0, Math.trunc(Number(number.value) || 0)) : 0,
    isChosen: element.querySelector("input[name='choice']:checked") !== null,
  };
}

/**
 * Buttons that take a point away and add one, beside the field.
 * @param {HTMLElement} field
 */
function addSteps(field) {
  const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
  const title = input.dataset.title ?? "";
  const less = stepButton("−", interpolate(gettext("One point less: %s"), [title]));
  const more = stepButton("+", interpolate(gettext("One point more: %s"), [title]));
  const draw = () => {
    less.disabled = !(Number(input.value) > 0);
    more.disabled = Number(input.value) >= Number(input.max);
  };
  /** @param {number} by */
  const step = (by) => {
    const value = Math.min(Math.max((Number(input.value) || 0) + by, 0), Number(input.max));
    input.value = value ? String(value) : "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    // A button that was switched off lets the focus go.
    if (less.disabled && by < 0) more.focus();
    if (more.disabled && by > 0) less.focus();
  };
  less.addEventListener("click", () => step(-1));
  more.addEventListener("click", () => step(1));
  input.addEventListener("input", draw);
  input.before(less);
  input.after(more);
  draw();
}

/**
 * @param {string} sign
 * @param {string} label
 */
function stepButton(sign, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--icon";
  button.textContent = sign;
  button.setAttribute("aria-label", label);
  return button;
}

customElements.define("ballot-form", BallotForm);
