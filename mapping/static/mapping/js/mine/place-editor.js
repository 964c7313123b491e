/**
 * `<place-editor>`: a map over the typed place of one's own contribution, to correct it by finger, mouse or keyboard.
 * The typed fields hold the place: what is moved on the map is written there, what is typed moves on the map. Without
 * this script typing remains.
 */

import { Crosshair } from "../contributing/crosshair.js";
import { Following } from "../contributing/following.js";
import { FARTHEST, outsideWords, tooFarWords, wordsOf } from "../contributing/place-hints.js";
import { addPlacingMarker } from "../contributing/placing-marker.js";
import { L } from "../map/leaflet.js";
import { createBaseMap, readMapConfig } from "../map/map.js";
import { AddressSearch } from "../map/search.js";
import { find } from "../site/elements.js";
import { positionsOf, readPlace, writePlace } from "./typed-place.js";

/** @typedef {import("./typed-place.js").Kind} Kind */
/** @typedef {import("geojson").Geometry | null} Geometry */
/**
 * @typedef {object} Config
 * @property {string} title
 * @property {string} marker
 * @property {string} colour
 * @property {string} slug
 * @property {Kind[]} geometryTypes
 * @property {number} smallestZoom
 * @property {string} addresses where streets are searched
 * @property {string} follow where ways along streets are; empty where there are none
 */

/** Zoom at which a street that was found is shown, and the place itself at most. */
const CLOSE = 17;
/** Pixels between the cross and the marker below which the cross would only hide it. */
const BESIDE = 24;

class PlaceEditor extends HTMLElement {
  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (this.closest("form"));
    /** @type {Config} */
    this.config = readMapConfig("place-config");
    /** @type {import("leaflet").Marker | null} */
    this.marker = null;
    /** @type {import("../map/drawing.js").Drawing | null} */
    this.drawing = null;
    /** @type {string} why a section of a line does not follow the streets */
    this.note = "";
    /** @type {Kind} */
    this.kind = this.config.geometryTypes[0];
    /** @type {Following} */
    this.following = new Following(
      { button: (name) => this.#button(name), announce: (words) => this.#announce(words) },
      this.config.follow,
      (words) => {
        this.note = words;
        this.#show();
      },
    );
    const frame = this.closest("details");
    if (!frame || frame.open) this.#start();
    // A map needs a size: it is made when it is shown.
    else frame.addEventListener("toggle", () => this.#start(), { once: true });
  }

  async #start() {
    if (!L) return; // Leaflet could not be loaded: the typed fields remain.
    const stage = this.#find("[data-stage]");
    stage.hidden = false;
    const typed = this.querySelector("[data-typed]");
    if (!typed?.querySelector("[aria-invalid]")) typed?.removeAttribute("open");
    this.base = await createBaseMap(this.#find("[data-map]"), readMapConfig("map-config"), {
      label: gettext("Map. Move it with the arrow keys, zoom with plus and minus, press Enter to put the place here."),
      missing: gettext("Base map not reachable."),
    });
    this.map = this.base.map;
    this.crosshair = new Crosshair(this.#find("[data-crosshair]"), this.base);
    this.#listen(this.map);
    this.#read();
    this.classList.add("is-ready");
  }

