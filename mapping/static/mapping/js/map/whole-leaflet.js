/** Leaflet with popups, tooltips, pictures and canvases, for maps that need them; on a campaign's page fetched later. */

import * as all from "#whole-leaflet";
import { L as core, PlainIcon } from "./leaflet.js";

/** The same object as that of `leaflet.js`. */
export const L = /** @type {import("./leaflet.js").Leaflet} */ (Object.assign(core, all));

// Geoman makes its markers with the default icon itself.
Object.assign(L.Icon, { Default: PlainIcon });
