/** The only module that imports proj4: EPSG:3035 and back. */

import proj4 from "proj4";

/** ETRS89-extended / LAEA Europe, as EPSG defines it; within a centimetre of WGS 84 for what a screen shows. */
const LAEA =
  "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";

const converter = proj4("EPSG:4326", LAEA);

/**
 * @param {number} east metres
 * @param {number} north metres
 * @returns {[number, number]} longitude, latitude
 */
export function toLonLat(east, north) {
  const [lon, lat] = converter.inverse([east, north]);
  return [lon, lat];
}

/**
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]} east, north in metres
 */
export function toLaea(lon, lat) {
  const [east, north] = converter.forward([lon, lat]);
  return [east, north];
}
