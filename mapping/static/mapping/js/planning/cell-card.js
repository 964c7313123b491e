/** The card that says what is in a cell: the one under the pointer, else the chosen one; buttons walk by rank. */

import { idOf } from "./cells.js";

/**
 * @typedef {object} CellCardOptions
 * @property {(cell: import("./cells.js").Cell | null, centre: boolean) => void} onSelect
 */

export class CellCard {
  /** @type {import("./cells.js").CellSet | null} */
  #set = null;
  #selected = -1;

  /** @param {HTMLElement} element @param {CellCardOptions} options */
  constructor(element, { onSelect }) {
    this.element = element;
    this.onSelect = onSelect;
    this.#button("previous")?.addEventListener("click", () => this.#walk(-1));
    this.#button("next")?.addEventListener("click", () => this.#walk(1));
    this.#button("close")?.addEventListener("click", () => this.#choose(-1, false));
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement | null} */ (this.element.querySelector(`[data-card-${name}]`));
  }

  /**
   * Other cells: keep the chosen one where it is still there.
   * @param {import("./cells.js").CellSet} set
   * @param {string} wanted id from the address
   */
  show(set, wanted) {
    this.#set = set;
    this.element.hidden = set.cells.length === 0;
    this.#choose(set.byId(wanted), false);
  }

  /** @param {number} position -1: none */
  hover(position) {
    this.#write(position >= 0 ? position : this.#selected);
  }

  /** @param {number} position */
  pick(position) {
    this.#choose(position, false);
  }

  selectedId() {
    const cell = this.#set?.cells[this.#selected];
    return cell && this.#set ? idOf(cell, this.#set.size) : "";
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
    this.onSelect(this.#set?.cells[position] ?? null, centre);
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
    const contributions = ngettext("%s contribution", "%s contributions", cell.contributions);
    const participants = ngettext("%s participant", "%s participants", cell.participants);
    const counted = [interpolate(contributions, [formatted(cell.contributions)])];
    if (this.#set.knowsPeople) counted.push(interpolate(participants, [formatted(cell.participants)]));
    words.textContent = counted.join(" · ");
    const rank = interpolate(gettext("Rank %s of %s"), [formatted(position + 1), formatted(this.#set.cells.length)]);
    where.textContent = `${rank} · ${idOf(cell, this.#set.size)}`;
  }
}

/** @param {number} value */
export function formatted(value) {
  return new Intl.NumberFormat(document.documentElement.lang || "de").format(value);
}
