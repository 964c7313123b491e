/** Leaflet as a global `L`, for packages that extend it. */

import { L } from "./whole-leaflet.js";

Object.assign(globalThis, { L });
