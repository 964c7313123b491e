/** Places that people marked in the survey: circles over the cells, larger where more people marked one. */

import { L } from "../../map/whole-leaflet.js";
import { fetchJson } from "../../site/api.js";
import { answers } from "./words.js";

/** Pixels: of a single answer, what each further root adds, and the most. */
const SMALLEST = 5;
const STEP = 2;
const LARGEST = 26;

/** @typedef {{geometry: {coordinates: [number, number]}, properties: {participants: number}}} PlaceFeature */

export class PlacesLayer {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    const pane = map.createPane("survey-places");
    pane.style.zIndex = "380";
    this.renderer = L.svg({ pane: "survey-places", padding: 0.5 });
    /** @type {import("leaflet").LayerGroup} */
    this.group = L.layerGroup().addTo(map);
  }

  /** @param {PlaceFeature[]} places */
  show(places) {
    this.group.clearLayers();
    for (const { geometry, properties } of places) {
      const [lon, lat] = geometry.coordinates;
      const radius = Math.min(LARGEST, SMALLEST + STEP * (Math.sqrt(properties.participants) - 1));
      L.circleMarker([lat, lon], {
        pane: "survey-places",
        renderer: this.renderer,
        radius,
        className: "survey-place",
        bubblingMouseEvents: true,
      })
        .bindTooltip(answers(properties.participants))
        .addTo(this.group);
    }
  }
}

/**
 * The places behind an address; none without one.
 * @param {string | undefined} address
 * @param {AbortSignal} signal
 * @returns {Promise<PlaceFeature[]>}
 */
export async function placesAt(address, signal) {
  return address ? (await fetchJson(address, { signal })).features : [];
}
