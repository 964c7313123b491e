/** Numbers and cells in words. */

/** @param {number} value @param {number} [decimals] */
export function formatted(value, decimals = 0) {
  return new Intl.NumberFormat(document.documentElement.lang || "de", {
    maximumFractionDigits: decimals,
  }).format(value);
}

/** With its sign, a real minus. @param {number} value */
export function signed(value) {
  return value > 0 ? `+${formatted(value)}` : formatted(value).replace("-", "−");
}

/** A mean with two decimals, anything else whole. @param {number} value @param {boolean} whole */
export function valued(value, whole) {
  return formatted(value, whole ? 0 : 2);
}

/** @param {number} value */
export function contributions(value) {
  return interpolate(ngettext("%s contribution", "%s contributions", value), [formatted(value)]);
}

/** @param {number} value */
export function participants(value) {
  return interpolate(ngettext("%s contributor", "%s contributors", value), [formatted(value)]);
}

/** Answers to a question of the survey. @param {number} value */
export function answers(value) {
  return interpolate(ngettext("%s answer", "%s answers", value), [formatted(value)]);
}

/** How many cells: squares and hexagons, or districts. @param {number} value @param {boolean} [isDistricts] */
export function cells(value, isDistricts = false) {
  const words = isDistricts ? ngettext("%s district", "%s districts", value) : ngettext("%s cell", "%s cells", value);
  return interpolate(words, [formatted(value)]);
}
