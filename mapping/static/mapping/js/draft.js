/**
 * Unfinished contributions and responses to surveys, kept in this browser only: a lost connection or a closed tab loses
 * nothing but photos. Each carries its id from the first moment, so that sending it again stores it once.
 *
 * A browser may hold several contributions of a campaign, each under a key of its own: none overwrites another one.
 * One tab works on a draft at a time (`Drafts.claim`): two tabs that send different words under one id would lose some.
 *
 * Of campaigns that protect their participants they are kept in the tab only: whoever uses the browser next must not
 * read where somebody is afraid. `docs/privacy/data.md` and `/privacy/` tell people so.
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

/** All unfinished contributions of a campaign, and which of them this tab works on. */
export class Drafts {
  /**
   * @param {string} slug of the campaign
   * @param {boolean} isPublic whether single contributions are public there
   */
  constructor(slug, isPublic) {
    this.single = PREFIXES.contribution + slug;
    this.prefix = `${this.single}:`;
    this.isPublic = isPublic;
    /** @type {string | null} the draft that this tab works on */
    this.claimed = null;
    this.release = () => {};
    forgetOldDrafts();
    // Kept before the campaign was protected.
    if (!isPublic) attempt(() => this.#forgetIn(localStorage));
    attempt(() => this.#adopt());
  }

  /** Newest first. @returns {Draft[]} */
  list() {
    return attempt(() => draftsIn(this.#storage(), this.prefix)) ?? [];
  }

  /**
   * @param {string} id
   * @returns {Draft | null}
   */
  read(id) {
    return attempt(() => parse(this.#storage().getItem(this.prefix + id)));
  }

  /**
   * @param {Draft} draft
   * @returns {boolean} false where storage is full or blocked: then only the page holds it
   */
  keep(draft) {
    return store(() => this.#storage(), this.prefix + draft.id, draft);
  }

  /** @param {string} id */
  forget(id) {
    attempt(() => this.#storage().removeItem(this.prefix + id));
  }

  /**
   * Become the one tab that works on a draft, until `free` or until the tab is closed.
   * @param {string} id
   * @returns {Promise<boolean>} false while another tab does; true where browsers cannot know (pages without encryption)
   */
  claim(id) {
    if (this.claimed === id) return Promise.resolve(true);
    this.free();
    this.claimed = id;
    if (!globalThis.navigator?.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      navigator.locks
        .request(PREFIXES.contribution + id, { ifAvailable: true }, (lock) => {
          if (!lock && this.claimed === id) this.claimed = null;
          resolve(lock !== null);
          // Held until it is given back; another claim may have come meanwhile.
          if (!lock || this.claimed !== id) return undefined;
          return new Promise((done) => {
            this.release = () => done(undefined);
          });
        })
        .catch(() => resolve(true));
    });
  }

  /** Let other tabs work on what this one worked on. */
  free() {
    this.claimed = null;
    this.release();
    this.release = () => {};
  }

  /** A campaign had one draft at most, under a key without its id. */
  #adopt() {
    const storage = this.#storage();
    const draft = parse(storage.getItem(this.single));
    if (draft) storage.setItem(this.prefix + draft.id, JSON.stringify(draft));
    storage.removeItem(this.single);
  }

  /** @param {Storage} storage */
  #forgetIn(storage) {
    for (const key of Object.keys(storage)) {
      if (key === this.single || key.startsWith(this.prefix)) storage.removeItem(key);
    }
  }

  #storage() {
    return this.isPublic ? localStorage : sessionStorage;
  }
}

/**
 * @param {Storage} storage
 * @param {string} prefix of the keys
 * @returns {Draft[]} newest first; what is too old or no draft is left out
 */
function draftsIn(storage, prefix) {
  const keys = Object.keys(storage).filter((key) => key.startsWith(prefix));
  const found = keys.map((key) => attempt(() => parse(storage.getItem(key))));
  return found.filter((draft) => draft !== null).sort((one, other) => other.savedAt - one.savedAt);
}

/** The one unfinished thing of a kind in a campaign. @template {{id: string, savedAt: number}} Kept */
export class DraftKeeper {
  /**
   * @param {string} slug of the campaign
   * @param {boolean} isPublic whether single contributions are public there
   * @param {keyof typeof PREFIXES} what
   */
  constructor(slug, isPublic, what) {
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

  /**
   * @param {Kept} draft
   * @returns {boolean} false where storage is full or blocked: then only the page holds it
   */
  keep(draft) {
    return store(() => this.#storage(), this.key, draft);
  }

  forget() {
    attempt(() => this.#storage().removeItem(this.key));
  }

  #storage() {
    return this.isPublic ? localStorage : sessionStorage;
  }
}

/**
 * @param {() => Storage} storage
 * @param {string} key
 * @param {object} draft
 * @returns {boolean} false where storage is full or blocked
 */
function store(storage, key, draft) {
  const stored = attempt(() => {
    storage().setItem(key, JSON.stringify({ ...draft, savedAt: Date.now() }));
    return true;
  });
  return stored ?? false;
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
  const isDraft = typeof draft?.id === "string" && isRecordOfTexts(draft.values);
  return isDraft && Date.now() - draft.savedAt < LIFETIME ? draft : null;
}

/** @param {unknown} values of a form, unless the storage was damaged */
function isRecordOfTexts(values) {
  if (typeof values !== "object" || values === null) return false;
  return Object.values(values).every((one) => Array.isArray(one) && one.every((text) => typeof text === "string"));
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
