/**
 * Conditions on earlier answers under which a question is shown: what `mapping/questions/conditions.py` computes, for
 * pages. `tests/questions/conditions.json` holds the cases that both must agree on.
 */

/** @typedef {Record<string, any>} Condition */
/** @typedef {Record<string, unknown>} Answers by short name of the question, in JSON */
/** @typedef {{slug: string, showIf: Condition}} Conditional */

/**
 * Whether answers fulfil a condition; an empty one always holds.
 * @param {Condition} condition
 * @param {Answers} answers
 * @returns {boolean}
 */
export function holds(condition, answers) {
  if (condition.all) return condition.all.every((/** @type {Condition} */ one) => holds(one, answers));
  if (condition.any) return condition.any.some((/** @type {Condition} */ one) => holds(one, answers));
  if (condition.question === undefined) return true;
  return passes(condition, answers[condition.question] ?? null);
}

/**
 * The short names of the questions that are shown, in order. Answers to hidden ones count for nothing.
 * @param {Conditional[]} questions
 * @param {Answers} answers
 * @returns {Set<string>}
 */
export function shownOf(questions, answers) {
  /** @type {Answers} */
  const counted = {};
  /** @type {Set<string>} */
  const shown = new Set();
  for (const { slug, showIf } of questions) {
    if (!holds(showIf, counted)) continue;
    shown.add(slug);
    if (answers[slug] !== undefined) counted[slug] = answers[slug];
  }
  return shown;
}

/**
 * @param {Condition} test
 * @param {unknown} answer null where there is none
 */
function passes(test, answer) {
  if ("answered" in test) return (answer !== null) === Boolean(test.answered);
  if ("is" in test) return meets(answer, test.is);
  if ("is_not" in test) return !meets(answer, test.is_not);
  if (typeof answer !== "number") return false;
  return "at_least" in test ? answer >= test.at_least : answer <= test.at_most;
}

/**
 * @param {unknown} answer
 * @param {unknown} wanted a value or a list of values
 */
function meets(answer, wanted) {
  const values = new Set(textsOf(wanted));
  return answer !== null && textsOf(answer).some((one) => values.has(one));
}

/** @param {unknown} value */
function textsOf(value) {
  return (Array.isArray(value) ? value : [value]).map(String);
}
