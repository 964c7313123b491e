/**
 * `<public-heatmap>`: puts the picture that the server drew onto a map, and says what is in the cell that people point
 * at or choose in the table. Without this script, picture and table stand for themselves.
 */

import { createBaseMap, readMapConfig } from "./map.js";
import { L } from "./whole-leaflet.js";

/**
 * @typedef {object} HeatConfig
 * @property {[number, number, number, number]} bounds of the picture: west, south, east, north
 * @property {[number, number, number, number]} focus bounds of the cells alone
 * @property {boolean} isAtLeast whether numbers of people are lower limits
 * @property {boolean} knowsPeople
 * @property {[number, number][]} cells contributions and people
 */

class PublicHeatmap extends HTMLElement {
  /** @type {import("./map.js").BaseMap | null} */
  #base = null;
  /** @type {SVGPathElement | null} */
  #chosen = null;

  connectedCallback() {
    this.stage = /** @type {HTMLElement | null} */ (this.querySelector("[data-map]"));
    this.picture = /** @type {SVGSVGElement | null} */ (this.querySelector("[data-picture]"));
    if (this.stage && this.picture) this.#start(this.stage, this.picture);
  }

  /** @param {HTMLElement} stage @param {SVGSVGElement} picture */
  async #start(stage, picture) {
    /** @type {HeatConfig} */
    this.config = readMapConfig("heat-config");
    const label = picture.getAttribute("aria-label") ?? "";
    stage.hidden = false;
    this.classList.add("is-live");
    const base = await createBaseMap(stage, readMapConfig("map-config"), {
      grey: true,
      label: gettext("Heat map. Move it with the arrow keys, zoom with plus and minus."),
      missing: gettext("Base map not reachable."),
    });
    this.#base = base;
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("aria-label", label);
    const pane = base.map.createPane("cells");
    pane.style.zIndex = "340";
    L.svgOverlay(picture, toBounds(this.config.bounds), { pane: "cells", interactive: true }).addTo(base.map);
    base.fit(toBounds(this.config.focus), 15);
    picture.addEventListener("pointerover", (event) => this.#show(cellOf(event) ?? this.#chosen));
    picture.addEventListener("pointerleave", () => this.#show(this.#chosen));
    picture.addEventListener("click", (event) => this.#choose(cellOf(event)));
    this.#linkTable(picture);
    this.#show(null);
  }

  /** Names in the table lead to their cell on the map. @param {SVGSVGElement} picture */
  #linkTable(picture) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-show]"))) {
      const cell = /** @type {SVGPathElement | null} */ (picture.querySelector(`[data-cell="${place.dataset.show}"]`));
      if (!cell) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "heat-table__show";
      button.title = gettext("Show on the map");
      button.append(...place.childNodes);
      button.addEventListener("click", () => {
        this.#choose(cell);
        this.#base?.fit(this.#boundsOf(cell, picture), 14);
        this.querySelector("#map")?.scrollIntoView({ block: "nearest" });
      });
      place.replaceChildren(button);
    }
  }

  /** @param {SVGPathElement} cell @param {SVGSVGElement} picture */
  #boundsOf(cell, picture) {
    const map = /** @type {import("./map.js").BaseMap} */ (this.#base).map;
    const whole = toBounds(/** @type {HeatConfig} */ (this.config).bounds);
    const [topLeft, bottomRight] = [map.project(whole.getNorthWest(), 0), map.project(whole.getSouthEast(), 0)];
    const { width, height } = picture.viewBox.baseVal;
    const box = cell.getBBox();
    /** @param {number} x @param {number} y */
    const place = (x, y) =>
      map.unproject(
        [topLeft.x + ((bottomRight.x - topLeft.x) * x) / width, topLeft.y + ((bottomRight.y - topLeft.y) * y) / height],
        0,
      );
    return L.latLngBounds(place(box.x, box.y), place(box.x + box.width, box.y + box.height));
  }

  /** @param {SVGPathElement | null} cell */
  #choose(cell) {
    this.#chosen?.classList.remove("is-chosen");
    this.#chosen = cell;
    cell?.classList.add("is-chosen");
    // What is drawn last lies on top: its outline is whole.
    cell?.parentNode?.append(cell);
    this.#show(cell);
  }

  /** @param {SVGPathElement | null} cell */
  #show(cell) {
    const card = /** @type {HTMLElement | null} */ (this.querySelector("[data-card]"));
    if (!card || !this.config) return;
    card.hidden = false;
    const numbers = cell ? this.config.cells[Number(cell.dataset.cell)] : null;
    card.textContent = numbers ? this.#words(numbers) : gettext("Tap a coloured cell to see its numbers.");
  }

  /** @param {[number, number]} numbers */
  #words([contributions, people]) {
    const written = (/** @type {number} */ value) =>
      new Intl.NumberFormat(document.documentElement.lang || "de").format(value);
    const counted = interpolate(ngettext("%s contribution", "%s contributions", contributions), [
      written(contributions),
    ]);
    if (!this.config?.knowsPeople) return counted;
    const from = this.config.isAtLeast
      ? ngettext("from at least %s person", "from at least %s people", people)
      : ngettext("from %s person", "from %s people", people);
    return `${counted} ${interpolate(from, [written(people)])}`;
  }
}

/** @param {Event} event */
function cellOf(event) {
  const target = event.target;
  return target instanceof SVGPathElement && target.dataset.cell ? target : null;
}

/** @param {[number, number, number, number]} bounds */
function toBounds([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east]);
}

customElements.define("public-heatmap", PublicHeatmap);
