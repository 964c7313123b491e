/** Which steps of a survey are shown together, which comes next, and how far one has come: pure functions. */

/**
 * @typedef {object} Step
 * @property {number} section
 * @property {string[]} notes short names of the headings in it
 * @property {string | null} question short name of the question in it, null for notes alone
 */

/**
 * The steps that are shown together: each alone, or those of a section.
 * @param {Step[]} steps
 * @param {boolean} bySection
 * @returns {number[][]} their numbers
 */
export function screensOf(steps, bySection) {
  /** @type {number[][]} */
  const screens = [];
  steps.forEach((step, index) => {
    const last = screens.at(-1);
    if (last && bySection && steps[last[0]].section === step.section) last.push(index);
    else screens.push([index]);
  });
  return screens;
}

/**
 * Whether anything of a step is shown.
 * @param {Step} step
 * @param {Set<string>} shown short names of the questions whose condition holds
 */
export function isShown({ notes, question }, shown) {
  return (question !== null && shown.has(question)) || notes.some((note) => shown.has(note));
}

/**
 * The screens on which something is shown.
 * @param {number[][]} screens
 * @param {Step[]} steps
 * @param {Set<string>} shown
 */
export function shownScreens(screens, steps, shown) {
  return screens.filter((screen) => screen.some((index) => isShown(steps[index], shown)));
}

/**
 * The screen of a step, or the one before where the step is hidden by now.
 * @param {number[][]} screens those that are shown, at least one
 * @param {number} step
 * @returns {number} its position
 */
export function screenOf(screens, step) {
  const found = screens.findLastIndex(([first]) => first <= step);
  return Math.max(found, 0);
}

/**
 * How far one has come, counted in questions that are shown.
 * @param {Step[]} steps
 * @param {Set<string>} shown
 * @param {number[]} screen
 * @returns {{at: number, total: number}}
 */
export function progressOf(steps, shown, screen) {
  const asked = steps.map(({ question }) => question !== null && shown.has(question));
  const last = screen.at(-1) ?? 0;
  return { at: asked.filter((is, index) => is && index <= last).length, total: asked.filter(Boolean).length };
}
