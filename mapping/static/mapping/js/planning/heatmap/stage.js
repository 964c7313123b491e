/** One map of the heat map's page, or two that move together. */

import { createBaseMap, readMapConfig } from "../../map/map.js";
import { CellLayer } from "./cell-layer.js";
import { PlacesLayer } from "./places-layer.js";

/** @typedef {import("../../map/map.js").BaseMap} BaseMap */
/**
 * @typedef {object} StageOptions
 * @property {(lon: number, lat: number) => void} onHover
 * @property {() => void} onLeave
 * @property {(lon: number, lat: number) => void} onPick
 * @property {() => void} onMove
 */

export class Stage {
  /** @param {BaseMap} base @param {CellLayer} layer */
  constructor(base, layer) {
    this.base = base;
    this.layer = layer;
    this.places = new PlacesLayer(base.map);
  }

  get map() {
    return this.base.map;
  }

  /** @param {HTMLElement} element @param {StageOptions} options */
  static async create(element, { onHover, onLeave, onPick, onMove }) {
    const base = await createBaseMap(element, readMapConfig("map-config"), {
      grey: true,
      label: element.dataset.label ?? "",
      missing: gettext("Base map not reachable."),
    });
    base.map.on("moveend", onMove);
    base.map.on("mousemove", ({ latlng }) => onHover(latlng.lng, latlng.lat));
    base.map.on("mouseout", onLeave);
    base.map.on("click", ({ latlng }) => onPick(latlng.lng, latlng.lat));
    return new Stage(base, new CellLayer(base.map));
  }
}

/** Let maps show the same part of the world. @param {Stage[]} stages */
export function moveTogether(stages) {
  let isFollowing = false;
  for (const leader of stages) {
    leader.map.on("move", () => {
      if (isFollowing) return;
      isFollowing = true;
      for (const { map } of stages) {
        if (map !== leader.map) map.setView(leader.map.getCenter(), leader.map.getZoom(), { animate: false });
      }
      isFollowing = false;
    });
  }
}
