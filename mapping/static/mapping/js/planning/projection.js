/** The only module that touches proj4's global (a classic script served under `vendor/proj4/`): EPSG:3035 and back. */

/** ETRS89-extended / LAEA Europe, as EPSG defines it; within a centimetre of WGS 84 for what a screen shows. */
const LAEA =
  "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";

/** @typedef {{forward: (place: [number, number]) => [number, number], inverse: (place: [number, number]) => [number, number]}} Converter */

// @ts-expect-error -- the classic script defines a global that modules cannot import
const converter = /** @type {Converter} */ (globalThis.proj4("EPSG:4326", LAEA));

/**
 * @param {number} east metres
 * @param {number} north metres
 * @returns {[number, number]} longitude, latitude
 */
export function toLonLat(east, north) {
  return converter.inverse([east, north]);
}

/**
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]} east, north in metres
 */
export function toLaea(lon, lat) {
  return converter.forward([lon, lat]);
}
