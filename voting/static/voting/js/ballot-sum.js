/** The running sum of a ballot: what is used of its limit, in numbers and in words. */

/**
 * What is used of a limit.
 * @param {"points" | "euros" | "choices"} unit
 * @param {{cost: number, points: number, isChosen: boolean}[]} options
 * @returns {number}
 */
export function usedOf(unit, options) {
  if (unit === "points") return options.reduce((sum, { points }) => sum + points, 0);
  const chosen = options.filter(({ isChosen }) => isChosen);
  return unit === "euros" ? chosen.reduce((sum, { cost }) => sum + cost, 0) : chosen.length;
}

/**
 * The sum in words: what is used, what is left or too much.
 * @param {"points" | "euros" | "choices"} unit
 * @param {number} used
 * @param {number} most
 * @returns {string}
 */
export function wordsOf(unit, used, most) {
  const isOver = used > most;
  const numbers = [used, most, Math.abs(most - used)].map((one) => one.toLocaleString(document.documentElement.lang));
  const words = {
    points: isOver ? gettext("%s of %s points given, %s too many") : gettext("%s of %s points given, %s left"),
    euros: isOver ? gettext("%s € of %s € spent, %s € too much") : gettext("%s € of %s € spent, %s € left"),
    choices: isOver ? gettext("%s of %s chosen, %s too many") : gettext("%s of %s chosen, %s left"),
  };
  return interpolate(words[unit], numbers);
}
