/**
 * Drawing a line or an area with Leaflet-Geoman, steered by our own large buttons instead of its toolbar.
 *
 * Points are set by tapping, or (keyboard, precise thumbs) at the cross in the middle of the map. When the shape is
 * finished its points can be moved, and new ones pulled out of the middle of its edges, until it is sent.
 */

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
    this.isStopped = false;
    this.created = (/** @type {any} */ event) => this.#take(event.layer);
    this.drawn = () => onChange();
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
  }

  #draw() {
    this.map.pm.enableDraw(SHAPES[this.kind], {
      pathOptions: this.look,
      templineStyle: { className: "shape drawing shape--line drawing-line" },
      hintlineStyle: { className: "drawing-hint" },
      cursorMarker: false,
      finishOn: null,
    });
    this.#tool._layer.on("pm:vertexadded pm:vertexremoved pm:change", this.drawn);
    this.map.on("pm:drawstart", this.drawn);
    this.onChange();
  }

  /**
   * Set a point, as a tap there would.
   * @param {import("leaflet").LatLng} latlng
   */
  add(latlng) {
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
    const wasLast = this.count === 1;
    this.#tool._removeLastVertex(); // Removing the last point ends Geoman's drawing mode.
    if (wasLast) this.#draw();
    this.onChange();
  }

  finish() {
    if (!this.canFinish) return;
    this.#tool._finishShape();
    this.onChange();
  }

  /** Delete what is drawn, finished or not, and begin anew. */
  again() {
    if (!this.isReady) return;
    if (!this.layer) this.map.pm.disableDraw();
    this.layer?.pm.disable();
    this.layer?.remove();
    this.layer = null;
    this.#draw();
  }

  /** Go on with a finished shape point by point. */
  #reopen() {
    const positions = this.#positions();
    this.again();
    for (const latlng of positions) this.#tool._createVertex({ latlng });
    this.onChange();
  }

  /** Leave the finished shape on the map, without its handles. */
  rest() {
    this.layer?.pm.disable();
  }

  stop() {
    this.isStopped = true;
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
    layer.on("pm:edit pm:vertexremoved pm:markerdragend", this.drawn);
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
