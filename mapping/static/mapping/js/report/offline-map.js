/**
 * The maps of a report, drawn from the data in the page. A classic script: it is written into the report, which opens
 * without any other file; folium's script calls `drawHeatMap` once for each map.
 *
 * @typedef {object} ReportData
 * @property {[number, number][][][][]} outlines of cells: polygons of rings of (lat, lon)
 * @property {[number, number][][][][]} area
 * @property {{name: string, at: [number, number], shape: [number, number][][][]}[]} districts
 * @property {{contributions: [string, string], participants: [string, string]}} words for one and for many
 * @property {string} value what the value of a cell is; empty where contributions or participants say it
 * @property {boolean} knowsPeople
 * @property {string} attribution
 */

/** Steps of the ramp, as `tokens.css` names them. */
const RAMP = 5;

/** @returns {ReportData} */
function reportData() {
  return JSON.parse(document.getElementById("report-data")?.textContent ?? "{}");
}

/** @param {string} name */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {[string, string]} words @param {number} value */
function counted([one, many], value) {
  return (value === 1 ? one : many).replace("%s", written(value));
}

/** @param {number} value */
function written(value) {
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value);
}

/**
 * @param {import("leaflet").Map} map
 * @param {[number, number, number, number, number][]} rows outline, contributions, participants, step of the ramp, value
 * @param {boolean} isLarge
 */
// biome-ignore lint/correctness/noUnusedVariables: called by what folium writes
function drawHeatMap(map, rows, isLarge) {
  const data = reportData();
  const { L } = /** @type {any} */ (globalThis);
  map.createPane("ground").style.zIndex = "330";
  map.createPane("names").style.zIndex = "450";
  const ground = L.svg({ pane: "ground", padding: 0.5 });
  const quiet = { renderer: ground, pane: "ground", interactive: false };
  const area = L.polygon(data.area.flat(), { ...quiet, className: "report-area" });
  if (data.area.length > 0) area.addTo(map);
  for (const { shape } of data.districts) L.polygon(shape, { ...quiet, className: "report-district" }).addTo(map);

  const cells = L.featureGroup();
  for (const [outline, contributions, participants, step, value] of rows) {
    const parts = [counted(data.words.contributions, contributions)];
    if (data.knowsPeople) parts.push(counted(data.words.participants, participants));
    if (data.value) parts.push(`${data.value}: ${written(value)}`);
    const cell = L.polygon(data.outlines[outline], { stroke: false, fillOpacity: 0.8 });
    cell.heatStep = step;
    cell.bindTooltip(parts.join(" · "), { sticky: true, className: "report-tooltip" });
    cells.addLayer(cell);
  }
  cells.addTo(map);
  const paint = () => {
    const ramp = Array.from({ length: RAMP }, (_, step) => token(`--heat-${step + 1}`));
    cells.eachLayer((/** @type {any} */ cell) => cell.setStyle({ fillColor: ramp[cell.heatStep] }));
  };
  paint();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  if (isLarge) {
    L.control.scale({ imperial: false }).addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    if (data.attribution) map.attributionControl.addAttribution(escaped(data.attribution));
  }
  // The same view in all maps, whatever lies in each of them.
  const bounds = L.latLngBounds(data.outlines.flat(3));
  if (!bounds.isValid() && data.area.length > 0) bounds.extend(area.getBounds());
  const fit = () => bounds.isValid() && map.fitBounds(bounds.pad(0.05), { animate: false });
  fit();
  if (isLarge) addNames(map, data.districts);
  const room = new ResizeObserver(() => {
    map.invalidateSize({ pan: false });
    fit();
  });
  room.observe(map.getContainer());
}

/**
 * Names of districts; one that would cover another is left out until people zoom in.
 * @param {import("leaflet").Map} map
 * @param {ReportData["districts"]} districts
 */
function addNames(map, districts) {
  const { L } = /** @type {any} */ (globalThis);
  const names = districts.map(({ name, at }) => {
    const words = document.createElement("span");
    words.textContent = name;
    const icon = L.divIcon({ className: "report-name", html: words, iconSize: [0, 0] });
    L.marker(at, { icon, pane: "names", interactive: false, keyboard: false }).addTo(map);
    return words;
  });
  const thinOut = () => {
    /** @type {DOMRect[]} */
    const taken = [];
    for (const words of names) {
      words.hidden = false;
      const box = words.getBoundingClientRect();
      words.hidden = taken.some(
        (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
      );
      if (!words.hidden) taken.push(box);
    }
  };
  thinOut();
  map.on("zoomend resize", thinOut);
}

/** Text as HTML, which Leaflet's attributions are. @param {string} text */
function escaped(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}
