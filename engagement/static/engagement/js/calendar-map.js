/**
 * `<calendar-map>`: the places of dates. What it shows stands in the JSON blocks `map-config` and `calendar-places`; the
 * list below it has the same dates. Dates at one place share a marker.
 */

import { defineShapesMap } from "../../mapping/js/map/shapes-map.js";
import { L } from "../../mapping/js/map/whole-leaflet.js";

/**
 * @typedef {object} Place
 * @property {[number, number]} at longitude and latitude
 * @property {string} title
 * @property {string} when
 * @property {string} url
 * @property {boolean} isCancelled
 */

/** @param {Place[]} places */
function grouped(places) {
  /** @type {Map<string, Place[]>} */
  const groups = new Map();
  for (const place of places) {
    const key = place.at.join(" ");
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return groups;
}

/** @param {Place[]} places dates at one place, at least one */
function markerOf(places) {
  const [lon, lat] = places[0].at;
  const icon = L.divIcon({ className: "event-marker", html: markerHtml(places.length), iconSize: [32, 32] });
  const marker = L.marker([lat, lon], { icon, alt: places.map((one) => one.title).join(", "), keyboard: true });
  return marker.bindPopup(popupOf(places), { maxHeight: 240 });
}

/** @param {number} number */
function markerHtml(number) {
  const shown = document.createElement("span");
  shown.textContent = String(number);
  return shown;
}

/** @param {Place[]} places */
function popupOf(places) {
  const list = document.createElement("ul");
  list.className = "event-popup";
  for (const place of places) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = place.url;
    link.textContent = place.title;
    const when = document.createElement(place.isCancelled ? "s" : "span");
    when.textContent = place.when;
    item.append(link, document.createElement("br"), when);
    list.append(item);
  }
  return list;
}

defineShapesMap("calendar-map", {
  features: "calendar-places",
  config: "map-config",
  closest: 15,
  /** @param {Place[]} places */
  layersOf: (places) => [...grouped(places).values()].map(markerOf),
});
