/**
 * Maps on paper: what is seen of a map is printed as it is, larger or smaller. Browsers wait for nothing when they print,
 * so that a map of another size would have holes where its tiles are missing.
 */

/** A4 between its margins (178 mm) without a frame's lines, and a height that leaves room for words; CSS pixels. */
const PAPER = { width: 670, height: 566 };
/** Letters and lines that are larger than this look coarse. */
const LARGEST = 1.4;
/** A panel that covers more than this share hides what the map was fitted to: then all of the map is printed. */
const MOST_COVERED = 0.6;

/**
 * @typedef {object} PaperFrame
 * @property {number} scale of the map
 * @property {number} width pixels on paper
 * @property {number} height pixels on paper
 * @property {number} cut pixels of the map that are left out at its bottom
 */

/**
 * How a map comes onto the paper.
 * @param {{width: number, height: number}} map pixels on the screen
 * @param {number} covered pixels at its bottom under a panel
 * @returns {PaperFrame | null} null for a map without an area
 */
export function frameOf({ width, height }, covered) {
  if (width <= 0 || height <= 0) return null;
  const cut = covered > height * MOST_COVERED ? 0 : Math.max(0, covered);
  const shown = height - cut;
  const scale = Math.min(PAPER.width / width, PAPER.height / shown, LARGEST);
  return { scale, width: Math.floor(width * scale), height: Math.floor(shown * scale), cut };
}

/**
 * Print a map as it is seen. `print.css` holds the other half.
 * @param {HTMLElement} map the element of the map, alone in its frame
 * @param {() => number} [covered] pixels at its bottom under a panel
 */
export function printAsSeen(map, covered = () => 0) {
  const frame = /** @type {HTMLElement} */ (map.parentElement);
  const names = ["inline", "block", "map-inline", "map-block", "scale", "cut"].map((name) => `--paper-${name}`);
  addEventListener("beforeprint", () => {
    const size = { width: map.offsetWidth, height: map.offsetHeight };
    const paper = frameOf(size, covered());
    if (!paper) return;
    const lengths = [paper.width, paper.height, size.width, size.height];
    const values = [...lengths.map((length) => `${length}px`), String(paper.scale), `${paper.cut}px`];
    for (const [index, name] of names.entries()) frame.style.setProperty(name, values[index]);
  });
  addEventListener("afterprint", () => {
    for (const name of names) frame.style.removeProperty(name);
  });
}
