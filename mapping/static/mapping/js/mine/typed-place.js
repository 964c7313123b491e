/** The typed place of a form (`mapping/forms/places.py`): read as GeoJSON, written from it. Degrees, six decimals. */

/** @typedef {"point" | "line" | "polygon" | "none"} Kind */
/** @typedef {import("geojson").Geometry | null} Geometry */
/** @typedef {import("geojson").Position} Position */

const NUMBER = "([+-]?\\d{1,3}(?:[.,]\\d{1,15})?)";
/** Latitude, then longitude, as the form shows and accepts them. */
const LINE = new RegExp(`^\\s*${NUMBER}(?:\\s*[;,]\\s+|\\s*;\\s*|\\s+|,(?=[+-]?\\d+\\.))${NUMBER}\\s*$`);

/**
 * @param {HTMLFormElement} form
 * @param {Kind[]} types what the category takes
 * @returns {{kind: Kind, geometry: Geometry}} without a geometry where nothing or nothing readable is typed
 */
export function readPlace(form, types) {
  const chosen = form.elements.namedItem("place_type");
  const kind = /** @type {Kind} */ (chosen instanceof RadioNodeList && chosen.value ? chosen.value : types[0]);
  return {
    kind,
    geometry: geometryOf(kind, textOf(form, "latitude"), textOf(form, "longitude"), textOf(form, "positions")),
  };
}

/**
 * @param {Kind} kind
 * @param {string} latitude
 * @param {string} longitude
 * @param {string} positions one on each line
 * @returns {Geometry}
 */
export function geometryOf(kind, latitude, longitude, positions) {
  if (kind === "none") return null;
  if (kind === "point") {
    const place = positionOf(`${latitude.trim()} ${longitude.trim()}`);
    return place && { type: "Point", coordinates: place };
  }
  const lines = positions.split("\n").filter((line) => line.trim() !== "");
  const places = lines.map(positionOf).filter((place) => place !== null);
  const fewest = kind === "line" ? 2 : 3;
  if (places.length < fewest || places.length < lines.length) return null;
  if (kind === "line") return { type: "LineString", coordinates: places };
  return { type: "Polygon", coordinates: [[...places, places[0]]] };
}

/**
 * @param {HTMLFormElement} form
 * @param {Kind} kind
 * @param {Geometry} geometry
 * @param {number} zoom
 */
export function writePlace(form, kind, geometry, zoom) {
  const chosen = form.elements.namedItem("place_type");
  if (chosen instanceof RadioNodeList) chosen.value = kind;
  const [point] = kind === "point" && geometry ? positionsOf(geometry) : [];
  setValue(form, "latitude", point ? point[1].toFixed(6) : "");
  setValue(form, "longitude", point ? point[0].toFixed(6) : "");
  const several = geometry && kind !== "point" ? positionsOf(geometry) : [];
  setValue(form, "positions", several.map(([lon, lat]) => `${lat.toFixed(6)}, ${lon.toFixed(6)}`).join("\n"));
  setValue(form, "zoom", geometry ? String(zoom) : "");
}

/**
 * Every position once: rings are typed without their end.
 * @param {import("geojson").Geometry} geometry
 * @returns {Position[]}
 */
export function positionsOf(geometry) {
  if (geometry.type === "Point") return [geometry.coordinates];
  if (geometry.type === "LineString") return geometry.coordinates;
  return geometry.type === "Polygon" ? geometry.coordinates[0].slice(0, -1) : [];
}

/**
 * @param {string} line
 * @returns {Position | null}
 */
function positionOf(line) {
  const found = LINE.exec(line);
  return found && [numberOf(found[2]), numberOf(found[1])];
}

/** @param {string} text */
function numberOf(text) {
  return Number(text.replace(",", "."));
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function textOf(form, name) {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : "";
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} value
 */
function setValue(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
}
