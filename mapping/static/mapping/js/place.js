/**
 * The step in which a place is chosen: a point by tapping, at the cross in the middle of the map ("Place here", also
 * with the keyboard), by position or by search; a line or an area by drawing. Where the map shows too much for the
 * category, all of these zoom in first.
 *
 * The position of the device becomes a marker only where it is exact and inside the area. Else the cross is put there,
 * with a circle of how exact it is, and people move the map; or they are led back to the area.
 */

import { Crosshair } from "./contributing/crosshair.js";
import { Following } from "./contributing/following.js";
import { FARTHEST, kindOf, rounded, unsureWords } from "./contributing/place-hints.js";
import { PlacePanel } from "./contributing/place-panel.js";
import { PlaceWords } from "./contributing/place-words.js";
import { addPlacingMarker } from "./contributing/placing-marker.js";
import { findPosition, judge, Position } from "./contributing/position.js";
import { L } from "./map/leaflet.js";
import { AddressSearch } from "./map/search.js";
import { find } from "./site/elements.js";

export { find };

/** @typedef {"point" | "line" | "polygon" | "none"} Kind */
/** @typedef {import("geojson").Geometry | null} Geometry */

/** Zoom at which a found street or position is shown, close enough to point at a house. */
const CLOSE = 17;

export class PlaceStep {
  /**
   * @param {HTMLElement} root the step's element
   * @param {import("./map/map.js").BaseMap} base
   * @param {import("./campaign.js").Config} config
   * @param {{
   *   onDone: (geometry: Geometry, zoom: number | null) => void,
   *   onWords: () => void,
   *   announce: (words: string) => void,
   * }} events onWords: where the place lies is known in words
   */
  constructor(root, base, config, events) {
    this.base = base;
    this.map = base.map;
    this.events = events;
    /** @type {import("./campaign.js").CategoryConfig | null} */
    this.category = null;
    /** @type {Kind} */
    this.kind = "point";
    /** @type {import("leaflet").Marker | null} */
    this.marker = null;
    /** @type {import("./map/drawing.js").Drawing | null} */
    this.drawing = null;
    this.isActive = false;
    /** What is to be known until the map is touched. */
    this.note = "";
    /** The marker is where the device is; whoever moves the map wants another place. */
    this.isFromPosition = false;
    /** The cross lies on an inexact position, and nobody has moved the map since. */
    this.isUnsure = false;
    this.panel = new PlacePanel(root, {
      announce: events.announce,
      onKind: (kind) => {
        this.#touched();
        this.#begin(kind, this.panel.exchange(this.kind, this.geometry, kind));
      },
    });
    this.following = new Following(this.panel, config.urls.follow, (words) => this.#tell(words));
    this.crosshair = new Crosshair(find(document, "[data-crosshair]"), base);
    this.position = new Position(base.map);
    this.where = new PlaceWords(find(root, "[data-place-words]"), config.urls.placeWords, events.onWords);
    this.search = new AddressSearch(
      /** @type {HTMLInputElement} */ (find(root, "[data-search]")),
      find(root, "[data-results]"),
      config.urls.addresses,
      { onChoose: ({ lon, lat }) => this.#found(L.latLng(lat, lon)), announce: events.announce },
    );
    this.panel.on("next", () => this.#next());
    this.panel.on("locate", () => this.#locate());
    this.panel.on("add", () => this.#mark(this.base.centre()));
    this.panel.on("undo", () => this.drawing?.undo());
    this.panel.on("again", () => this.drawing?.again());
    this.panel.on("area", () => this.#goToArea());
    this.#listenToMap();
  }

  #listenToMap() {
    const container = this.map.getContainer();
    this.map.on("click", (event) => {
      // Once the tools are there, they take taps themselves.
      const isOurs = this.kind === "point" || this.#isWaiting() || this.drawing?.isReady === false;
      if (this.isActive && isOurs) this.#mark(event.latlng);
    });
    this.map.on("zoomend", () => this.#zoomed());
    this.map.on("moveend", () => {
      if (this.crosshair.settle() && this.isActive) this.#changed();
    });
    this.map.on("resize", () => this.resized());
    this.map.on("dragstart", () => this.#lift());
    for (const name of ["pointerdown", "wheel"]) {
      container.addEventListener(name, () => this.#touched(), { passive: true, capture: true });
    }
    container.addEventListener("keydown", (event) => {
      if (!this.isActive || event.target !== container) return;
      if (event.key.startsWith("Arrow")) {
        this.#touched();
        this.#lift();
      } else if (event.key === "Enter") {
        event.preventDefault();
        this.#mark(this.base.centre());
      }
    });
  }

  /** Contributing begins. */
  async prepare() {
    await this.position.prepare();
    this.#useFirstPosition();
  }

  /**
   * @param {import("./campaign.js").CategoryConfig} category
   * @param {Geometry} geometry what was chosen before
   * @param {string} [problem] why the server did not take it
   */
  start(category, geometry, problem = "") {
    this.stop();
    this.category = category;
    this.isActive = true;
    const types = category.geometryTypes;
    this.panel.offerKinds(types);
    const given = geometry ? kindOf(geometry) : null;
    const kind = given && types.includes(given) ? given : /** @type {Kind} */ (types[0]);
    this.#begin(kind, kind === given ? geometry : null);
    if (this.marker) this.crosshair.aimAt(this.marker.getLatLng());
    else if (!geometry && this.#isFarAway()) this.crosshair.comeIn();
    if (problem) this.#tell(problem);
    this.#useFirstPosition();
  }

  /** Chosen, and being described now: still to be seen, no longer to be moved. */
  rest() {
    this.isActive = false;
    this.crosshair.show(false);
    this.marker?.dragging?.disable();
    this.drawing?.rest();
    this.search.clear();
    this.#forgetPosition();
  }

  stop() {
    this.isActive = false;
    this.#clear();
    this.crosshair.show(false);
    this.search.clear();
    this.where.clear();
  }

  #clear() {
    this.marker?.remove();
    this.marker = null;
    this.drawing?.stop();
    this.drawing = null;
    this.note = "";
    this.#forgetPosition();
  }

  /** Panel or window have another size. */
  resized() {
    if (this.isActive) this.crosshair.keep();
  }

  /** @returns {Geometry} */
  get geometry() {
    if (this.kind === "none") return null;
    if (this.kind !== "point") return this.drawing?.geometry ?? null;
    if (!this.marker) return null;
    const { lng, lat } = this.marker.getLatLng().wrap();
    return { type: "Point", coordinates: [rounded(lng), rounded(lat)] };
  }

  /**
   * @param {Kind} kind
   * @param {Geometry} geometry
   */
  #begin(kind, geometry) {
    this.#clear();
    this.kind = kind;
    this.panel.chooseKind(kind);
    if (kind === "point") {
      if (geometry?.type === "Point") this.#put(L.latLng(geometry.coordinates[1], geometry.coordinates[0]));
    } else if (geometry || !this.#isTooFar()) this.#draw(geometry);
    this.#changed();
  }

  /** @param {Geometry} [geometry] begin with this one, finished */
  #draw(geometry = null) {
    if (this.kind === "none" || this.kind === "point" || !this.category) return;
    this.drawing = this.following.begin(this.map, this.kind, this.category.colour, () => this.#changed());
    this.drawing
      .start(geometry)
      .catch(() => this.#tell(gettext("The drawing tools could not be loaded. Please check your connection.")));
  }

  get #smallestZoom() {
    return Math.min(this.category?.smallestZoom ?? 0, this.map.getMaxZoom());
  }

  /** From where a place is pointed at; lines and areas may be long. */
  get #pointingZoom() {
    return this.kind === "point" ? Math.max(this.#smallestZoom, FARTHEST) : this.#smallestZoom;
  }

  /** Whether the map shows too much to place anything of the category. */
  #isTooFar() {
    return this.kind !== "none" && this.map.getZoom() < this.#smallestZoom;
  }

  /** Whether the cross covers too much to take what lies under it. */
  #isFarAway() {
    return this.kind !== "none" && this.map.getZoom() < this.#pointingZoom;
  }

  /** Whether a drawing has not begun because the map shows too much. */
  #isWaiting() {
    return (this.kind === "line" || this.kind === "polygon") && this.drawing === null;
  }

  /** Put the marker or the next point there, or zoom in there first. @param {import("leaflet").LatLng} latlng */
  #mark(latlng) {
    if (this.drawing) this.drawing.add(latlng);
    else if (this.#isTooFar()) this.base.show(latlng, this.#smallestZoom);
    else if (this.kind === "point") {
      this.#forgetPosition();
      this.#put(latlng);
      // A finger covers half a quarter on a map of the city: people see from near where their marker is.
      if (this.#isFarAway() && this.#isInside()) this.base.show(latlng, this.#pointingZoom);
    }
  }

  /** A drawing begins when the map is near enough, and goes on from any distance: lines may be long. */
  #zoomed() {
    if (!this.isActive) return;
    if (this.#isWaiting() && !this.#isTooFar()) this.#draw();
    this.#changed();
  }

  /** @param {import("leaflet").LatLng} latlng */
  #put(latlng) {
    if (!this.category) return;
    if (this.marker) this.marker.setLatLng(latlng);
    else {
      this.marker = addPlacingMarker(this.map, latlng, this.category, () => {
        this.#forgetPosition();
        this.#changed();
      });
    }
    this.#changed();
    if (this.#isInside()) this.events.announce(gettext("The place is marked. You can still move it."));
  }

  /** Whoever moves the map away from the own position looks for another place: the marker gives way to the cross. */
  #lift() {
    if (!this.isActive || !this.isFromPosition) return;
    this.isFromPosition = false;
    this.marker?.remove();
    this.marker = null;
    this.#changed();
  }

  /** The button for it vanishes then: whoever pressed it with the keyboard goes on at the map. */
  #goToArea() {
    this.base.fitArea();
    this.map.getContainer().focus();
  }

  /** @param {import("leaflet").LatLng} latlng of a search */
  #found(latlng) {
    this.#touched();
    this.#forgetPosition();
    this.base.show(latlng, Math.max(this.map.getZoom(), CLOSE));
    if (this.kind === "point") this.#put(latlng);
  }

  /** A position that was asked for when contributing began, unless people have begun to look for a place themselves. */
  async #useFirstPosition() {
    if (!this.isActive) return;
    const fix = await this.position.arrived();
    if (fix && this.isActive && !this.marker && !this.drawing?.count) this.#take(fix);
  }

  async #locate() {
    const button = this.panel.button("locate");
    button.disabled = true;
    try {
      const fix = await findPosition();
      if (this.isActive) this.#take(fix);
    } catch (error) {
      if (this.isActive) this.#tell(/** @type {Error} */ (error).message);
    } finally {
      button.disabled = false;
    }
  }

  /** Show the position as exactly as it is known. @param {import("./contributing/position.js").Fix} fix */
  #take(fix) {
    const latlng = L.latLng(fix.lat, fix.lon);
    const verdict = judge(fix, this.base.contains);
    this.#forgetPosition();
    if (verdict === "outside") {
      this.base.fitArea();
      this.#tell(gettext("You are outside the area of this campaign. Please mark a place inside the outline."));
      return;
    }
    const circle = this.position.draw(fix);
    this.note = "";
    if (verdict === "exact") {
      this.base.show(latlng, Math.max(this.map.getZoom(), CLOSE));
      if (this.kind !== "point") return;
      this.#put(latlng);
      this.isFromPosition = true;
      return;
    }
    if (this.kind === "point") {
      this.marker?.remove();
      this.marker = null;
    }
    this.base.fit(circle.getBounds(), CLOSE, false);
    this.base.show(latlng, undefined, false);
    this.isUnsure = this.kind === "point";
    this.#tell(unsureWords(fix.accuracy));
  }

