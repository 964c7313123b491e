/** The words and buttons of the step in which a place is chosen. */

import { find } from "../site/elements.js";
import { outsideWords, titleOf, tooFarWords, wordsOf } from "./place-hints.js";

/**
 * @typedef {object} PlaceState
 * @property {import("../place.js").Kind} kind
 * @property {boolean} isChosen
 * @property {boolean} isOutside what is chosen, or lies under the cross
 * @property {boolean} isTooFar the map shows too much to place anything
 * @property {boolean} isFarAway it shows too much to take what lies under the cross
 * @property {import("../map/drawing.js").Drawing | null} drawing
 * @property {string} note what is to be known until the map is touched
 */

/**
 * Whether the next press zooms in only.
 * @param {PlaceState} state
 */
function zoomsInFirst({ kind, isChosen, isOutside, isTooFar, isFarAway }) {
  return isTooFar || (kind === "point" && (!isChosen || isOutside) && isFarAway);
}

export class PlacePanel {
  /**
   * @param {HTMLElement} root the step's element
   * @param {{announce: (words: string) => void, onKind: (kind: import("../place.js").Kind) => void}} events
   */
  constructor(root, events) {
    this.root = root;
    this.events = events;
    this.announce = events.announce;
    this.problem = find(root, "[data-place-problem]");
    this.kinds = find(root, "[data-kinds]");
    this.next = /** @type {HTMLButtonElement} */ (find(root, "[data-do='next']"));
    /** @type {Map<string, import("../place.js").Geometry>} what was marked, by kind of place */
    this.marked = new Map();
    this.wasTooFar = false;
    this.wasFarAway = false;
    for (const choice of this.#kindChoices()) {
      choice.addEventListener("change", () =>
        events.onKind(/** @type {import("../place.js").Kind} */ (choice.getAttribute("data-kind"))),
      );
    }
  }

  /**
   * @param {string} name
   * @param {() => void} action
   */
  on(name, action) {
    this.button(name).addEventListener("click", action);
  }

  /** @param {string} name @returns {HTMLButtonElement} */
  button(name) {
    return /** @type {HTMLButtonElement} */ (find(this.root, `[data-do='${name}']`));
  }

  /**
   * Another kind is chosen. Arrow keys pass by kinds on their way: what was marked comes back with its kind.
   * @param {import("../place.js").Kind | "none"} kind
   * @param {import("../place.js").Geometry} geometry what is marked now
   * @param {import("../place.js").Kind} next
   * @returns {import("../place.js").Geometry}
   */
  exchange(kind, geometry, next) {
    this.marked.set(kind, geometry);
    return this.marked.get(next) ?? null;
  }

  /** @param {string[]} types that the category allows; nothing is marked yet */
  offerKinds(types) {
    this.marked.clear();
    this.kinds.hidden = types.length < 2;
    for (const choice of this.#kindChoices()) choice.hidden = !types.includes(choice.getAttribute("data-kind") ?? "");
  }

  /** @param {import("../place.js").Kind} kind */
  chooseKind(kind) {
    for (const choice of this.#kindChoices()) {
      const input = /** @type {HTMLInputElement} */ (find(choice, "input"));
      input.checked = choice.getAttribute("data-kind") === kind;
    }
  }

  /** @param {PlaceState} state */
  show(state) {
    const { kind, isChosen, isOutside, isTooFar, drawing, note } = state;
    const isFarAway = zoomsInFirst(state);
    find(this.root, "[data-where-title]").textContent = titleOf(kind);
    const hint = isTooFar ? tooFarWords() : wordsOf(kind, isChosen, drawing?.count ?? 0);
    find(this.root, "[data-hint]").textContent = hint;
    if (isTooFar && !this.wasTooFar) this.events.announce(hint);
    else if (this.wasFarAway && !isFarAway && !isChosen)
      this.events.announce(gettext("Near enough: now you can mark the place."));
    this.wasTooFar = isTooFar;
    this.wasFarAway = isFarAway;
    find(this.root, ".place__find").hidden = kind === "none";
    this.button("area").hidden = !isOutside;
    this.button("follow").hidden = !drawing?.canFollow || drawing.isFinished;
    this.#showTools(drawing);
    this.#complain(isOutside ? outsideWords() : note);
    this.#nameNext(state);
  }

  /** @param {import("../map/drawing.js").Drawing | null} drawing */
  #showTools(drawing) {
    find(this.root, "[data-tools]").hidden = drawing === null;
    if (!drawing) return;
    this.button("add").hidden = drawing.isFinished;
    this.button("add").disabled = !drawing.isReady;
    this.button("undo").disabled = drawing.count === 0;
    this.button("again").disabled = drawing.count === 0;
  }

  /** @param {PlaceState} state */
  #nameNext(state) {
    const { kind, isChosen, isOutside, drawing } = state;
    const isReady = isChosen && !isOutside;
    if (zoomsInFirst(state)) this.next.textContent = gettext("Zoom in first");
    else if (kind === "point" && !isReady) this.next.textContent = gettext("Place here and continue");
    else if (drawing && !drawing.isFinished) this.next.textContent = gettext("Finish drawing");
    else this.next.textContent = gettext("Continue");
    this.next.disabled = drawing !== null && (drawing.isFinished ? !isReady : !drawing.canFinish);
  }

  /** @param {string} words */
  #complain(words) {
    if (this.problem.textContent !== words) {
      this.problem.textContent = words;
      if (words) this.events.announce(words);
    }
    this.problem.hidden = !words;
  }

  /** @returns {HTMLElement[]} */
  #kindChoices() {
    return /** @type {HTMLElement[]} */ ([...this.kinds.querySelectorAll("[data-kind]")]);
  }
}
