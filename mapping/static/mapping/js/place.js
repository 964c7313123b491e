/**
 * The step in which a place is chosen: a point by tapping, at the cross in the middle of the map ("Place here", also
 * with the keyboard), by position or by search; a line or an area by drawing. Where the map shows too much for the
 * category, all of these zoom in first.
 */

import { Drawing } from "./drawing.js";
import { L } from "./leaflet.js";
import { categoryIcon } from "./markers.js";
import { AddressSearch } from "./search.js";

/** @typedef {"point" | "line" | "polygon" | "none"} Kind */
/** @typedef {import("geojson").Geometry | null} Geometry */

/** Zoom at which a found street or position is shown, close enough to point at a house. */
const CLOSE = 17;

export class PlaceStep {
  /**
   * @param {HTMLElement} root the step's element
   * @param {import("./map.js").BaseMap} base
   * @param {import("./campaign.js").Config} config
   * @param {{onDone: (geometry: Geometry, zoom: number | null) => void, announce: (words: string) => void}} events
   */
  constructor(root, base, config, events) {
    this.root = root;
    this.base = base;
    this.map = base.map;
    this.events = events;
    /** @type {import("./campaign.js").CategoryConfig | null} */
    this.category = null;
    /** @type {Kind} */
    this.kind = "point";
    /** @type {import("leaflet").Marker | null} */
    this.marker = null;
    /** @type {Drawing | null} */
    this.drawing = null;
    this.isActive = false;
    this.wasTooFar = false;

    this.title = find(root, "[data-where-title]");
    this.hint = find(root, "[data-hint]");
    this.problem = find(root, "[data-place-problem]");
    this.kinds = find(root, "[data-kinds]");
    this.tools = find(root, "[data-tools]");
    this.next = /** @type {HTMLButtonElement} */ (find(root, "[data-do='next']"));
    this.crosshair = find(document, "[data-crosshair]");
    this.search = new AddressSearch(
      /** @type {HTMLInputElement} */ (find(root, "[data-search]")),
      find(root, "[data-results]"),
      config.urls.addresses,
      { onChoose: ({ lon, lat }) => this.#show(L.latLng(lat, lon)), announce: events.announce },
    );

    for (const button of this.kinds.querySelectorAll("[data-kind]")) {
      button.addEventListener("click", () => this.#begin(/** @type {Kind} */ (button.getAttribute("data-kind")), null));
    }
    this.next.addEventListener("click", () => this.#next());
    this.#on("locate", () => this.#locate());
    this.#on("add", () => this.#mark(this.base.centre()));
    this.#on("undo", () => this.drawing?.undo());
    this.#on("again", () => this.drawing?.again());
    this.map.on("click", (event) => {
      if (this.isActive && (this.kind === "point" || this.#isWaiting())) this.#mark(event.latlng);
    });
    this.map.on("zoomend", () => this.#zoomed());
    this.map.on("move resize", () => this.placeCrosshair());
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (!this.isActive || event.key !== "Enter" || event.target !== this.map.getContainer()) return;
      event.preventDefault();
      this.#mark(this.base.centre());
    });
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
    this.kinds.hidden = types.length < 2;
    for (const button of this.kinds.querySelectorAll("[data-kind]")) {
      /** @type {HTMLElement} */ (button).hidden = !types.includes(button.getAttribute("data-kind") ?? "");
    }
    const given = geometry ? kindOf(geometry) : null;
    const kind = given && types.includes(given) ? given : /** @type {Kind} */ (types[0]);
    this.#begin(kind, kind === given ? geometry : null);
    if (problem) this.#complain(problem);
  }

  /** Chosen, and being described now: still to be seen, no longer to be moved. */
  rest() {
    this.isActive = false;
    this.crosshair.hidden = true;
    this.marker?.dragging?.disable();
    this.drawing?.rest();
    this.search.clear();
  }

  stop() {
    this.isActive = false;
    this.marker?.remove();
    this.marker = null;
    this.drawing?.stop();
    this.drawing = null;
    this.crosshair.hidden = true;
    this.search.clear();
  }

  /** Put the cross into the middle of what the panel leaves of the map. */
  placeCrosshair() {
    if (this.crosshair.hidden) return;
    const { x, y } = this.map.latLngToContainerPoint(this.base.centre());
    this.crosshair.style.left = `${x}px`;
    this.crosshair.style.top = `${y}px`;
  }

  /** @returns {Geometry} */
  get geometry() {
    if (this.kind === "none") return null;
    if (this.kind !== "point") return this.drawing?.geometry ?? null;
    if (!this.marker) return null;
    const { lng, lat } = this.marker.getLatLng().wrap();
    return { type: "Point", coordinates: [round(lng), round(lat)] };
  }

  /**
   * @param {Kind} kind
   * @param {Geometry} geometry
   */
  #begin(kind, geometry) {
    this.marker?.remove();
    this.marker = null;
    this.drawing?.stop();
    this.drawing = null;
    this.kind = kind;
    for (const button of this.kinds.querySelectorAll("[data-kind]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-kind") === kind));
    }
    this.#complain("");
    if (kind === "point") {
      if (geometry?.type === "Point") this.#put(L.latLng(geometry.coordinates[1], geometry.coordinates[0]));
    } else if (geometry || !this.#isTooFar()) this.#draw(geometry);
    this.#changed();
  }

  /** @param {Geometry} [geometry] begin with this one, finished */
  #draw(geometry = null) {
    if (this.kind === "none" || this.kind === "point" || !this.category) return;
    this.drawing = new Drawing(this.map, this.kind, this.category.colour, () => this.#changed());
    this.drawing
      .start(geometry)
      .catch(() => this.#complain(gettext("The drawing tools could not be loaded. Please check your connection.")));
  }

  get #smallestZoom() {
    return Math.min(this.category?.smallestZoom ?? 0, this.map.getMaxZoom());
  }

  /** Whether the map shows too much to place anything of the category. */
  #isTooFar() {
    return this.kind !== "none" && this.map.getZoom() < this.#smallestZoom;
  }

  /** Whether a drawing has not begun because the map shows too much. */
  #isWaiting() {
    return (this.kind === "line" || this.kind === "polygon") && this.drawing === null;
  }

