/** Words of the step in which a place is chosen, and what a chosen place is called afterwards. */

import { accuracyWords } from "./position.js";

/** @typedef {import("../place.js").Kind} Kind */

/** No point is taken from farther away, whatever the category says: a pixel would be six metres and more. */
export const FARTHEST = 15;

/** @param {Kind} kind */
export function titleOf(kind) {
  if (kind === "line") return gettext("Draw the line");
  if (kind === "polygon") return gettext("Draw the area");
  if (kind === "none") return gettext("Without a place");
  return gettext("Where is it?");
}

/**
 * @param {Kind} kind
 * @param {boolean} chosen
 * @param {number} count points of a drawing
 */
export function wordsOf(kind, chosen, count) {
  if (kind === "none") return gettext("Your contribution is about no single place.");
  if (kind === "point") {
    return chosen
      ? gettext("Drag the marker or tap elsewhere to move it.")
      : gettext("Tap on the map, or move the map until the cross lies on the place.");
  }
  if (chosen) return gettext("Drag the points to correct the drawing.");
  if (count === 0) return gettext("Tap point after point on the map.");
  const fewest = kind === "line" ? 2 : 3;
  if (count < fewest) return interpolate(gettext("%s of at least %s points set."), [String(count), String(fewest)]);
  return gettext("Go on with further points, or finish the drawing.");
}

export function tooFarWords() {
  return gettext("The map shows too much to mark a place exactly. Please zoom in.");
}

export function outsideWords() {
  return gettext("This place lies outside the area of this campaign. Please choose one inside the outline.");
}

/** @param {number} accuracy metres */
export function unsureWords(accuracy) {
  return interpolate(
    gettext("Your position is known to about %s only. Please move the map until the cross lies on the place."),
    [accuracyWords(accuracy)],
  );
}

/**
 * @param {import("geojson").Geometry} geometry
 * @returns {Kind}
 */
export function kindOf(geometry) {
  if (geometry.type === "LineString") return "line";
  return geometry.type === "Polygon" ? "polygon" : "point";
}

/**
 * @param {import("geojson").Geometry | null} geometry
 * @param {string} words where a point lies, empty where nobody knows
 */
export function summaryOf(geometry, words) {
  if (!geometry) return gettext("No place chosen");
  if (geometry.type === "LineString") return gettext("Your line is drawn.");
  if (geometry.type === "Polygon") return gettext("Your area is drawn.");
  return words || gettext("Your place is marked.");
}

/** Seven decimals are about a centimetre. @param {number} degrees */
export function rounded(degrees) {
  return Math.round(degrees * 1e7) / 1e7;
}
