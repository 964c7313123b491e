/** In place of Leaflet, which needs a window (package.json, "imports"): tests of functions draw nothing. */

const Nothing = { extend: () => class {}, mergeOptions: () => {} };

export { Nothing as DivIcon, Nothing as Marker };
