/**
 * Cells on the map, drawn on one canvas: thousands of them stay fluent. The canvas is an overlay that Leaflet moves
 * and scales while people zoom; afterwards it is drawn anew for what is in view.
 */

import { L } from "../leaflet.js";
import { CLASSES, cornersOf } from "./cells.js";

/** Below this edge on the screen outlines would cover what they outline. */
const OUTLINE_FROM = 20;

/** How much is drawn around the view, as a share of it. */
const MARGIN = 0.25;

export class CellLayer {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {import("./cells.js").CellSet | null} */
    this.set = null;
    /** Corners in pixels of zoom 0, eight numbers per cell. */
    this.corners = new Float64Array(0);
    /** The step of the ramp of each cell. */
    this.steps = new Uint8Array(0);
    this.canvas = document.createElement("canvas");
    this.canvas.className = "cells";
    this.overlay = this.#addOverlay();
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

  #addOverlay() {
    const pane = this.map.createPane("cells");
    pane.style.zIndex = "340";
    pane.style.pointerEvents = "none";
    // Leaflet's SVG overlay takes any element and keeps it at its bounds, also while zooming.
    const element = /** @type {any} */ (this.canvas);
    return L.svgOverlay(element, this.map.getBounds(), { pane: "cells", interactive: false }).addTo(this.map);
  }

  /** @param {import("./cells.js").CellSet} set */
  show(set) {
    this.set = set;
    this.corners = new Float64Array(set.cells.length * 8);
    this.steps = Uint8Array.from(set.cells, (cell) => set.stepOf(cell));
    set.cells.forEach((cell, index) => {
      cornersOf(cell, set.size).forEach(([lon, lat], corner) => {
        const point = this.map.project([lat, lon], 0);
        this.corners[index * 8 + corner * 2] = point.x;
        this.corners[index * 8 + corner * 2 + 1] = point.y;
      });
    });
    this.draw();
  }

  /** The bounds of everything. @returns {import("leaflet").LatLngBounds | null} */
  bounds() {
    if (!this.set || this.set.cells.length === 0) return null;
    const { set } = this;
    const size = set.size;
    const bounds = L.latLngBounds([]);
    for (const cell of set.cells) for (const [lon, lat] of cornersOf(cell, size)) bounds.extend([lat, lon]);
    return bounds;
  }

  /** Outline one cell, or none. @param {import("./cells.js").Cell | null} cell */
  select(cell) {
    this.mark.clearLayers();
    if (!cell || !this.set) return;
    const ring = /** @type {[number, number][]} */ (cornersOf(cell, this.set.size).map(([lon, lat]) => [lat, lon]));
    const shared = { renderer: this.renderer, pane: "cell-mark", interactive: false, fill: false };
    L.polygon(ring, { ...shared, className: "cell-mark cell-mark--casing" }).addTo(this.mark);
    L.polygon(ring, { ...shared, className: "cell-mark" }).addTo(this.mark);
  }

  draw() {
    const { map, canvas, set } = this;
    const bounds = map.getBounds().pad(MARGIN);
    const zoom = map.getZoom();
    const topLeft = map.project(bounds.getNorthWest(), zoom);
    const size = map.project(bounds.getSouthEast(), zoom).subtract(topLeft);
    const density = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(size.x * density);
    canvas.height = Math.round(size.y * density);
    this.overlay.setBounds(bounds);
    const context = canvas.getContext("2d");
    if (!context || !set || set.cells.length === 0) return;
    const scale = map.getZoomScale(zoom, 0) * density;
    context.setTransform(scale, 0, 0, scale, -topLeft.x * density, -topLeft.y * density);
    const edge = Math.abs(this.corners[2] - this.corners[0]) * scale;
    const colours = coloursOf(canvas);
    for (let step = 0; step < CLASSES; step += 1) {
      context.beginPath();
      this.#trace(context, step);
      context.fillStyle = colours.steps[step];
      context.fill();
      if (edge / density >= OUTLINE_FROM) {
        context.strokeStyle = colours.outline;
        context.lineWidth = density / scale;
        context.stroke();
      }
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} step */
  #trace(context, step) {
    const { corners } = this;
    this.steps.forEach((own, index) => {
      if (own !== step) return;
      const first = index * 8;
      context.moveTo(corners[first], corners[first + 1]);
      context.lineTo(corners[first + 2], corners[first + 3]);
      context.lineTo(corners[first + 4], corners[first + 5]);
      context.lineTo(corners[first + 6], corners[first + 7]);
      context.closePath();
    });
  }
}

/**
 * The ramp of the campaign, read from the tokens each time: it may change with the colour scheme.
 * @param {Element} element
 */
function coloursOf(element) {
  const style = getComputedStyle(element);
  const steps = Array.from({ length: CLASSES }, (_, step) => style.getPropertyValue(`--heat-${step + 1}`).trim());
  return { steps, outline: style.getPropertyValue("--map-ground").trim() };
}