  /**
   * Put the marker or the next point of a drawing there, or zoom in there first.
   * @param {import("leaflet").LatLng} latlng
   */
  #mark(latlng) {
    if (this.drawing) this.drawing.add(latlng);
    else if (this.#isTooFar()) this.base.show(latlng, this.#smallestZoom);
    else if (this.kind === "point") this.#put(latlng);
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
      this.marker = L.marker(latlng, {
        icon: categoryIcon(this.category, { selected: true, own: true }),
        draggable: true,
        autoPan: true,
        keyboard: false,
        zIndexOffset: 2000,
        alt: "",
      }).addTo(this.map);
      this.marker.getElement()?.classList.add("map-marker--placing");
      this.marker.on("dragend", () => this.#changed());
    }
    this.#changed();
    if (this.#isInside()) this.events.announce(gettext("The place is marked. You can still move it."));
  }

  /** @param {import("leaflet").LatLng} latlng */
  #show(latlng) {
    this.base.show(latlng, Math.max(this.map.getZoom(), CLOSE));
    if (this.kind === "point") this.#put(latlng);
  }

  #locate() {
    const button = /** @type {HTMLButtonElement} */ (find(this.root, "[data-do='locate']"));
    if (!("geolocation" in navigator)) {
      this.#complain(gettext("This browser does not tell the position. Please tap on the map or search."));
      return;
    }
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        this.#show(L.latLng(coords.latitude, coords.longitude));
      },
      () => {
        button.disabled = false;
        this.#complain(gettext("Your position could not be found. Please tap on the map or search for a street."));
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  }

  #next() {
    if (this.#isWaiting() || (this.kind === "point" && (!this.marker || !this.#isInside()))) {
      this.#mark(this.base.centre());
      return;
    }
    if (this.drawing && !this.drawing.isFinished) {
      this.drawing.finish();
      return;
    }
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
    const { marker, drawing } = this;
    const chosen = this.kind === "none" || marker !== null || drawing?.isFinished === true;
    const outside = chosen && !this.#isInside();
    const isTooFar = this.#isTooFar() && drawing === null && (!chosen || outside);
    const tooFar = gettext("The map shows too much to mark a place exactly. Please zoom in.");
    this.title.textContent = titleOf(this.kind);
    this.hint.textContent = isTooFar ? tooFar : hintOf(this.kind, chosen, drawing?.count ?? 0);
    if (isTooFar !== this.wasTooFar) {
      this.wasTooFar = isTooFar;
      if (isTooFar) this.events.announce(tooFar);
      else if (!chosen) this.events.announce(gettext("Near enough: now you can mark the place."));
    }
    find(this.root, ".place__find").hidden = this.kind === "none";
    this.tools.hidden = drawing === null;
    if (drawing) {
      const add = /** @type {HTMLButtonElement} */ (find(this.root, "[data-do='add']"));
      add.hidden = drawing.isFinished;
      add.disabled = !drawing.isReady;
      find(this.root, "[data-do='undo']").hidden = drawing.isFinished;
      find(this.root, "[data-do='again']").hidden = !drawing.isFinished;
      /** @type {HTMLButtonElement} */ (find(this.root, "[data-do='undo']")).disabled = drawing.count === 0;
    }
    this.crosshair.hidden = this.kind === "none" || (chosen && !(outside && this.kind === "point"));
    this.placeCrosshair();
    this.#complain(
      outside
        ? gettext("This place lies outside the area of this campaign. Please choose one inside the outline.")
        : "",
    );
    if (isTooFar) this.next.textContent = gettext("Zoom in first");
    else if (this.kind === "point" && (!chosen || outside)) this.next.textContent = gettext("Place here");
    else if (drawing && !drawing.isFinished) this.next.textContent = gettext("Finish drawing");
    else this.next.textContent = gettext("Continue");
    this.next.disabled = drawing !== null && (drawing.isFinished ? outside : !drawing.canFinish);
  }

  /** @param {string} words */
  #complain(words) {
    if (this.problem.textContent !== words) {
      this.problem.textContent = words;
      if (words) this.events.announce(words);
    }
    this.problem.hidden = !words;
  }

  /**
   * @param {string} name
   * @param {() => void} action
   */
  #on(name, action) {
    find(this.root, `[data-do='${name}']`).addEventListener("click", action);
  }
}

/** @param {Kind} kind */
function titleOf(kind) {
  if (kind === "line") return gettext("Draw the line");
  if (kind === "polygon") return gettext("Draw the area");
  if (kind === "none") return gettext("Without a place");
  return gettext("Where is it?");
}

/**
 * @param {Kind} kind
 * @param {boolean} chosen
 * @param {number} count
 */
function hintOf(kind, chosen, count) {
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

/**
 * @param {import("geojson").Geometry} geometry
 * @returns {Kind}
 */
function kindOf(geometry) {
  if (geometry.type === "LineString") return "line";
  return geometry.type === "Polygon" ? "polygon" : "point";
}

/** Seven decimals are about a centimetre. @param {number} degrees */
function round(degrees) {
  return Math.round(degrees * 1e7) / 1e7;
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function find(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`${selector} is missing`);
  return found;
}
