/**
 * The parts of Leaflet that every map of the site needs, by the names of Leaflet's own module.
 *
 * Each part is imported from Leaflet's sources: its bundle is one module whose unused parts nobody can leave out. The
 * build knows the browsers that the site supports (`bin/lib/leaflet.mjs`), so that code for older ones goes as well.
 */

import { Attribution, attribution } from "leaflet/src/control/Control.Attribution.js";
import { control as addControl, Control as BaseControl } from "leaflet/src/control/Control.js";
import { Scale, scale } from "leaflet/src/control/Control.Scale.js";
import { Zoom, zoom } from "leaflet/src/control/Control.Zoom.js";
import { disableClickPropagation, disableScrollPropagation } from "leaflet/src/dom/DomEvent.js";
import { create, setTransform } from "leaflet/src/dom/DomUtil.js";
import { GeoJSON as BaseGeoJSON, geoJSON, geometryToLayer } from "leaflet/src/layer/GeoJSON.js";
import { Map as BaseMap, createMap } from "leaflet/src/map/Map.js";
import "leaflet/src/layer/Layer.js";
import "leaflet/src/layer/vector/Renderer.getRenderer.js";
import "leaflet/src/map/handler/Map.BoxZoom.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TapHold.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";

export { toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { toBounds as bounds } from "leaflet/src/geometry/Bounds.js";
export { toPoint as point } from "leaflet/src/geometry/Point.js";
export { featureGroup } from "leaflet/src/layer/FeatureGroup.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { DivIcon, divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { Marker, marker } from "leaflet/src/layer/marker/Marker.js";
export { GridLayer } from "leaflet/src/layer/tile/GridLayer.js";
export { tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
export { circle } from "leaflet/src/layer/vector/Circle.js";
export { circleMarker } from "leaflet/src/layer/vector/CircleMarker.js";
export { Path } from "leaflet/src/layer/vector/Path.js";
export { polygon } from "leaflet/src/layer/vector/Polygon.js";
export { polyline } from "leaflet/src/layer/vector/Polyline.js";
export { svg } from "leaflet/src/layer/vector/SVG.js";

export {
  addControl as control,
  BaseControl as Control,
  BaseGeoJSON as GeoJSON,
  BaseMap as Map,
  createMap as map,
  geoJSON,
};
export const DomEvent = { disableClickPropagation, disableScrollPropagation };
export const DomUtil = { create, setTransform };

Object.assign(BaseControl, { Attribution, Scale, Zoom });
Object.assign(addControl, { attribution, scale, zoom });
Object.assign(BaseGeoJSON, { geometryToLayer });
