/**
 * The grids of a heat map: what a cell's name is, where its corners lie, which cell holds a place. A grid reads the
 * first members of a row of the API's compact form and leaves the numbers behind them to others.
 */

import { contains } from "../../map/area.js";
import { fetchJson } from "../../site/api.js";
import { toLaea, toLonLat } from "./projection.js";

/** @typedef {[number, number]} Place longitude, latitude */
/** @typedef {Place[]} Ring not closed */
/** @typedef {(string | number | null)[]} Row */
/**
 * @typedef {object} Shape
 * @property {string} id as in the API's GeoJSON
 * @property {string} name for people
 * @property {Place} centre
 * @property {() => Ring[]} rings counterclockwise; holes clockwise
 */
/**
 * @typedef {object} Grid
 * @property {"square" | "hexagon" | "district"} kind
 * @property {number} size metres, 0 for districts
 * @property {number} places how many members of a row tell the cell
 * @property {(row: Row) => Shape | null} shape
 * @property {(lon: number, lat: number) => string} at id of the cell that holds a place, "" where there is none
 */

/** Height of a hexagon over its edge; the number is PostGIS's. */
const ROW_FACTOR = 2 * 0.8660254037844387;

/** From the west, counterclockwise, in half edges and half heights from the centre. */
const CORNERS = [
  [-2, 0],
  [-1, -1],
  [1, -1],
  [2, 0],
  [1, 1],
  [-1, 1],
];

/**
 * @param {{grid: string, size: number}} compact
 * @param {string} districts address of the campaign's districts
 * @returns {Promise<Grid>}
 */
export async function gridFor({ grid, size }, districts) {
  if (grid === "hexagon") return hexagons(size);
  if (grid === "district") return districtsAt(districts);
  return squares(size);
}

/** Squares of the European grid. @param {number} size @returns {Grid} */
export function squares(size) {
  return {
    kind: "square",
    size,
    places: 2,
    shape([first, second]) {
      const [east, north] = [Number(first), Number(second)];
      const id = squareId(east, north, size);
      return {
        id,
        name: id,
        centre: toLonLat(east + size / 2, north + size / 2),
        rings: () => [
          [
            toLonLat(east, north),
            toLonLat(east + size, north),
            toLonLat(east + size, north + size),
            toLonLat(east, north + size),
          ],
        ],
      };
    },
    at(lon, lat) {
      const [east, north] = toLaea(lon, lat);
      return squareId(Math.floor(east / size) * size, Math.floor(north / size) * size, size);
    },
  };
}

/** @param {number} east @param {number} north @param {number} size */
function squareId(east, north, size) {
  return `CRS3035RES${size}mN${north}E${east}`;
}

/**
 * Hexagons with a flat side down, as PostGIS lays them (ST_HexagonGrid): `size` is the edge, columns are 1.5 edges
 * apart, odd columns lie half a height higher.
 * @param {number} size
 * @returns {Grid}
 */
export function hexagons(size) {
  const height = ROW_FACTOR * size;

  /** Counted in halves, so that corners shared by neighbours are equal. @param {number} x @param {number} y */
  const position = (x, y) => toLonLat((x / 2) * size, (y / 2) * height);

  return {
    kind: "hexagon",
    size,
    places: 2,
    shape([first, second]) {
      const [i, j] = [Number(first), Number(second)];
      const [x, y] = [3 * i, 2 * j + (i & 1)];
      const id = hexagonId(i, j, size);
      return {
        id,
        name: id,
        centre: position(x, y),
        rings: () => [CORNERS.map(([right, up]) => position(x + right, y + up))],
      };
    },
    at(lon, lat) {
      const [east, north] = toLaea(lon, lat);
      const left = Math.floor(east / (1.5 * size));
      // The place lies between the middles of two columns: the nearest centre of both is that of its hexagon.
      const [near] = [left, left + 1]
        .map((i) => {
          const raised = (i & 1) / 2;
          const j = Math.floor(north / height - raised + 0.5);
          return { i, j, distance: (east - 1.5 * size * i) ** 2 + (north - (j + raised) * height) ** 2 };
        })
        .sort((a, b) => a.distance - b.distance || b.i - a.i);
      return hexagonId(near.i, near.j, size);
    },
  };
}

/** @param {number} i @param {number} j @param {number} size */
function hexagonId(i, j, size) {
  return `HEX3035E${size}I${i}J${j}`;
}

/**
 * The campaign's districts.
 * @param {string} url
 * @returns {Promise<Grid>}
 */
export async function districtsAt(url) {
  /** @type {import("geojson").FeatureCollection} */
  const { features } = await fetchJson(url);
  const known = new Map(features.map((feature) => [String(feature.id ?? feature.properties?.code), feature]));
  return {
    kind: "district",
    size: 0,
    places: 1,
    shape([code]) {
      const feature = known.get(String(code));
      if (!feature) return null;
      const rings = ringsOf(feature.geometry);
      return {
        id: String(code),
        name: String(feature.properties?.name ?? code),
        centre: middleOf(rings),
        rings: () => rings,
      };
    },
    at(lon, lat) {
      for (const [code, feature] of known) if (contains(feature, [lon, lat])) return code;
      return "";
    },
  };
}

/**
 * The rings of polygons, without the repeated last corner.
 * @param {import("geojson").Geometry} geometry
 * @returns {Ring[]}
 */
export function ringsOf(geometry) {
  const polygons =
    geometry.type === "MultiPolygon" ? geometry.coordinates : geometry.type === "Polygon" ? [geometry.coordinates] : [];
  return polygons.flat().map((ring) => ring.slice(0, -1).map(([lon, lat]) => /** @type {Place} */ ([lon, lat])));
}

/** The middle of the bounds of the longest ring. @param {Ring[]} rings @returns {Place} */
function middleOf(rings) {
  const ring = rings.reduce((longest, one) => (one.length > longest.length ? one : longest), rings[0] ?? []);
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  return [(Math.min(...lons) + Math.max(...lons)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}
