/** The bubbles on the map. What stays the same between two drawings keeps its element, so that panning costs nothing. */

import { L } from "../map/leaflet.js";
import { bubble, wordsOf } from "./drawing.js";

/** @typedef {import("./grouping.js").Group} Group */

/**
 * A marker that lies flat in its pane. Leaflet moves each one by a transformation in space, which makes a layer of its
 * own of it; hundreds of layers make every frame of a movement slow, and one does not. Pages without a map have no
 * Leaflet.
 */
const FlatMarker = L?.Marker.extend({
  /** @param {import("leaflet").Point} position */
  _setPos(position) {
    // @ts-expect-error -- Leaflet's own way to place a marker, which its types leave out
    L.Marker.prototype._setPos.call(this, position);
    /** @type {HTMLElement | undefined} */
    const icon = this._icon;
    if (icon) icon.style.transform = `translate(${position.x}px, ${position.y}px)`;
  },
});

export class Bubbles {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./rover.js").Rover} rover
   * @param {import("../map/markers.js").CategoryLook[]} categories
   * @param {string} pane
   * @param {(group: Group, element: HTMLElement | null) => void} onOpen
   */
  constructor(map, rover, categories, pane, onOpen) {
    this.rover = rover;
    this.categories = categories;
    this.pane = pane;
    this.onOpen = onOpen;
    this.layer = L.layerGroup().addTo(map);
    /** @type {Map<string, {marker: import("leaflet").Marker, group: Group}>} */
    this.shown = new Map();
  }

  /** @param {Group[]} groups */
  show(groups) {
    const wanted = new Map(groups.map((group) => [`${group.lon} ${group.lat} ${group.counts}`, group]));
    for (const [key, { marker }] of this.shown) {
      if (wanted.has(key)) continue;
      const element = marker.getElement();
      if (element) this.rover.remove(element);
      this.layer.removeLayer(marker);
      this.shown.delete(key);
    }
    for (const [key, group] of wanted) {
      const before = this.shown.get(key);
      if (before) before.group = group;
      else this.#add(key, group);
    }
  }

  /**
   * @param {string} key
   * @param {Group} group
   */
  #add(key, group) {
    const language = document.documentElement.lang || "de";
    const { svg, size } = bubble(group.counts, this.categories, language);
    const icon = L.divIcon({ className: "bubble", html: svg, iconSize: [size, size] });
    /** @type {import("leaflet").Marker} */
    const marker = new /** @type {any} */ (FlatMarker)([group.lat, group.lon], {
      icon,
      keyboard: false,
      pane: this.pane,
      riseOnHover: true,
    });
    const open = () => this.onOpen(this.shown.get(key)?.group ?? group, marker.getElement() ?? null);
    marker.on("click", open).addTo(this.layer);
    this.shown.set(key, { marker, group });
    const element = marker.getElement();
    if (element)
      this.rover.add(element, wordsOf(group.counts, this.categories, language), { place: marker.getLatLng(), open });
  }
}
