/** The card that says what is in a cell: the one under the pointer, else the chosen one; buttons walk by rank. */

import { formatted } from "./words.js";

/** @typedef {import("./cells.js").CellSet<any>} AnyCells */
/**
 * @typedef {object} CellCardOptions
 * @property {(id: string, centre: boolean) => void} onSelect an empty id: none
 */

export class CellCard {
  /** @type {AnyCells | null} */
  #set = null;
  /** @type {(cell: any) => string} */
  #describe = () => "";
  #selected = -1;

  /** @param {HTMLElement} element @param {CellCardOptions} options */
  constructor(element, { onSelect }) {
    this.element = element;
    this.onSelect = onSelect;
    this.#button("previous")?.addEventListener("click", () => this.#walk(-1));
    this.#button("next")?.addEventListener("click", () => this.#walk(1));
    this.#button("close")?.addEventListener("click", () => this.pick(-1));
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement | null} */ (this.element.querySelector(`[data-card-${name}]`));
  }

  /**
   * Other cells: keep the chosen one where it is still there.
   * @param {AnyCells} set
   * @param {(cell: any) => string} describe
   * @param {string} wanted id from the address
   */
  show(set, describe, wanted) {
    this.#set = set;
    this.#describe = describe;
    this.element.hidden = set.cells.length === 0;
    this.#choose(set.byId(wanted), false);
  }

  /** Where nothing is shown. */
  hide() {
    this.#set = null;
    this.#selected = -1;
    this.element.hidden = true;
  }

  /** @param {number} position -1: none */
  hover(position) {
    this.#write(position >= 0 ? position : this.#selected);
  }

  /** @param {number} position */
  pick(position) {
    this.#choose(position, false);
  }

  /** @param {number} distance */
  #walk(distance) {
    const count = this.#set?.cells.length ?? 0;
    const next = this.#selected < 0 && distance < 0 ? count - 1 : this.#selected + distance;
    this.#choose((next + count) % count, true);
  }

  /** @param {number} position @param {boolean} centre */
  #choose(position, centre) {
    this.#selected = position;
    this.#write(position);
    this.onSelect(this.#set?.cells[position]?.shape.id ?? "", centre);
  }

  /** @param {number} position */
  #write(position) {
    const cell = this.#set?.cells[position];
    const words = this.element.querySelector("[data-card-words]");
    const where = this.element.querySelector("[data-card-where]");
    const close = this.#button("close");
    if (!words || !where || !this.#set) return;
    if (close) close.hidden = this.#selected < 0;
    if (!cell) {
      words.textContent = gettext("Point at a cell or tap it");
      where.textContent = gettext("or walk from the fullest one with the arrows");
      return;
    }
    words.textContent = this.#describe(cell);
    const rank = interpolate(gettext("Rank %s of %s"), [formatted(position + 1), formatted(this.#set.cells.length)]);
    where.textContent = `${rank} · ${cell.shape.name}`;
  }
}
