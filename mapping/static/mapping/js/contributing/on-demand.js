/**
 * What a campaign's page knows of contributing before anybody starts: the drafts that this browser holds. All else
 * (`contribute.js`, half of the page's scripts) is fetched when somebody is about to start.
 */

import { Drafts } from "../draft.js";
import { loadWords } from "../site/words.js";
import { openTopicOf, wordsOf } from "./steps.js";

/** @typedef {import("../contribute.js").Contribute} Contribute */

/**
 * @typedef {object} Door what the page gives for it
 * @property {(drafts: Drafts, kind: typeof import("../contribute.js").Contribute) => Contribute} make
 * @property {(words: string) => void} announce
 */

/** Milliseconds without an answer after which people are told that something is under way. */
const SLOW = 500;

export class ContributingOnDemand {
  /**
   * @param {HTMLElement} page with the button that starts
   * @param {import("../campaign.js").Config} config
   * @param {Door} door
   */
  constructor(page, config, door) {
    this.page = page;
    this.config = config;
    this.door = door;
    this.drafts = new Drafts(config.slug, config.isPublic);
    /** @type {Contribute | null} there once it was fetched */
    this.loaded = null;
    /** @type {Promise<Contribute> | null} */
    this.loading = null;
    /** Whether it could not be fetched: many browsers never fetch a module again in the same page. */
    this.hasFailed = false;
  }

  /** Unfinished contributions that can be gone on with, newest first. */
  get begun() {
    const { categories } = this.config;
    const isOpen = categories.some((one) => one.isOpen);
    return this.drafts.list().filter((draft) => openTopicOf(draft, categories) || (isOpen && wordsOf(draft)));
  }

  /**
   * Null where it cannot be had: the person is told, and stays where the button is.
   * @param {string} [draft] the id of what is gone on with
   * @returns {Promise<Contribute | null>}
   */
  async get(draft) {
    if (this.loaded) return this.loaded;
    if (this.hasFailed && (await isReachable())) {
      // Nothing is typed yet: the page comes back at the form.
      history.replaceState(null, "", `${draft ? `?draft=${draft}` : location.search}#place`);
      location.reload();
      return null;
    }
    const button = this.page.querySelector("[data-action='place']");
    const slow = setTimeout(() => this.door.announce(gettext("Loading …")), SLOW);
    button?.setAttribute("aria-busy", "true");
    try {
      const contribute = await this.#load();
      this.#tellProblem("");
      return contribute;
    } catch (error) {
      if (!this.hasFailed) throw error;
      this.#tellProblem(gettext("The form could not be loaded. Please check your connection and try again."));
      return null;
    } finally {
      clearTimeout(slow);
      button?.removeAttribute("aria-busy");
    }
  }

  /** Fetch it ahead of the first tap, as of a pointer that touches the button. */
  prepare() {
    this.#load().catch(() => {});
  }

  #load() {
    this.loading ??= this.#fetch();
    return this.loading;
  }

  async #fetch() {
    this.loaded = this.door.make(this.drafts, await this.#import());
    return this.loaded;
  }

  async #import() {
    try {
      const [{ Contribute }] = await Promise.all([import("../contribute.js"), loadWords()]);
      this.hasFailed = false;
      return Contribute;
    } catch (error) {
      this.loading = null;
      this.hasFailed = true;
      throw error;
    }
  }

  /** @param {string} words none where it is over */
  #tellProblem(words) {
    const problem = this.page.querySelector("[data-form-missing]");
    if (!(problem instanceof HTMLElement)) return;
    problem.hidden = words === "";
    problem.textContent = words;
  }
}

/** Whether the site answers: a file may be missing although the network is there. */
async function isReachable() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  return answer?.ok ?? false;
}
