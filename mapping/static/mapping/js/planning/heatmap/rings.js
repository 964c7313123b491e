/** Rings of many cells in pixels of Leaflet's zoom 0, kept in one array: drawing thousands of them takes no objects. */

import { L } from "../../map/leaflet.js";

export class Rings {
  /**
   * @param {{rings: import("./grids.js").Ring[], step: number}[]} cells
   * @param {import("leaflet").Map} map
   */
  constructor(cells, map) {
    const rings = cells.flatMap((cell) => cell.rings.map((ring) => ({ ring, step: cell.step })));
    const corners = rings.reduce((sum, { ring }) => sum + ring.length, 0);
    this.map = map;
    this.points = new Float64Array(corners * 2);
    /** Where each ring begins, and behind the last one. */
    this.starts = new Uint32Array(rings.length + 1);
    this.steps = Uint8Array.from(rings, ({ step }) => step);
    let corner = 0;
    rings.forEach(({ ring }, index) => {
      this.starts[index] = corner;
      for (const [lon, lat] of ring) {
        const point = map.project([lat, lon], 0);
        this.points[corner * 2] = point.x;
        this.points[corner * 2 + 1] = point.y;
        corner += 1;
      }
    });
    this.starts[rings.length] = corner;
  }

  /** The length of the first edge. */
  edge() {
    const [x1, y1, x2, y2] = this.points;
    return this.points.length < 4 ? 0 : Math.hypot(x2 - x1, y2 - y1);
  }

  /** @returns {import("leaflet").LatLngBounds | null} */
  bounds() {
    if (this.points.length === 0) return null;
    const bounds = L.bounds([]);
    for (let index = 0; index < this.points.length; index += 2) {
      bounds.extend([this.points[index], this.points[index + 1]]);
    }
    const [northWest, southEast] = [bounds.getTopLeft(), bounds.getBottomRight()];
    return L.latLngBounds(this.map.unproject(northWest, 0), this.map.unproject(southEast, 0));
  }

  /** Add the rings of one step to the path. @param {CanvasRenderingContext2D} context @param {number} step */
  trace(context, step) {
    const { points, starts } = this;
    this.steps.forEach((own, index) => {
      if (own !== step) return;
      const [first, end] = [starts[index], starts[index + 1]];
      context.moveTo(points[first * 2], points[first * 2 + 1]);
      for (let corner = first + 1; corner < end; corner += 1) {
        context.lineTo(points[corner * 2], points[corner * 2 + 1]);
      }
      context.closePath();
    });
  }
}
