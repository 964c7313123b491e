/**
 * The maps of a report, drawn from the data in the page. A classic script: it is written into the report, which opens
 * without any other file; folium's script calls `drawHeatMap` once for each map.
 *
 * @typedef {object} ReportData
 * @property {[number, number][][][][]} outlines of cells: polygons of rings of (lat, lon)
 * @property {[number, number][][][][]} area
 * @property {{name: string, at: [number, number], shape: [number, number][][][]}[]} districts
 * @property {{look: "up" | "down", shape: [number, number][][][]}[]} marks outlines of what is more than chance
 * @property {{picture: string, bounds: [[number, number], [number, number]]} | null} surface in place of the cells
 * @property {"heat" | "change"} ramp
 * @property {boolean} isChange
 * @property {{contributions: [string, string], participants: [string, string], change: string}} words for one and for many
 * @property {string} value what the value of a cell is; empty where contributions or participants say it
 * @property {boolean} knowsPeople
 * @property {string} attribution
 */

/** Steps of the ramps, as `tokens.css` names them. */
const RAMPS = { heat: 5, change: 7 };

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

/** A difference with its sign. @param {number} value */
function signed(value) {
  return value > 0 ? `+${written(value)}` : value < 0 ? `−${written(-value)}` : written(value);
}

/**
 * What a cell says about itself.
 * @param {ReportData} data
 * @param {[number, number, number]} numbers contributions, participants and value, or earlier, later and change
 */
function inWords(data, [first, second, value]) {
  if (data.isChange) {
    return data.words.change
      .replace("%(before)s", written(first))
      .replace("%(after)s", written(second))
      .replace("%(change)s", signed(value));
  }
  const parts = [counted(data.words.contributions, first)];
  if (data.knowsPeople && second > 0) parts.push(counted(data.words.participants, second));
  if (data.value) parts.push(`${data.value}: ${data.ramp === "change" ? signed(value) : written(value)}`);
  return parts.join(" · ");
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
    const isHidden = isLarge && data.surface !== null;
    const cell = L.polygon(data.outlines[outline], { stroke: false, fillOpacity: isHidden ? 0 : 0.8 });
    cell.heatStep = step;
    cell.bindTooltip(inWords(data, [contributions, participants, value]), {
      sticky: true,
      className: "report-tooltip",
    });
    cells.addLayer(cell);
  }
  if (isLarge && data.surface) {
    map.createPane("surface").style.zIndex = "340";
    const look = { pane: "surface", interactive: false, opacity: 0.75 };
    L.imageOverlay(data.surface.picture, data.surface.bounds, look).addTo(map);
  }
  cells.addTo(map);
  if (isLarge) addMarks(map, data.marks);
  const paint = () => {
    const steps = { length: RAMPS[data.ramp] };
    const ramp = Array.from(steps, (_, step) => token(`--${data.ramp}-${step + 1}`));
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
 * Outlines of hot and cold spots or of clear changes, with a casing that is seen on every colour.
 * @param {import("leaflet").Map} map
 * @param {ReportData["marks"]} marks
 */
function addMarks(map, marks) {
  const { L } = /** @type {any} */ (globalThis);
  const pane = "marks";
  map.createPane(pane).style.zIndex = "440";
  const renderer = L.svg({ pane, padding: 0.5 });
  for (const { look, shape } of marks) {
    const shared = { renderer, pane, interactive: false, fill: false };
    L.polygon(shape, { ...shared, className: "report-mark report-mark--casing" }).addTo(map);
    L.polygon(shape, { ...shared, className: `report-mark report-mark--${look}` }).addTo(map);
  }
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
