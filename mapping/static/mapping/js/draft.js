/**
 * An unfinished contribution or response to a survey, kept in this browser only: a lost connection or a closed tab loses
 * nothing but photos. It carries its id from the first moment, so that sending it again stores it once.
 *
 * Of campaigns that protect their participants it is kept in the tab only: whoever uses the browser next must not read
 * where somebody is afraid. `docs/privacy/data.md` and `/privacy/` tell people so.
 */

/**
 * @typedef {object} Draft
 * @property {string} id UUIDv7
 * @property {string} category slug
 * @property {import("geojson").Geometry | null} geometry
 * @property {number | null} zoom
 * @property {Record<string, string[]>} values form fields by name
 * @property {number} savedAt milliseconds
 */
/**
 * @typedef {object} SurveyDraft
 * @property {string} id
 * @property {number} step where the person was
 * @property {Record<string, string[]>} values form fields by name
 * @property {number} savedAt milliseconds
 */

/** Drafts older than this are forgotten. */
const LIFETIME = 14 * 24 * 3600 * 1000;
const PREFIXES = { contribution: "contribution-draft:", survey: "survey-draft:" };

/** @template {{id: string, savedAt: number}} [Kept=Draft] */
export class DraftKeeper {
  /**
   * @param {string} slug of the campaign
   * @param {boolean} isPublic whether single contributions are public there
   * @param {keyof typeof PREFIXES} [what]
   */
  constructor(slug, isPublic, what = "contribution") {
    this.key = PREFIXES[what] + slug;
    this.isPublic = isPublic;
    forgetOldDrafts();
    // Kept before the campaign was protected.
    if (!isPublic) attempt(() => localStorage.removeItem(this.key));
  }

  /** @returns {Kept | null} */
  read() {
    return attempt(() => parse(this.#storage().getItem(this.key)));
  }

  /** @param {Kept} draft */
  keep(draft) {
    attempt(() => this.#storage().setItem(this.key, JSON.stringify({ ...draft, savedAt: Date.now() })));
  }

  forget() {
    attempt(() => this.#storage().removeItem(this.key));
  }

  #storage() {
    return this.isPublic ? localStorage : sessionStorage;
  }
}

/** Of all campaigns: nobody may come back to the one that a draft belongs to. */
function forgetOldDrafts() {
  attempt(() => {
    for (const key of Object.keys(localStorage)) {
      const isDraft = Object.values(PREFIXES).some((prefix) => key.startsWith(prefix));
      if (isDraft && !attempt(() => parse(localStorage.getItem(key)))) localStorage.removeItem(key);
    }
  });
}

/**
 * @param {string | null} text
 * @returns {any} null for what is too old or no draft
 */
function parse(text) {
  const draft = JSON.parse(text ?? "null");
  return draft && typeof draft.id === "string" && Date.now() - draft.savedAt < LIFETIME ? draft : null;
}

/**
 * Contributing works without a draft: where storage is full, switched off or holds something else.
 *
 * @template T
 * @param {() => T} action
 * @returns {T | null}
 */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
