/**
 * `<survey-texts>`: texts of a survey ticked with the keyboard, many at a time.
 *
 * j, k: next, previous; x: select; t: to the tags. The keys work only while a text has the focus, so that they need
 * no switch (WCAG 2.2, 2.1.4 Character Key Shortcuts).
 */

class SurveyTexts extends HTMLElement {
  connectedCallback() {
    for (const part of this.querySelectorAll("[data-select-all], [data-keys]")) {
      /** @type {HTMLElement} */ (part).hidden = false;
    }
    this.querySelector("[data-select-all]")?.addEventListener("click", () => this.#tickAll());
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.addEventListener("change", () => this.#announceNumber());
  }

  /** @returns {HTMLInputElement[]} */
  #boxes() {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("[name=selected]"))];
  }

  #tickAll() {
    const boxes = this.#boxes();
    const isTicked = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !isTicked;
    this.#announceNumber();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.name !== "selected" || event.ctrlKey || event.metaKey || event.altKey) return;
    const boxes = this.#boxes();
    const position = boxes.indexOf(box);
    const action = {
      j: () => boxes[position + 1]?.focus(),
      k: () => boxes[position - 1]?.focus(),
      x: () => box.click(),
      t: () => /** @type {HTMLElement | null} */ (this.querySelector("[name=tags], [name=name]"))?.focus(),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  #announceNumber() {
    const place = this.querySelector("[data-announce]");
    const number = this.#boxes().filter((box) => box.checked).length;
    if (place) place.textContent = interpolate(ngettext("%s selected", "%s selected", number), [number]);
  }
}

customElements.define("survey-texts", SurveyTexts);
