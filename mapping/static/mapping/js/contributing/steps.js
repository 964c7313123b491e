/** The steps of contributing: which there are, and which one comes before another. */

/** @typedef {"category" | "place" | "details" | "done" | "waiting"} Step `done` and `waiting` come after sending */

/**
 * @param {{topics: number, needsPlace: boolean}} what how many topics there are, whether a place is marked on a map
 * @returns {Step[]} in their order, without the thanks
 */
export function stepsOf({ topics, needsPlace }) {
  /** @type {Step[]} */
  const steps = ["details"];
  if (needsPlace) steps.unshift("place");
  if (topics > 1) steps.unshift("category");
  return steps;
}

/**
 * @param {Step[]} steps
 * @param {Step | null} step
 * @returns {Step | null} null at the first one
 */
export function stepBefore(steps, step) {
  const index = step ? steps.indexOf(step) : -1;
  return index > 0 ? steps[index - 1] : null;
}

/**
 * The topic of what somebody began.
 * @template {{slug: string, isOpen: boolean}} Category
 * @param {{category: string}} draft
 * @param {Category[]} categories of the campaign
 * @returns {Category | null} null where it takes no contributions any more
 */
export function openTopicOf(draft, categories) {
  return categories.find(({ slug, isOpen }) => isOpen && slug === draft.category) ?? null;
}

/**
 * What somebody wrote.
 * @param {{values: Record<string, string[]>}} draft
 */
export function wordsOf({ values }) {
  return (values.text?.[0] ?? "").trim();
}

/**
 * The topic in an address (`?category=…`): a poster at the place leads straight to the map.
 * @template {{slug: string}} Category
 * @param {string} search the address's query
 * @param {Category[]} open topics that take contributions
 * @returns {Category | null} null for none, for several and for unknown ones
 */
export function topicOf(search, open) {
  if (open.length === 1) return open[0];
  const named = new URLSearchParams(search).getAll("category");
  return named.length === 1 ? (open.find(({ slug }) => slug === named[0]) ?? null) : null;
}
