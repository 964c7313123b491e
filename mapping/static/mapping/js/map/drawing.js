/**
 * Drawing a line or an area with Leaflet-Geoman, steered by our own large buttons instead of its toolbar.
 *
 * Points are set by tapping, or (keyboard, precise thumbs) at the cross in the middle of the map; what a tap added (a
 * point, or a way along streets, see `contributing/following.js`) is undone in one step. When the shape is
 * finished its points can be moved, and new ones pulled out of the middle of its edges, until it is sent.
 */

import { Sections } from "../contributing/sections.js";
import { L, loadDrawingTools } from "./leaflet.js";

/** @typedef {"line" | "polygon"} Kind */

const SHAPES = { line: "Line", polygon: "Polygon" };
const FEWEST = { line: 2, polygon: 3 };

export class Drawing {
  /**
   * @param {import("leaflet").Map} map
   * @param {Kind} kind
   * @param {string} colour palette name of the category
   * @param {() => void} onChange
   */
  constructor(map, kind, colour, onChange) {
    /** @type {any} Leaflet with Geoman's `pm` */
    this.map = map;
    this.kind = kind;
    this.look = { className: `shape drawing shape--${kind === "line" ? "line" : "area"} shape--${colour}` };
    this.onChange = onChange;
    /** @type {any} the finished shape */
    this.layer = null;
    /** The tools are loaded and take points. */
    this.isReady = false;
    /** @type {import("leaflet").LatLng[]} what was tapped before */
    this.early = [];
    this.isStopped = false;
    /** Its points can be changed. */
    this.isOpen = true;
    /** It can follow streets. */
    this.canFollow = false;
    /** @type {Sections<import("leaflet").LatLng>} what each tap added */
    this.sections = new Sections();
    /** @type {(section: import("../contributing/sections.js").Section<import("leaflet").LatLng>) => void} */
    this.onTap = () => {};
    this.isRewriting = false;
    this.created = (/** @type {any} */ event) => this.#take(event.layer);
    this.drawn = () => {
      if (!this.isRewriting) onChange();
    };
    this.tapped = (/** @type {any} */ event) => {
      if (!this.isRewriting) this.onTap(this.sections.add(event.latlng));
    };
    this.edited = () => {
      this.sections.clear();
      onChange();
    };
    this.added = (/** @type {any} */ event) => hideHandle(event.layer);
  }

