/**
 * An unfinished contribution, kept in this browser only: a lost connection or a closed tab loses nothing but photos.
 * It carries the contribution's id from the first moment, so that sending it again stores it once.
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

/** Drafts older than this are forgotten. */
const LIFETIME = 14 * 24 * 3600 * 1000;

/** @param {string} slug */
const keyOf = (slug) => `contribution-draft:${slug}`;

/**
 * @param {string} slug
 * @returns {Draft | null}
 */
export function readDraft(slug) {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(slug)) ?? "null");
    if (draft && typeof draft.id === "string" && Date.now() - draft.savedAt < LIFETIME) return draft;
  } catch {
    // Storage is switched off or holds something else: then there is no draft.
  }
  return null;
}

/**
 * @param {string} slug
 * @param {Draft} draft
 */
export function keepDraft(slug, draft) {
  try {
    localStorage.setItem(keyOf(slug), JSON.stringify({ ...draft, savedAt: Date.now() }));
  } catch {
    // Full or switched off: contributing works without it.
  }
}

/** @param {string} slug */
export function dropDraft(slug) {
  try {
    localStorage.removeItem(keyOf(slug));
  } catch {
    // Nothing was kept.
  }
}
