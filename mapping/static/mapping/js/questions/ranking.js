/**
 * Rankings with buttons: choices are tapped in the order one likes, then moved up and down, or dragged. The lists to
 * unfold that stand there without JavaScript keep the values and are sent.
 */

import { makeButton } from "../site/elements.js";

/**
 * The order after one entry moved by some places; it stays within the list.
 * @param {string[]} order
 * @param {string} value
 * @param {number} by
 * @returns {string[]}
 */
export function moved(order, value, by) {
  const from = order.indexOf(value);
  const to = Math.min(Math.max(from + by, 0), order.length - 1);
  const others = order.filter((one) => one !== value);
  return from < 0 ? [...order] : [...others.slice(0, to), value, ...others.slice(to)];
}

/**
 * The ranking that lists hold: without gaps, each value once, the first counts.
 * @param {string[]} values
 * @returns {string[]}
 */
export function orderOf(values) {
  return [...new Set(values.filter((value) => value !== ""))];
}

/**
 * The place in a list where something is dragged to: behind all entries whose middle lies above the pointer.
 * @param {number[]} middles of the other entries, from above
 * @param {number} y of the pointer
 * @returns {number}
 */
export function placeAt(middles, y) {
  return middles.filter((middle) => middle < y).length;
}

/** @param {ParentNode} root */
export function enhanceRankings(root) {
  for (const element of root.querySelectorAll("[data-ranking]")) new Ranking(/** @type {HTMLElement} */ (element));
}

class Ranking {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    const lists = /** @type {HTMLElement} */ (root.querySelector("[data-selects]"));
    lists.hidden = true;
    this.selects = [...lists.querySelectorAll("select")];
    const options = [...this.selects[0].options].slice(1);
    this.titles = new Map(options.map(({ value, text }) => [value, text]));
    this.languages = new Map(options.filter(({ lang }) => lang).map(({ value, lang }) => [value, lang]));
    const hint = root.closest(".field")?.querySelector("[data-no-script]");
    if (hint) hint.textContent = gettext("Tap in your order, the best first. You can leave the rest open.");
    this.ranked = make("ol", "ranking__list");
    this.rest = make("ul", "ranking__rest");
    this.live = make("p", "visually-hidden");
    this.live.setAttribute("role", "status");
    root.append(this.ranked, this.rest, this.live);
    const form = this.selects[0].form;
    form?.addEventListener("reset", () => setTimeout(() => this.#read()));
    form?.addEventListener("restored", () => this.#read());
    this.#read();
  }

  #read() {
    this.order = orderOf(this.selects.map(({ value }) => value));
    this.#draw();
  }

  /**
   * @param {string[]} order
   * @param {string} value
   * @param {"up" | "down" | "rest"} button which gets the focus
   */
  #set(order, value, button) {
    this.order = order;
    this.selects.forEach((select, index) => {
      select.value = order[index] ?? "";
    });
    this.#draw();
    const entry = this.root.querySelector(`[data-value="${CSS.escape(value)}"]`);
    const wanted =
      entry?.querySelector(`[data-do="${button}"]:not(:disabled)`) ?? entry?.querySelector("button:enabled");
    if (wanted instanceof HTMLElement) wanted.focus();
    const place = order.indexOf(value) + 1;
    const words = place > 0 ? gettext("%s: rank %s of %s") : gettext("%s: not ranked");
    this.live.textContent = interpolate(
      words,
      [this.titles.get(value), place, order.length].slice(0, place > 0 ? 3 : 1),
    );
    this.selects[0].dispatchEvent(new Event("input", { bubbles: true }));
  }

  #draw() {
    const order = this.order ?? [];
    const isFull = order.length >= this.selects.length;
    this.ranked.hidden = order.length === 0;
    this.ranked.replaceChildren(
      ...order.map((value, index) => {
        const title = this.titles.get(value) ?? value;
        const entry = make("li", "ranking__entry");
        entry.dataset.value = value;
        const name = make("span", "ranking__title");
        name.textContent = title;
        this.#mark(name, value);
        name.dir = "auto";
        const buttons = make("span", "ranking__buttons");
        buttons.append(
          this.#button("up", "↑", gettext("Move up: %s"), title, index === 0, () =>
            this.#set(moved(order, value, -1), value, "up"),
          ),
          this.#button("down", "↓", gettext("Move down: %s"), title, index === order.length - 1, () =>
            this.#set(moved(order, value, 1), value, "down"),
          ),
          this.#button("out", "×", gettext("Remove from the ranking: %s"), title, false, () =>
            this.#set(
              order.filter((one) => one !== value),
              value,
              "rest",
            ),
          ),
        );
        entry.append(this.#handle(entry), name, buttons);
        return entry;
      }),
    );
    this.rest.replaceChildren(
      ...[...this.titles]
        .filter(([value]) => !order.includes(value))
        .map(([value, title]) => {
          const entry = make("li", "");
          entry.dataset.value = value;
          const button = this.#button("rest", title, gettext("Rank next: %s"), title, isFull, () =>
            this.#set([...order, value], value, "up"),
          );
          button.className = "choice choice--button";
          this.#mark(button, value);
          entry.append(button);
          return entry;
        }),
    );
  }

  /**
   * What an entry is dragged by, with a mouse or a finger; the buttons do the same by keyboard.
   * @param {HTMLElement} entry
   */
  #handle(entry) {
    const handle = make("span", "ranking__handle");
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      entry.classList.add("is-dragged");
      // The window hears of every move: an element that changes its place in the page loses the pointer.
      const dragging = new AbortController();
      const { signal } = dragging;
      addEventListener("pointermove", ({ clientY }) => this.#drag(entry, clientY), { signal });
      addEventListener("pointerup", () => this.#drop(entry, dragging), { signal });
      addEventListener("pointercancel", () => this.#drop(entry, dragging), { signal });
    });
    return handle;
  }

  /**
   * @param {HTMLElement} entry
   * @param {number} y of the pointer
   */
  #drag(entry, y) {
    const others = [...this.ranked.children].filter((one) => one !== entry);
    const middles = others.map((one) => {
      const { top, height } = one.getBoundingClientRect();
      return top + height / 2;
    });
    const next = others[placeAt(middles, y)] ?? null;
    if (next !== entry.nextElementSibling) this.ranked.insertBefore(entry, next);
  }

  /**
   * @param {HTMLElement} entry
   * @param {AbortController} dragging
   */
  #drop(entry, dragging) {
    dragging.abort();
    const order = [...this.ranked.children].map((one) => /** @type {HTMLElement} */ (one).dataset.value ?? "");
    this.#set(order, entry.dataset.value ?? "", "up");
  }

  /**
   * @param {HTMLElement} element with the title of a choice
   * @param {string} value
   */
  #mark(element, value) {
    const language = this.languages.get(value);
    if (language) element.lang = language;
  }

  /**
   * @param {string} action
   * @param {string} words
   * @param {string} label with the place of the title
   * @param {string} title
   * @param {boolean} isOff
   * @param {() => void} run
   */
  #button(action, words, label, title, isOff, run) {
    const button = makeButton("button button--icon", words, run);
    button.dataset.do = action;
    button.dir = "auto";
    button.setAttribute("aria-label", interpolate(label, [title]));
    button.disabled = isOff;
    return button;
  }
}

/**
 * @param {string} tag
 * @param {string} look
 */
function make(tag, look) {
  const element = document.createElement(tag);
  if (look) element.className = look;
  return element;
}