  #forgetPosition() {
    this.position.forget();
    this.isFromPosition = false;
    this.isUnsure = false;
  }

  #touched() {
    if (!this.isActive) return;
    this.position.isTouched = true;
    this.isUnsure = false;
    this.note = "";
  }

  #next() {
    if (this.#isWaiting()) this.#mark(this.base.centre());
    else if (this.drawing && !this.drawing.isFinished) this.drawing.finish();
    else if (this.kind === "point" && (!this.marker || !this.#isInside())) this.#placeAtCross();
    else this.#finish();
  }

  /** Mark what the cross lies on and go on, in one tap; from far away and where it is unsure, the next one does. */
  #placeAtCross() {
    const centre = this.base.centre();
    if (this.#isFarAway()) this.base.show(centre, this.#pointingZoom);
    else if (this.isUnsure) {
      // Whoever presses once more knows better than the device.
      this.isUnsure = false;
      this.events.announce(this.note);
    } else {
      this.#forgetPosition();
      this.#put(centre);
      this.#finish();
    }
  }

  #finish() {
    if (!this.#isInside()) return;
    this.events.onDone(this.geometry, this.kind === "none" ? null : Math.round(this.map.getZoom()));
  }

  #isInside() {
    if (this.kind === "none") return true;
    if (this.#isWaiting()) return false;
    if (this.drawing) return this.drawing.places.every((place) => this.base.contains(place));
    const position = this.marker?.getLatLng();
    return position !== undefined && this.base.contains([position.lng, position.lat]);
  }

  /** Bring words and buttons in line with what is chosen. */
  #changed() {
    if (!this.isActive) return;
    const { marker, drawing, kind, note } = this;
    const isChosen = kind === "none" || marker !== null || drawing?.isFinished === true;
    const { lng, lat } = (marker?.getLatLng() ?? this.base.centre()).wrap();
    const isCrossOutside = kind === "point" && !this.#isTooFar() && !this.base.contains([lng, lat]);
    const isOutside = isChosen ? !this.#isInside() : isCrossOutside;
    const isTooFar = this.#isTooFar() && drawing === null && (!isChosen || isOutside);
    this.crosshair.show(kind !== "none" && (!isChosen || (isOutside && kind === "point")));
    this.panel.show({ kind, isChosen, isOutside, isTooFar, isFarAway: this.#isFarAway(), drawing, note });
    if (kind === "point") this.where.look(lng, lat);
    else this.where.clear();
  }

  /** @param {string} words */
  #tell(words) {
    this.note = words;
    this.#changed();
  }
}
