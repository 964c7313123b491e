/**
 * `<geometry-field>`: a map over a text field with GeoJSON, in the administration and where the area of a campaign is
 * set up. Drawing changes the text and dispatches `drawn`; a changed text changes the drawing, as does the event
 * `redraw` after a script has set it. What is sent is the text. With a search for streets (`data-search`), a result is
 * shown, and marked where points are drawn; with `data-quick` a tap on the map sets the point.
 */

import { L, loadDrawingTools } from "../map/leaflet.js";
import { createBaseMap, readMapConfig } from "../map/map.js";
import { AddressSearch } from "../map/search.js";
import { drawingWords } from "./drawing-words.js";

/** What may be drawn for each type of column. @type {Record<string, string[]>} */
const TOOLS = {
  Point: ["Marker"],
  MultiPolygon: ["Polygon"],
  Polygon: ["Polygon"],
  LineString: ["Line"],
  Geometry: ["Marker", "Line", "Polygon"],
};

/** Zoom at which a found street is shown. */
const CLOSE = 17;

class GeometryField extends HTMLElement {
  async connectedCallback() {
    const stage = /** @type {HTMLElement} */ (this.querySelector(".geometry-field__map"));
    const text = /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
    const type = this.dataset.type ?? "Geometry";
    stage.hidden = false;
    this.querySelector("details")?.removeAttribute("open");
    const base = await createBaseMap(stage, readMapConfig("geometry-config"), {
      missing: gettext("Base map not reachable."),
    });
    await loadDrawingTools();
    const map = /** @type {any} */ (base.map);
    // The map existed before the tools were loaded.
    map.pm ??= new /** @type {any} */ (L).PM.Map(map);
    const drawn = L.featureGroup().addTo(base.map);
    const sync = () => {
      text.value = JSON.stringify(joined(drawn, type) ?? "");
      if (text.value === '""') text.value = "";
      text.dispatchEvent(new Event("drawn", { bubbles: true }));
    };
    /** @param {any} layer */
    const watch = (layer) => layer.on("pm:edit pm:dragend pm:cut", sync);
    const draw = () => {
      drawn.clearLayers();
      for (const layer of layersOf(text.value)) {
        drawn.addLayer(layer);
        watch(layer);
      }
    };
    const read = () => {
      draw();
      const bounds = drawn.getBounds();
      if (bounds.isValid()) base.fit(bounds, 17);
    };
    read();
    text.addEventListener("change", read);
    text.addEventListener("redraw", read);
    this.#addTools(map, drawn, type);
    /** @param {import("leaflet").LatLng} latlng */
    const mark = ({ lat, lng }) => {
      text.value = JSON.stringify({ type: "Point", coordinates: [Number(lng.toFixed(7)), Number(lat.toFixed(7))] });
      draw();
      text.dispatchEvent(new Event("drawn", { bubbles: true }));
    };
    const takesPoints = (TOOLS[type] ?? TOOLS.Geometry).includes("Marker");
    if (takesPoints && this.hasAttribute("data-quick")) {
      base.map.on("click", ({ latlng }) => {
        const isBusy =
          map.pm.globalDrawModeEnabled() || map.pm.globalEditModeEnabled() || drawn.getLayers().some(isShape);
        if (!isBusy) mark(latlng.wrap());
      });
    }
    this.#search((latlng) => {
      base.show(latlng, Math.max(base.map.getZoom(), CLOSE));
      if (type === "Point") mark(latlng);
    });
    base.map.on("pm:create", (event) => {
      const { layer } = /** @type {any} */ (event);
      // Geoman has put the layer into the group already (`layerGroup`): taking it off the map here would leave it in the
      // group without being seen, and whoever drew it again would store it twice.
      if (!type.startsWith("Multi")) {
        for (const other of drawn.getLayers()) if (other !== layer) drawn.removeLayer(other);
      }
      if (!drawn.hasLayer(layer)) drawn.addLayer(layer);
      watch(layer);
      sync();
    });
    base.map.on("pm:remove", (event) => {
      drawn.removeLayer(/** @type {any} */ (event).layer);
      sync();
    });
  }

  /** @param {(latlng: import("leaflet").LatLng) => void} onChoose */
  #search(onChoose) {
    const input = this.querySelector("[data-search]");
    const results = this.querySelector("[data-results]");
    const frame = input?.closest("[data-addresses]");
    if (!(input instanceof HTMLInputElement && results instanceof HTMLElement && frame instanceof HTMLElement)) return;
    const live = /** @type {HTMLElement} */ (frame.querySelector("[data-live]"));
    frame.hidden = false;
    new AddressSearch(input, results, frame.dataset.addresses ?? "", {
      onChoose: ({ lat, lon }) => onChoose(L.latLng(lat, lon)),
      announce: (words) => {
        live.textContent = words;
      },
    });
  }

  /** @param {any} map @param {import("leaflet").FeatureGroup} drawn @param {string} type */
  #addTools(map, drawn, type) {
    const tools = TOOLS[type] ?? TOOLS.Geometry;
    const language = (document.documentElement.lang || "de").slice(0, 2);
    map.pm.setLang(language, drawingWords(), language);
    map.pm.setGlobalOptions({ layerGroup: drawn, snapDistance: 12 });
    map.pm.addControls({
      position: "bottomleft",
      drawMarker: tools.includes("Marker"),
      drawPolyline: tools.includes("Line"),
      drawPolygon: tools.includes("Polygon"),
      drawRectangle: false,
      drawCircle: false,
      drawCircleMarker: false,
      drawText: false,
      cutPolygon: tools.includes("Polygon"),
      rotateMode: false,
    });
    nameTools(map.getContainer());
  }
}

/**
 * Geoman names its tools for the mouse only (a title around the button): name the buttons themselves.
 * @param {HTMLElement} container
 */
function nameTools(container) {
  for (const tool of container.querySelectorAll(".leaflet-pm-toolbar .button-container")) {
    const title = tool.getAttribute("title");
    if (title) tool.querySelector(".leaflet-buttons-control-button")?.setAttribute("aria-label", title);
  }
}

/** Whether a layer is a line or an area. @param {import("leaflet").Layer} layer */
function isShape(layer) {
  return layer instanceof L.Path;
}

/**
 * The layers of a GeoJSON geometry; several parts become several layers, which can be changed one by one.
 * @param {string} text
 * @returns {import("leaflet").Layer[]}
 */
function layersOf(text) {
  try {
    const geometry = JSON.parse(text);
    const parts =
      geometry.type === "MultiPolygon"
        ? geometry.coordinates.map((/** @type {unknown} */ coordinates) => ({ type: "Polygon", coordinates }))
        : [geometry];
    return parts.flatMap((/** @type {any} */ part) => L.geoJSON(part).getLayers());
  } catch {
    return [];
  }
}

/**
 * Everything drawn as one geometry of the column's type.
 * @param {import("leaflet").FeatureGroup} drawn
 * @param {string} type
 */
function joined(drawn, type) {
  const geometries = drawn.getLayers().map((layer) => /** @type {any} */ (layer).toGeoJSON(7).geometry);
  if (geometries.length === 0) return null;
  if (type !== "MultiPolygon") return geometries[geometries.length - 1];
  const coordinates = geometries.flatMap((one) => (one.type === "MultiPolygon" ? one.coordinates : [one.coordinates]));
  return { type, coordinates };
}

customElements.define("geometry-field", GeometryField);
