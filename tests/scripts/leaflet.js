/** In place of Leaflet, which needs a window (package.json, "imports"): tests of functions draw nothing. */
export {};
