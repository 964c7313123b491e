/** "You have begun 2 contributions": each to be continued or discarded. */

import { makeButton } from "../site/elements.js";
import { whenOf } from "../waiting/words.js";
import { wordsOf } from "./steps.js";

/** @typedef {import("../draft.js").Draft} Draft */

/** Letters of what was typed. */
const EXCERPT = 60;

export class DraftList {
  /**
   * @param {HTMLElement} root
   * @param {{titleOf: (draft: Draft) => string, onContinue: (draft: Draft) => void, onDiscard: (draft: Draft) => void}} events
   */
  constructor(root, events) {
    this.root = root;
    this.events = events;
  }

  /** @param {Draft[]} drafts newest first */
  show(drafts) {
    this.root.hidden = drafts.length === 0;
    this.root.replaceChildren();
    if (drafts.length === 1) this.root.append(this.#row(drafts[0], gettext("You have begun a contribution.")));
    if (drafts.length < 2) return;
    const list = document.createElement("ul");
    list.append(
      ...drafts.map((draft) => {
        const item = document.createElement("li");
        item.append(this.#row(draft, this.#describe(draft)));
        return item;
      }),
    );
    const title = document.createElement("summary");
    title.textContent = interpolate(gettext("You have begun %s contributions."), [String(drafts.length)]);
    const details = document.createElement("details");
    details.append(title, list);
    this.root.append(details);
  }

  /**
   * @param {Draft} draft
   * @param {string} words
   */
  #row(draft, words) {
    const row = document.createElement("div");
    row.className = "campaign__draft";
    const what = document.createElement("span");
    what.dir = "auto";
    what.textContent = words;
    const proceed = makeButton("button button--small", gettext("Continue"), () => this.events.onContinue(draft));
    const discard = makeButton("button button--small button--quiet", gettext("Discard"), () =>
      this.events.onDiscard(draft),
    );
    for (const one of [proceed, discard]) one.setAttribute("aria-description", this.#describe(draft));
    row.append(what, proceed, discard);
    return row;
  }

  /** @param {Draft} draft */
  #describe(draft) {
    return [this.events.titleOf(draft), excerptOf(draft), whenOf(draft.savedAt)].filter(Boolean).join(" · ");
  }
}

/**
 * The beginning of what was written.
 * @param {Draft} draft
 */
export function excerptOf(draft) {
  const letters = [...wordsOf(draft).replace(/\s+/g, " ")];
  return letters.length > EXCERPT ? `${letters.slice(0, EXCERPT - 1).join("")}…` : letters.join("");
}
