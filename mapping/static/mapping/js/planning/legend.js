/** The legend of the heat map: every class with its limits and how many cells it has, always in view. */

import { formatted } from "./cell-card.js";

/**
 * @param {HTMLElement} element
 * @param {import("./cells.js").CellSet} set
 */
export function drawLegend(element, set) {
  const title = /** @type {HTMLElement} */ (element.querySelector("[data-legend-title]"));
  const list = /** @type {HTMLElement} */ (element.querySelector("[data-legend-classes]"));
  const counted = set.measure === "participants" ? gettext("Participants") : gettext("Contributions");
  title.textContent = interpolate(gettext("%s per cell of %s m"), [counted, formatted(set.size)]);
  list.replaceChildren(...set.classes.filter(({ cells }) => cells > 0).map(line));
  if (set.classes.length === 0) {
    const empty = document.createElement("li");
    empty.textContent = gettext("No cell: nothing with a place was counted.");
    list.append(empty);
  }
}

/** @param {import("./cells.js").HeatClass} one */
function line({ low, high, cells, step }) {
  const item = document.createElement("li");
  item.className = "legend__item";
  const swatch = document.createElement("span");
  swatch.className = `legend__swatch heat-${step + 1}`;
  const limits = document.createElement("span");
  limits.className = "legend__limits";
  limits.textContent = low === high ? formatted(low) : `${formatted(low)}–${formatted(high)}`;
  const number = document.createElement("span");
  number.className = "legend__number";
  number.textContent = interpolate(ngettext("%s cell", "%s cells", cells), [formatted(cells)]);
  item.append(swatch, limits, number);
  return item;
}
