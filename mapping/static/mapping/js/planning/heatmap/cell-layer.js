/**
 * Cells on the map, drawn on one canvas: thousands of them stay fluent. The canvas is an overlay that Leaflet moves
 * and scales while people zoom; afterwards it is drawn anew for what is in view.
 */

import { L } from "../../map/whole-leaflet.js";
import { Rings } from "./rings.js";

/** @typedef {import("./cells.js").CellSet<any>} AnyCells */
/** @typedef {{rings: import("./grids.js").Ring[], look: "up" | "down"}} Outline */

/** Below this edge on the screen outlines would cover what they outline. */
const OUTLINE_FROM = 20;

/** From this edge on the screen a cell has room for its number. */
const NUMBER_FROM = 44;

/** How much is drawn around the view, as a share of it. */
const MARGIN = 0.25;

/** Steps of the ramps from which numbers are written in light ink. */
const LIGHT_FROM = { heat: 3, change: 6 };

export class CellLayer {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {AnyCells | null} */
    this.set = null;
    /** @type {"heat" | "change"} */
    this.ramp = "heat";
    /** @type {(cell: any) => string} */
    this.label = () => "";
    this.rings = new Rings([], map);
    /** @type {import("leaflet").ImageOverlay | null} */
    this.surface = null;
    /** @type {{rings: Rings, look: "up" | "down"}[]} */
    this.outlines = [];
    this.canvas = document.createElement("canvas");
    this.canvas.className = "cells";
    this.marks = document.createElement("canvas");
    this.marks.className = "cell-outlines";
    this.overlays = [this.#addOverlay(this.canvas, "cells", 340), this.#addOverlay(this.marks, "cell-outlines", 365)];
    const pane = map.createPane("cell-mark");
    pane.style.zIndex = "370";
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: "cell-mark", padding: 0.5 });
    /** @type {import("leaflet").LayerGroup} */
    this.mark = L.layerGroup().addTo(map);
    map.on("moveend resize", () => this.draw());
    for (const scheme of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
      matchMedia(scheme).addEventListener("change", () => this.draw());
    }
  }

  /** @param {HTMLCanvasElement} canvas @param {string} name @param {number} height */
  #addOverlay(canvas, name, height) {
    const pane = this.map.createPane(name);
    pane.style.zIndex = String(height);
    pane.style.pointerEvents = "none";
    // Leaflet's SVG overlay takes any element and keeps it at its bounds, also while zooming.
    const element = /** @type {any} */ (canvas);
    return L.svgOverlay(element, this.map.getBounds(), { pane: name, interactive: false }).addTo(this.map);
  }

  /**
   * @param {import("./views.js").Layer} layer
   */
  show({ set, ramp, label, outlines, surface }) {
    this.#showSurface(surface);
    this.set = set;
    this.ramp = ramp;
    this.label = label;
    this.rings = new Rings(
      set.cells.map((cell) => ({ rings: cell.shape.rings(), step: set.stepOf(cell) })),
      this.map,
    );
    this.outlines = outlines.map(({ rings, look }) => ({
      rings: new Rings([{ rings, step: 0 }], this.map),
      look,
    }));
    this.draw();
  }

  /** Draw nothing. */
  clear() {
    this.#showSurface(null);
    this.set = null;
    this.rings = new Rings([], this.map);
    this.outlines = [];
    this.mark.clearLayers();
    this.draw();
  }

  /** @param {import("./views.js").Surface | null} surface */
  #showSurface(surface) {
    this.surface?.remove();
    this.surface = null;
    this.canvas.hidden = surface !== null;
    if (!surface) return;
    const [west, south, east, north] = surface.bounds;
    // The picture stands on this site whatever name its address was written with.
    const { pathname, search } = new URL(surface.picture, location.href);
    this.surface = L.imageOverlay(
      pathname + search,
      [
        [south, west],
        [north, east],
      ],
      { pane: "cells", interactive: false, className: "surface" },
    ).addTo(this.map);
  }

  /** The bounds of everything. @returns {import("leaflet").LatLngBounds | null} */
  bounds() {
    return this.rings.bounds();
  }

  /** Outline one cell, or none. @param {import("./grids.js").Shape | null} shape */
  select(shape) {
    this.mark.clearLayers();
    if (!shape) return;
    const shared = { renderer: this.renderer, pane: "cell-mark", interactive: false, fill: false };
    for (const ring of shape.rings()) {
      const corners = ring.map(([lon, lat]) => /** @type {[number, number]} */ ([lat, lon]));
      L.polygon(corners, { ...shared, className: "cell-mark cell-mark--casing" }).addTo(this.mark);
      L.polygon(corners, { ...shared, className: "cell-mark" }).addTo(this.mark);
    }
  }

  draw() {
    const bounds = this.map.getBounds().pad(MARGIN);
    const cells = this.#prepare(this.canvas, 0, bounds);
    const marks = this.#prepare(this.marks, 1, bounds);
    if (!cells || !marks || !this.set || this.set.cells.length === 0) return;
    const colours = coloursOf(this.canvas, this.ramp);
    const edge = this.rings.edge() * cells.scale;
    for (let step = 0; step < colours.steps.length; step += 1) {
      cells.context.beginPath();
      this.rings.trace(cells.context, step);
      cells.context.fillStyle = colours.steps[step];
      cells.context.fill("evenodd");
      if (edge >= OUTLINE_FROM) {
        cells.context.strokeStyle = colours.outline;
        cells.context.lineWidth = 1 / cells.scale;
        cells.context.stroke();
      }
    }
    for (const { rings, look } of this.outlines) this.#drawOutline(marks, rings, colours[look], look);
    const hasNumbers = !this.surface && this.set.grid.kind !== "district" && edge >= NUMBER_FROM;
    this.map.getContainer().classList.toggle("map--numbers", hasNumbers);
    if (hasNumbers) this.#writeNumbers(marks, colours);
  }

  /**
   * Fit a canvas to what is drawn; one unit of its context is a pixel of zoom 0.
   * @param {HTMLCanvasElement} canvas
   * @param {number} index of its overlay
   * @param {import("leaflet").LatLngBounds} bounds
   */
  #prepare(canvas, index, bounds) {
    const zoom = this.map.getZoom();
    const topLeft = this.map.project(bounds.getNorthWest(), zoom);
    const size = this.map.project(bounds.getSouthEast(), zoom).subtract(topLeft);
    const density = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(size.x * density);
    canvas.height = Math.round(size.y * density);
    this.overlays[index].setBounds(bounds);
    const context = canvas.getContext("2d");
    if (!context) return null;
    const scale = this.map.getZoomScale(zoom, 0);
    context.setTransform(scale * density, 0, 0, scale * density, -topLeft.x * density, -topLeft.y * density);
    return { context, scale, density, topLeft };
  }

  /**
   * A line with a casing, so that it is seen on every colour of the ramp.
   * @param {{context: CanvasRenderingContext2D, scale: number}} canvas
   * @param {Rings} rings
   * @param {string} colour
   * @param {"up" | "down"} look
   */
  #drawOutline({ context, scale }, rings, colour, look) {
    context.beginPath();
    rings.trace(context, 0);
    context.lineJoin = "round";
    context.strokeStyle = coloursOf(this.marks, this.ramp).casing;
    context.lineWidth = 5 / scale;
    context.setLineDash([]);
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = 2.5 / scale;
    context.setLineDash(look === "down" ? [6 / scale, 4 / scale] : []);
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * @param {{context: CanvasRenderingContext2D, scale: number, density: number, topLeft: import("leaflet").Point}} canvas
   * @param {ReturnType<typeof coloursOf>} colours
   */
  #writeNumbers({ context, density, topLeft }, colours) {
    const zoom = this.map.getZoom();
    context.setTransform(density, 0, 0, density, 0, 0);
    context.font = `600 13px ${colours.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const cell of this.set?.cells ?? []) {
      const [lon, lat] = cell.shape.centre;
      const point = this.map.project([lat, lon], zoom).subtract(topLeft);
      const step = this.set?.stepOf(cell) ?? 0;
      const isDark = step >= LIGHT_FROM[this.ramp] || (this.ramp === "change" && step === 0);
      context.fillStyle = isDark ? colours.lightInk : colours.darkInk;
      context.fillText(this.label(cell), point.x, point.y);
    }
  }
}

/**
 * The colours, read from the tokens each time: they may change with the colour scheme.
 * @param {Element} element
 * @param {"heat" | "change"} ramp
 */
function coloursOf(element, ramp) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const number = ramp === "heat" ? 5 : 7;
  return {
    steps: Array.from({ length: number }, (_, step) => read(`--${ramp}-${step + 1}`)),
    outline: read("--map-ground"),
    up: read("--significant-more"),
    down: read("--significant-fewer"),
    casing: read("--significant-casing"),
    lightInk: read("--on-heat-dark"),
    darkInk: read("--on-heat-light"),
    font: style.fontFamily,
  };
}
