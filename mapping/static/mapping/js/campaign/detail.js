/** One contribution in the panel: fetched from its own page, its forms sent in the background. */

import { ApiProblem } from "../site/api.js";
import { makeButton } from "../site/elements.js";
import { fetchParts } from "../site/partial.js";

export class Detail {
  /**
   * @param {HTMLElement} root the view's element
   * @param {{
   *   onShown: (id: string) => void,
   *   onClose: () => void,
   *   onChanged: () => void,
   *   announce: (words: string) => void,
   * }} events
   */
  constructor(root, events) {
    this.root = root;
    this.events = events;
    this.running = new AbortController();
    root.addEventListener("submit", (event) => this.#submit(/** @type {SubmitEvent} */ (event)));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") events.onClose();
    });
  }

  /**
   * @param {string} id
   * @param {string} url the contribution's page
   */
  async open(id, url) {
    this.running.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    this.root.replaceChildren(this.#backButton(), waiting());
    try {
      const { parts } = await fetchParts(url, { signal });
      if (signal.aborted) return;
      const part = parts.get("contribution");
      if (!part) throw new ApiProblem(404, gettext("This is not here any more."));
      this.root.replaceChildren(this.#backButton(), part);
      this.events.onShown(id);
      /** @type {HTMLElement | null} */ (part.querySelector("h1"))?.focus({ preventScroll: true });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      const words = document.createElement("p");
      words.className = "empty";
      words.textContent = error.detail;
      this.root.replaceChildren(this.#backButton(), words);
      this.events.announce(error.detail);
    }
  }

  close() {
    this.running.abort();
    this.root.replaceChildren();
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-refresh]")) return;
    event.preventDefault();
    const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (form.classList.contains("is-busy")) return;
    form.classList.add("is-busy");
    const opinion = submitter?.classList.contains("opinion")
      ? [...this.root.querySelectorAll(".opinion")].indexOf(submitter)
      : -1;
    try {
      const { parts, messages } = await fetchParts(form.action, {
        method: "POST",
        body: new FormData(form, submitter),
      });
      const part = parts.get("contribution");
      if (!part) throw new ApiProblem(0, gettext("Something went wrong on our side. Please try again later."));
      this.root.querySelector("[data-part='contribution']")?.replaceWith(part);
      this.#tell(part, messages, opinion);
      this.events.onChanged();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      form.classList.remove("is-busy");
      this.#say(form, error.detail);
    }
  }

  /**
   * Words for what was done, and the focus back to where it was.
   * @param {HTMLElement} part
   * @param {string[]} messages
   * @param {number} opinion index of the pressed opinion button, -1 for comments
   */
  #tell(part, messages, opinion) {
    if (opinion >= 0) {
      const button = /** @type {HTMLElement | undefined} */ (part.querySelectorAll(".opinion")[opinion]);
      button?.focus();
      const isOn = button?.getAttribute("aria-pressed") === "true";
      this.events.announce(isOn ? gettext("Your opinion counts.") : gettext("Your opinion is taken back."));
      return;
    }
    const problem = part.querySelector("[aria-invalid]");
    if (problem instanceof HTMLElement) {
      problem.focus();
      return;
    }
    const form = part.querySelector(".comments > .comment-form");
    if (form instanceof HTMLElement && messages.length > 0) this.#say(form, messages.join(" "), true);
  }

  /**
   * @param {HTMLElement} form
   * @param {string} words
   * @param {boolean} [isGood]
   */
  #say(form, words, isGood = false) {
    const message = document.createElement("p");
    message.className = `message ${isGood ? "message--success" : "message--error"}`;
    message.setAttribute("role", "status");
    message.textContent = words;
    form.before(message);
    message.scrollIntoView({ block: "nearest" });
    this.events.announce(words);
  }

  #backButton() {
    const bar = document.createElement("p");
    bar.className = "detail__bar";
    bar.append(makeButton("button button--quiet button--small", `← ${gettext("Back")}`, () => this.events.onClose()));
    return bar;
  }
}

function waiting() {
  const words = document.createElement("p");
  words.className = "quiet";
  words.textContent = gettext("Loading …");
  return words;
}
