// Leaflet's sources, of which `js/leaflet/` picks parts: they have the types of its whole module (`js/map/leaflet.js`).
declare module "leaflet/src/*";
