/**
 * The colours of the city's ground, one table a look. Areas are quiet, so that markers, heat maps and words stand out on
 * all of them: tests/scripts/ground_styles.test.js measures it.
 */

/** @typedef {"light" | "grey" | "dark" | "dark-grey"} Look */
/**
 * @typedef {object} Palette
 * @property {string} land what lies where nothing else is
 * @property {Record<string, string>} areas by class
 * @property {Record<string, string>} lines by class; the fill of streets
 * @property {string} casing of streets
 * @property {string} strongCasing of motorways and primary streets
 * @property {string} gap between the sleepers of a railway
 * @property {string} halo around words
 * @property {Record<"place" | "quiet" | "green" | "water" | "street" | "point", string>} ink of words
 */

/** @type {Palette} */
const LIGHT = {
  land: "#f3f1ea",
  areas: {
    built: "#ece9e2",
    industry: "#e9e6e8",
    farm: "#f1efdc",
    wood: "#dcead2",
    park: "#e4f0d9",
    water: "#d0e5ef",
  },
  lines: {
    motorway: "#f8dcae",
    primary: "#fceac2",
    secondary: "#fff6d9",
    street: "#ffffff",
    path: "#bcb3a4",
    cycle: "#a9b9ae",
    rail: "#9b9894",
    river: "#b3d4e2",
  },
  casing: "#d8d3c7",
  strongCasing: "#d3ad74",
  gap: "#f3f1ea",
  halo: "#fbfaf6",
  ink: {
    place: "#2b3133",
    quiet: "#50575a",
    green: "#35592f",
    water: "#215a78",
    street: "#45494a",
    point: "#4d4a5c",
  },
};

/** @type {Palette} */
const GREY = {
  land: "#f2f2f0",
  areas: {
    built: "#e9e9e7",
    industry: "#e6e6e6",
    farm: "#f0f0ed",
    wood: "#e2e5e0",
    park: "#e6e9e4",
    water: "#dae2e6",
  },
  lines: {
    motorway: "#ffffff",
    primary: "#ffffff",
    secondary: "#ffffff",
    street: "#ffffff",
    path: "#c4c4c2",
    cycle: "#c0c4c2",
    rail: "#b0b0b0",
    river: "#c6d1d6",
  },
  casing: "#d9d9d7",
  strongCasing: "#c6c6c4",
  gap: "#f2f2f0",
  halo: "#fafaf9",
  ink: {
    place: "#33383a",
    quiet: "#575d60",
    green: "#4c564a",
    water: "#44565f",
    street: "#4f5456",
    point: "#555a5d",
  },
};

/** @type {Palette} */
const DARK = {
  land: "#20272a",
  areas: {
    built: "#262d30",
    industry: "#29292f",
    farm: "#242a24",
    wood: "#1d2d24",
    park: "#22332a",
    water: "#15303d",
  },
  lines: {
    motorway: "#534a35",
    primary: "#474434",
    secondary: "#3f4442",
    street: "#3a4245",
    path: "#4d5450",
    cycle: "#46584f",
    rail: "#5c6265",
    river: "#1d4152",
  },
  casing: "#171c1e",
  strongCasing: "#14191b",
  gap: "#20272a",
  halo: "#161b1d",
  ink: {
    place: "#e4e9e7",
    quiet: "#b3bcba",
    green: "#a3c9a0",
    water: "#92c3dc",
    street: "#bfc7c5",
    point: "#c3c2d2",
  },
};

/** @type {Palette} */
const DARK_GREY = {
  land: "#222729",
  areas: {
    built: "#272c2e",
    industry: "#292d2f",
    farm: "#242a2b",
    wood: "#1d2a26",
    park: "#22312c",
    water: "#172d38",
  },
  lines: {
    motorway: "#4f575b",
    primary: "#4a5255",
    secondary: "#444c4f",
    street: "#3e4649",
    path: "#4d5558",
    cycle: "#455050",
    rail: "#555b5d",
    river: "#23373f",
  },
  casing: "#191e20",
  strongCasing: "#161b1c",
  gap: "#222729",
  halo: "#181d1f",
  ink: {
    place: "#dfe4e2",
    quiet: "#b1b9b8",
    green: "#b4c2b3",
    water: "#a5bac6",
    street: "#bac1c0",
    point: "#bbc0c3",
  },
};

/** @type {Record<Look, Palette>} */
export const PALETTES = { light: LIGHT, grey: GREY, dark: DARK, "dark-grey": DARK_GREY };

/**
 * @param {{dark: boolean, grey: boolean}} wish
 * @returns {Look}
 */
export function lookFor({ dark, grey }) {
  if (dark) return grey ? "dark-grey" : "dark";
  return grey ? "grey" : "light";
}
