/** All of Leaflet: what `core.js` leaves out (popups, tooltips, pictures, canvases), for maps that need it. */

export * from "leaflet/src/Leaflet.js";
