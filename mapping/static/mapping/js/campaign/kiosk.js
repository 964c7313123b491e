// @ts-check
/**
 * `<kiosk-guard>`: a tablet at an event starts over for each person (`mapping.web.outreach.kiosk`). Without a touch for a
 * minute it says so, counts down, erases what was typed, lets the site forget who it was, and goes to the first page.
 */

import { removeEverything, removeKeys } from "../mine/storage.js";
import { flush } from "../waiting/delivery.js";
import { list } from "../waiting/outbox.js";

/** The stay of one person; pages of an earlier one do not come back by the browser's own way back. */
const STAY = "kiosk-stay";
const TOUCHES = ["pointerdown", "pointermove", "keydown", "input", "wheel", "touchmove"];
/** Milliseconds between two attempts to reach the site, and until one counts as failed. */
const RETRY = 5000;
const PATIENCE = 15000;
/** Milliseconds after which a busy site is given up that does not take what waits. */
const LONGEST = 300_000;

class KioskGuard extends HTMLElement {
  connectedCallback() {
    this.allowed = (this.dataset.allowed ?? "").split(" ");
    this.seconds = Number(this.dataset.seconds);
    this.warning = Number(this.dataset.warning);
    this.form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    this.question = /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
    this.left = /** @type {HTMLElement} */ (this.querySelector("[data-kiosk-left]"));
    this.number = /** @type {HTMLElement} */ (this.querySelector("[data-kiosk-number]"));
    this.words = /** @type {HTMLElement} */ (this.querySelector("[data-kiosk-words]"));
    this.isStartingOver = false;
    // Whoever reloads the first page has done nothing; any other page belongs to somebody.
    this.lastTouch = this.#isAtStart() ? 0 : Date.now();
    if (this.#isOfSomebodyElse()) {
      location.replace(this.#home);
      return;
    }
    addEventListener("pageshow", (event) => {
      if (event.persisted && this.#isOfSomebodyElse()) location.replace(this.#home);
    });
    for (const name of TOUCHES) addEventListener(name, () => this.#touched(), { capture: true, passive: true });
    this.#keepInside();
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.startOver();
    });
    this.question?.addEventListener("click", () => this.#stay());
    this.question?.addEventListener("cancel", () => this.#stay());
    const back = /** @type {HTMLButtonElement} */ (this.querySelector("[data-kiosk-back]"));
    back.hidden = location.pathname === this.#home;
    back.addEventListener("click", () => history.back());
    setInterval(() => this.#tick(), 1000);
  }

  /** Erase what this person left, and begin anew; waits for the network, since only the site can forget its cookie. */
  async startOver() {
    if (this.isStartingOver) return;
    this.isStartingOver = true;
    removeKeys(() => true);
    const form = /** @type {HTMLFormElement} */ (this.form);
    const values = new FormData(form);
    // Fields may be called `action` or `reset` and hide what the form itself has by this name.
    for (const one of document.forms) HTMLFormElement.prototype.reset.call(one);
    // What waits for the network goes out under the cookie of whoever wrote it, before the site forgets it.
    const until = Date.now() + LONGEST;
    await flush({ isAsked: true, isLast: true });
    while (
      (Date.now() < until && (await isWaiting())) ||
      !(await isForgotten(form.getAttribute("action") ?? "", values))
    ) {
      this.#say(gettext("No connection. This page starts over as soon as the network is back."), "");
      await new Promise((done) => setTimeout(done, RETRY));
      await flush({ isAsked: true, isLast: true });
    }
    await removeEverything();
    location.replace(this.#home);
  }

  #touched() {
    // The question is answered by a click on it: closed by the touch, the click would meet what lies below.
    if (!this.question?.open) this.lastTouch = Date.now();
  }

  #stay() {
    if (this.isStartingOver) return;
    this.question?.close();
    this.lastTouch = Date.now();
  }

  #tick() {
    if (this.isStartingOver || !this.lastTouch || !this.left || !this.seconds || !this.warning) return;
    const left = Math.ceil(this.seconds - (Date.now() - this.lastTouch) / 1000);
    this.left.hidden = false;
    this.left.textContent = interpolate(gettext("starts over in %s s"), [String(Math.max(left, 0))]);
    if (left <= 0) this.startOver();
    else if (left <= this.warning) {
      const words = gettext("What you typed is about to be erased, for the next person.");
      this.#say(words, String(left));
    }
  }

  /**
   * @param {string} words
   * @param {string} number
   */
  #say(words, number) {
    if (!this.words || !this.number) return;
    if (this.words.textContent !== words) this.words.textContent = words;
    this.number.textContent = number;
    const stay = this.querySelector("[data-kiosk-stay]");
    if (stay instanceof HTMLElement) stay.hidden = number === "";
    if (!this.question?.open) this.question?.showModal();
  }

  /** Where each person begins. */
  get #home() {
    return this.dataset.home ?? "/";
  }

  #isAtStart() {
    return location.pathname === this.#home && ["", "#map"].includes(location.hash);
  }

  #isOfSomebodyElse() {
    try {
      let stay = sessionStorage.getItem(STAY);
      if (!stay) {
        // A page that is left may keep a draft on its way out. Storages are empty before the next line.
        removeEverything();
        stay = crypto.randomUUID();
        sessionStorage.setItem(STAY, stay);
      }
      const own = history.state?.[STAY];
      if (own !== undefined && own !== stay && location.pathname !== this.#home) return true;
      history.replaceState({ ...history.state, [STAY]: stay }, "");
    } catch {
      // Without storage nothing is kept, and nothing can be told apart.
    }
    return false;
  }

  /** Links that lead elsewhere are words; nothing opens in another tab, no menu comes up below a long press. */
  #keepInside() {
    for (const link of document.links) if (!this.#isInside(link)) link.removeAttribute("href");
    for (const form of document.forms) form.setAttribute("autocomplete", "off");
    addEventListener("contextmenu", (event) => event.preventDefault());
    addEventListener(
      "click",
      (event) => {
        const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
        if (!(link instanceof HTMLAnchorElement)) return;
        link.target = "_self";
        if (this.#isInside(link)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      true,
    );
  }

  /** @param {HTMLAnchorElement | HTMLAreaElement} link */
  #isInside(link) {
    const home = this.#home;
    if (link.origin !== location.origin || link.hasAttribute("download")) return false;
    const isFile = /\.[a-z0-9]+$/.test(link.pathname) || link.pathname.startsWith(`${home}data/`);
    return !isFile && [home, ...(this.allowed ?? [])].some((one) => link.pathname.startsWith(one));
  }
}

async function isWaiting() {
  return (await list()).some(({ state }) => state === "waiting");
}

/**
 * Whether the site has forgotten the person.
 * @param {string} address
 * @param {FormData} values
 */
async function isForgotten(address, values) {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(address, { method: "POST", body: values, redirect: "manual", signal });
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

customElements.define("kiosk-guard", KioskGuard);
