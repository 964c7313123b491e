/**
 * Leaflet's sources without what only browsers needed that the build does not target.
 *
 * Leaflet asks `Browser` what the browser can do. What all supported ones can, or none, becomes a constant here, so that
 * esbuild leaves out the branches for the others: Internet Explorer, old Android, Opera with Presto.
 */

import { readFile } from "node:fs/promises";

/** As Leaflet's `src/core/Browser.js` finds it out in each of the browsers that `build.mjs` targets. */
const KNOWN = {
  any3d: true,
  canvas: true,
  inlineSvg: true,
  passiveEvents: true,
  pointer: true,
  svg: true,
  androidStock: false,
  android23: false,
  edge: false,
  ie: false,
  ie3d: false,
  ielt9: false,
  mobileOpera: false,
  msPointer: false,
  opera: false,
  opera12: false,
  phantom: false,
  vml: false,
};
const ASKED = new RegExp(`\\bBrowser\\.(${Object.keys(KNOWN).join("|")})\\b`, "g");

/** No map of the site draws its lines on canvases (Leaflet's `preferCanvas`), which come with what needs them. */
const CANVAS_IMPORTED = "import {canvas} from './Canvas';";
const CANVAS_PREFERRED = "(this.options.preferCanvas && canvas(options)) ||";
const SOURCES = /[\\/]node_modules[\\/]leaflet[\\/]src[\\/].+\.js$/;

export const modernLeaflet = {
  name: "modern-leaflet",
  setup(building) {
    building.onLoad({ filter: SOURCES }, async ({ path }) => {
      const source = await readFile(path, "utf-8");
      const known = source.replace(ASKED, (_asked, name) => String(KNOWN[name]));
      return { contents: known.replace(CANVAS_IMPORTED, "").replace(CANVAS_PREFERRED, ""), loader: "js" };
    });
  },
};
