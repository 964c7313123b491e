/**
 * What a campaign's page knows of contributing before anybody starts: the drafts that this browser holds. All else
 * (`contribute.js`, half of the page's scripts) is fetched when somebody is about to start.
 */

import { Drafts } from "../draft.js";
import { openTopicOf } from "./steps.js";

/** @typedef {import("../contribute.js").Contribute} Contribute */

export class ContributingOnDemand {
  /**
   * @param {import("../campaign.js").Config} config
   * @param {(drafts: Drafts, kind: typeof import("../contribute.js").Contribute) => Contribute} make
   */
  constructor(config, make) {
    this.config = config;
    this.make = make;
    this.drafts = new Drafts(config.slug, config.isPublic);
    /** @type {Contribute | null} there once it was fetched */
    this.loaded = null;
    /** @type {Promise<Contribute> | null} */
    this.loading = null;
  }

  /** The step that is shown; null while nobody contributes. */
  get step() {
    return this.loaded?.step ?? null;
  }

  /** Unfinished contributions that can be gone on with, newest first. */
  get begun() {
    return this.drafts.list().filter((draft) => openTopicOf(draft, this.config.categories) !== null);
  }

  /**
   * Fetch it, once.
   * @returns {Promise<Contribute>}
   * @throws {TypeError} without a network
   */
  load() {
    this.loading ??= this.#fetch();
    return this.loading;
  }

  /** Fetch it ahead of the first tap, as of a pointer that touches the button. */
  prepare() {
    this.load().catch(() => {});
  }

  async #fetch() {
    try {
      const { Contribute } = await import("../contribute.js");
      this.loaded = this.make(this.drafts, Contribute);
      return this.loaded;
    } catch (error) {
      this.loading = null;
      throw error;
    }
  }
}
