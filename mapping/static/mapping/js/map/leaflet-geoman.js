/** Leaflet-Geoman, which extends a global `L` as soon as it is there: hence the order of these two. */

import "./global-leaflet.js";
import "@geoman-io/leaflet-geoman-free";