  /** @returns {any} Geoman's drawing tool for this kind */
  get #tool() {
    return this.map.pm.Draw[SHAPES[this.kind]];
  }

  /** How many points are set so far. */
  get count() {
    if (this.layer) return this.#positions().length;
    return this.map.pm?.globalDrawModeEnabled() ? this.#tool._layer.getLatLngs().length : 0;
  }

  get isFinished() {
    return this.layer !== null;
  }

  get canFinish() {
    return !this.layer && this.count >= FEWEST[this.kind];
  }

  /** @param {import("geojson").Geometry | null} [geometry] begin with this one, finished */
  async start(geometry = null) {
    await loadDrawingTools();
    if (this.isStopped) return;
    this.isReady = true;
    /** @type {any} */ (L).PM.reInitLayer(this.map);
    this.map.pm.setGlobalOptions({ snappable: false, allowSelfIntersection: this.kind === "line", tooltips: false });
    this.map.on("pm:create", this.created);
    this.map.on("layeradd", this.added);
    if (geometry)
      this.#take(/** @type {any} */ (L.GeoJSON.geometryToLayer({ type: "Feature", properties: {}, geometry })));
    else this.#draw();
    for (const latlng of this.early.splice(0)) this.add(latlng);
  }

  #draw() {
    this.map.pm.enableDraw(SHAPES[this.kind], {
      pathOptions: this.look,
      templineStyle: { className: "shape drawing shape--line drawing-line" },
      hintlineStyle: { className: "drawing-hint" },
      cursorMarker: false,
      finishOn: null,
    });
    this.#tool._layer.on("pm:vertexadded", this.tapped);
    this.#tool._layer.on("pm:vertexadded pm:vertexremoved pm:change", this.drawn);
    this.map.on("pm:drawstart", this.drawn);
    this.onChange();
  }

  /**
   * Set a point, as a tap there would; later, where the tools are still under way.
   * @param {import("leaflet").LatLng} latlng
   */
  add(latlng) {
    if (!this.isReady) this.early.push(latlng);
    if (this.layer || !this.isReady) return;
    this.#tool._createVertex({ latlng });
    this.onChange();
  }

  /** Take the last point away; of a finished shape only that it is finished. */
  undo() {
    if (this.layer) {
      this.#reopen();
      return;
    }
    if (this.count === 0) return;
    const left = this.count - this.sections.takeBack();
    if (left > 0) this.#rewrite(left, []);
    else this.again(); // Removing the last point would end Geoman's drawing mode.
    this.onChange();
  }

  finish() {
    if (!this.canFinish) return;
    this.#tool._finishShape();
    this.onChange();
  }

  /**
   * Put a way in place of what a tap added.
   * @param {import("../contributing/sections.js").Section<import("leaflet").LatLng>} section
   * @param {[number, number][]} way lon/lat, from the tap before
   * @returns {boolean} false where the section is gone, or the line would be too long
   */
  follow(section, way) {
    const points = this.layer ? this.#positions() : this.#tool._layer.getLatLngs();
    const latlngs = way.map(([lng, lat]) => L.latLng(lat, lng));
    const line = this.sections.follow(section, latlngs, points, (one, other) => one.equals(other, 1e-6));
    if (!line) return false;
    const wasFinished = this.isFinished;
    if (wasFinished) this.#reopen();
    this.#rewrite(line.kept, line.points.slice(line.kept));
    if (wasFinished) this.finish();
    this.onChange();
    return true;
  }

  /**
   * Keep so many points, and add others.
   * @param {number} kept
   * @param {import("leaflet").LatLng[]} latlngs
   */
  #rewrite(kept, latlngs) {
    this.isRewriting = true;
    if (kept === 0) this.#clear();
    else while (this.count > kept) this.#tool._removeLastVertex();
    for (const latlng of latlngs) this.#tool._createVertex({ latlng });
    this.isRewriting = false;
  }

  /** Delete what is drawn, finished or not, and begin anew. */
  again() {
    if (!this.isReady) return;
    this.sections.clear();
    this.#clear();
  }

  #clear() {
    if (!this.layer) this.map.pm.disableDraw();
    this.layer?.pm.disable();
    this.layer?.remove();
    this.layer = null;
    this.#draw();
  }

  /** Go on with a finished shape point by point. */
  #reopen() {
    const positions = this.#positions();
    this.sections.fit(positions);
    this.#rewrite(0, positions);
    this.onChange();
  }

  /** Leave the finished shape on the map, without its handles. */
  rest() {
    this.isOpen = false;
    this.layer?.pm.disable();
  }

  stop() {
    this.isStopped = true;
    this.isOpen = false;
    this.isReady = false;
    this.map.off("pm:create", this.created);
    this.map.off("layeradd", this.added);
    this.map.off("pm:drawstart", this.drawn);
    this.map.pm?.disableDraw();
    this.layer?.pm.disable();
    this.layer?.remove();
    this.layer = null;
  }

  /** @returns {import("geojson").Geometry | null} with seven decimals (about a centimetre) */
  get geometry() {
    return this.layer ? this.layer.toGeoJSON(7).geometry : null;
  }

  /** @returns {[number, number][]} lon/lat of every point */
  get places() {
    return this.#positions().map(({ lng, lat }) => [lng, lat]);
  }

  /** @returns {import("leaflet").LatLng[]} */
  #positions() {
    if (!this.layer) return [];
    const positions = this.layer.getLatLngs();
    return this.kind === "polygon" ? positions[0] : positions;
  }

  /** @param {any} layer */
  #take(layer) {
    this.layer = layer;
    layer.options.className = this.look.className;
    layer.addTo(this.map);
    layer.getElement()?.setAttribute("class", `${this.look.className} leaflet-interactive`);
    layer.pm.enable({ allowSelfIntersection: this.kind === "line", snappable: false, preventMarkerRemoval: false });
    layer.on("pm:edit pm:vertexremoved pm:markerdragend", this.edited);
    this.onChange();
  }
}

/**
 * Geoman's handles are for the pointer only, though Leaflet makes buttons of them: nameless stops on the way of
 * keyboards and screen readers, which have our own buttons.
 * @param {any} layer
 */
function hideHandle(layer) {
  const handle = layer.getElement?.();
  if (!handle?.classList.contains("marker-icon")) return;
  handle.removeAttribute("tabindex");
  handle.removeAttribute("role");
  handle.setAttribute("aria-hidden", "true");
}