  /** @param {import("leaflet").Map} map */
  #listen(map) {
    for (const button of this.querySelectorAll("[data-kind]")) {
      button.addEventListener("click", () => {
        this.#begin(/** @type {Kind} */ (button.getAttribute("data-kind")), null);
        this.#write();
      });
    }
    this.#on("here", () => this.#mark(this.#centre));
    this.#on("undo", () => this.drawing?.undo());
    this.#on("finish", () => this.drawing?.finish());
    this.#on("again", () => this.drawing?.again());
    map.on("click", ({ latlng }) => {
      if (this.kind === "point") this.#mark(latlng);
    });
    map.on("move resize zoomend", () => this.#showCrosshair());
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== map.getContainer()) return;
      event.preventDefault();
      this.#mark(this.#centre);
    });
    this.querySelector("[data-typed]")?.addEventListener("change", () => this.#read());
    new AddressSearch(
      /** @type {HTMLInputElement} */ (this.#find("[data-search]")),
      this.#find("[data-results]"),
      this.config.addresses,
      {
        onChoose: ({ lat, lon }) => this.base?.show(L.latLng(lat, lon), Math.max(map.getZoom(), CLOSE)),
        announce: (words) => this.#announce(words),
      },
    );
  }

  /** Show what the typed fields say. */
  #read() {
    if (!this.form || !this.config) return;
    const { kind, geometry } = readPlace(this.form, this.config.geometryTypes);
    this.#begin(kind, geometry);
    if (!geometry) return;
    const bounds = L.latLngBounds(positionsOf(geometry).map(([lon, lat]) => L.latLng(lat, lon)));
    this.base?.fit(bounds, CLOSE);
  }

  /**
   * @param {Kind} kind
   * @param {Geometry} geometry
   */
  #begin(kind, geometry) {
    if (!this.map) return;
    this.marker?.remove();
    this.marker = null;
    this.drawing?.stop();
    this.drawing = null;
    this.note = "";
    this.kind = kind;
    for (const button of this.querySelectorAll("[data-kind]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-kind") === kind));
    }
    if (kind === "point") {
      if (geometry?.type === "Point") this.#put(L.latLng(geometry.coordinates[1], geometry.coordinates[0]));
    } else if (kind !== "none") {
      // What the drawing tools report while they begin is no change by the person.
      let isBegun = false;
      const drawing = this.following.begin(this.map, kind, this.config.colour, () => {
        if (isBegun) this.#write();
        this.#show();
      });
      this.drawing = drawing;
      drawing.start(geometry).then(
        () => {
          isBegun = true;
          this.#show();
        },
        () => this.#complain(gettext("The drawing tools could not be loaded. Please check your connection.")),
      );
    }
    this.#show();
  }

  /**
   * The place, or the next point of a drawing; where the map shows too much for the category, it zooms in first.
   * @param {import("leaflet").LatLng} latlng
   */
  #mark(latlng) {
    if (!this.map || !this.base) return;
    if (this.drawing) {
      this.drawing.add(latlng);
      return;
    }
    if (this.kind !== "point") return;
    const smallest = Math.min(Math.max(this.config.smallestZoom, FARTHEST), this.map.getMaxZoom());
    if (this.map.getZoom() < smallest) {
      this.base.show(latlng, smallest);
      this.#announce(tooFarWords());
      return;
    }
    this.#put(latlng);
    this.#write();
    this.#announce(gettext("The place is marked. You can still move it."));
  }

  /** @param {import("leaflet").LatLng} latlng */
  #put(latlng) {
    if (!this.map) return;
    if (this.marker) this.marker.setLatLng(latlng);
    else this.marker = addPlacingMarker(this.map, latlng, this.config, () => this.#write());
    this.#show();
  }

  /** @returns {Geometry} */
  get #geometry() {
    if (this.drawing) return this.drawing.geometry;
    const position = this.kind === "point" ? this.marker?.getLatLng().wrap() : undefined;
    return position ? { type: "Point", coordinates: [position.lng, position.lat] } : null;
  }

  /** Write what stands on the map into the typed fields. */
  #write() {
    if (!this.form || !this.kind) return;
    writePlace(this.form, this.kind, this.#geometry, Math.round(this.map?.getZoom() ?? 0));
    this.#show();
  }

  /** Bring words and buttons in line with what stands on the map. */
  #show() {
    const { drawing } = this;
    const isFinished = drawing?.isFinished === true;
    const isDrawing = drawing !== null && !isFinished;
    this.#find("[data-hint]").textContent = wordsOf(this.kind, isFinished || this.marker !== null, drawing?.count ?? 0);
    this.#button("here").hidden = this.kind === "none" || isFinished;
    this.#button("undo").hidden = drawing === null;
    this.#button("finish").hidden = !isDrawing;
    this.#button("undo").disabled = drawing === null || drawing.count === 0;
    this.#button("finish").disabled = !drawing?.canFinish;
    this.#button("again").hidden = !isFinished;
    this.#button("follow").hidden = !isDrawing || !drawing.canFollow;
    this.#showCrosshair();
    const geometry = this.#geometry;
    const isOutside =
      geometry !== null && positionsOf(geometry).some(([lon, lat]) => this.base?.contains([lon, lat]) === false);
    this.#complain(isOutside ? outsideWords() : this.note);
  }

  #showCrosshair() {
    if (!this.map) return;
    const cross = this.map.latLngToContainerPoint(this.#centre);
    const marked = this.marker && this.map.latLngToContainerPoint(this.marker.getLatLng());
    const isBeside = (marked?.distanceTo(cross) ?? BESIDE) >= BESIDE;
    this.crosshair?.show(this.kind !== "none" && this.drawing?.isFinished !== true && isBeside);
  }

  get #centre() {
    return this.base?.centre() ?? L.latLng(0, 0);
  }

  /** @param {string} words */
  #complain(words) {
    const problem = this.#find("[data-problem]");
    if (words && problem.textContent !== words) this.#announce(words);
    problem.textContent = words;
    problem.hidden = !words;
  }

  /** @param {string} words */
  #announce(words) {
    this.#find("[data-live]").textContent = words;
  }

  /**
   * @param {string} name
   * @param {() => void} action
   */
  #on(name, action) {
    this.#button(name).addEventListener("click", action);
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement} */ (this.#find(`[data-do='${name}']`));
  }

  /** @param {string} selector */
  #find(selector) {
    return find(this, selector);
  }
}

customElements.define("place-editor", PlaceEditor);
