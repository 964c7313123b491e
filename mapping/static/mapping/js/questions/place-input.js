/**
 * `<place-input>`: a small map above a field for coordinates. A tap, or the button for the middle of the map, fills the
 * field; what is typed moves the marker. Made when it comes into view, since steps of a survey may be hidden.
 */

import { L } from "../map/leaflet.js";
import { createBaseMap, readMapConfig } from "../map/map.js";
import { makeButton } from "../site/elements.js";

/** Six decimals are about ten centimetres. */
const DECIMALS = 6;
const CLOSE = 16;
const LOOK = "button button--small";
const PAIR = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

class PlaceInput extends HTMLElement {
  connectedCallback() {
    const element = this.querySelector("[data-map]");
    const input = this.querySelector("input");
    // Pages of campaigns without an area have no map: the field for coordinates is enough.
    if (!(element instanceof HTMLElement) || !input || !document.getElementById("map-config")) return;
    this.input = input;
    element.hidden = false;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      this.#start(element);
    });
    observer.observe(element);
    input.addEventListener("input", () => this.#read());
    input.form?.addEventListener("restored", () => this.#read());
  }

  /** @param {HTMLElement} element */
  async #start(element) {
    this.base = await createBaseMap(element, readMapConfig("map-config"), {
      missing: gettext("Base map not reachable, you can still place."),
    });
    const { map } = this.base;
    map.on("click", ({ latlng }) => this.#put(latlng));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      event.preventDefault();
      this.#put(map.getCenter());
    });
    element.after(this.#tools());
    this.#read();
  }

  #tools() {
    const tools = document.createElement("p");
    tools.className = "place-input__tools";
    tools.append(
      makeButton(
        LOOK,
        gettext("Choose the middle of the map"),
        () => this.base && this.#put(this.base.map.getCenter()),
      ),
      makeButton(LOOK, gettext("No place"), () => this.#write("")),
    );
    return tools;
  }

  /** @param {import("leaflet").LatLng} latlng */
  #put(latlng) {
    const { lng, lat } = latlng.wrap();
    this.#write(`${lng.toFixed(DECIMALS)}, ${lat.toFixed(DECIMALS)}`);
  }

  /** @param {string} words */
  #write(words) {
    if (!this.input) return;
    this.input.value = words;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #read() {
    const { base, input } = this;
    if (!base || !input) return;
    const found = input.value.match(PAIR);
    this.marker?.remove();
    this.marker = null;
    if (!found) return;
    const place = L.latLng(Number(found[2]), Number(found[1]));
    if (Math.abs(place.lat) > 90) return;
    this.marker = L.circleMarker(place, { radius: 9, weight: 4, className: "place-input__marker" }).addTo(base.map);
    if (!base.map.getBounds().contains(place)) base.show(place, CLOSE);
  }
}

customElements.define("place-input", PlaceInput);
