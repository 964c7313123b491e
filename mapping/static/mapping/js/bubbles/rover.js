/**
 * What lies on the map as one stop of the tab key: arrow keys go from place to place in their direction, Enter opens.
 * A thousand stops would be a trap; none at all would keep places from everybody without a pointer.
 */

/**
 * @typedef {object} Target
 * @property {import("leaflet").LatLng} place
 * @property {() => void} open
 */
/** @typedef {{x: number, y: number}} Pixel */

/** How many times farther away something seems that lies aside rather than ahead. */
const ASKEW = 10;
const DIRECTIONS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/**
 * The nearest place in a direction: what lies askew counts as farther away.
 * @param {Pixel[]} pixels
 * @param {Pixel} from
 * @param {string} key ArrowLeft, ...
 * @returns {number} its position, -1 where there is none
 */
export function neighbour(pixels, from, key) {
  const [across, down] = DIRECTIONS[key];
  let found = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, { x, y }] of pixels.entries()) {
    const ahead = (x - from.x) * across + (y - from.y) * down;
    const aside = Math.abs((x - from.x) * down) + Math.abs((y - from.y) * across);
    const isAskew = aside > 2 * ahead;
    const distance = Math.hypot(ahead, aside) * (isAskew ? ASKEW : 1) + aside;
    if (ahead > 0 && distance < least) {
      found = index;
      least = distance;
    }
  }
  return found;
}

export class Rover {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement} pane in which all targets lie
   * @param {string} label
   */
  constructor(map, pane, label) {
    this.map = map;
    this.pane = pane;
    this.label = label;
    /** @type {Map<HTMLElement, Target>} */
    this.targets = new Map();
    /** @type {import("leaflet").LatLng | null} where the focus was when its element went away */
    this.lost = null;
    this.isPlanned = false;
    pane.addEventListener("keydown", (event) => this.#pressed(event));
    pane.addEventListener("focusin", (event) => this.#makeStop(/** @type {HTMLElement} */ (event.target)));
    map.on("moveend", () => this.#plan());
  }

  /**
   * @param {HTMLElement} element
   * @param {string} label what it is, in words
   * @param {Target} target
   */
  add(element, label, target) {
    element.setAttribute("role", "option");
    element.setAttribute("aria-label", label);
    element.setAttribute("aria-selected", "false");
    element.tabIndex = -1;
    this.targets.set(element, target);
    this.#plan();
  }

  /**
   * To be called before the element leaves the page.
   * @param {HTMLElement} element
   */
  remove(element) {
    const target = this.targets.get(element);
    if (target && element === document.activeElement) this.lost = target.place;
    this.targets.delete(element);
    this.#plan();
  }

  /**
   * @param {HTMLElement | null} element
   * @param {boolean} selected
   */
  select(element, selected) {
    element?.setAttribute("aria-selected", String(selected));
  }

  #plan() {
    if (this.isPlanned) return;
    this.isPlanned = true;
    queueMicrotask(() => {
      this.isPlanned = false;
      this.#arrange();
    });
  }

  /** One of the places in view is the stop of the tab key. */
  #arrange() {
    if (this.targets.size > 0) {
      this.pane.setAttribute("role", "listbox");
      this.pane.setAttribute("aria-label", this.label);
    } else {
      this.pane.removeAttribute("role");
      this.pane.removeAttribute("aria-label");
    }
    const inView = this.#inView();
    const active = document.activeElement;
    if (active instanceof HTMLElement && this.targets.has(active)) {
      this.lost = null;
      this.#makeStop(active);
      return;
    }
    if (this.lost && inView.length > 0) {
      const { x, y } = this.map.latLngToContainerPoint(this.lost);
      const distances = inView.map(({ pixel }) => Math.hypot(pixel.x - x, pixel.y - y));
      const nearest = inView[distances.indexOf(Math.min(...distances))].element;
      // Somebody who went on meanwhile is not called back.
      if (active === document.body || active === null) nearest.focus({ preventScroll: true });
      this.lost = null;
    }
    const first = inView.reduce(
      (/** @type {typeof inView[number] | null} */ before, one) =>
        before && before.pixel.y * 4 + before.pixel.x <= one.pixel.y * 4 + one.pixel.x ? before : one,
      null,
    );
    this.#makeStop(first?.element ?? null);
  }

  /** @param {HTMLElement | null} element */
  #makeStop(element) {
    for (const other of this.targets.keys()) if (other.tabIndex === 0 && other !== element) other.tabIndex = -1;
    if (element && this.targets.has(element)) element.tabIndex = 0;
  }

  #inView() {
    const size = this.map.getSize();
    return [...this.targets]
      .map(([element, { place }]) => ({ element, pixel: this.map.latLngToContainerPoint(place) }))
      .filter(({ pixel: { x, y } }) => x >= 0 && y >= 0 && x <= size.x && y <= size.y);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const element = /** @type {HTMLElement} */ (event.target);
    const target = this.targets.get(element);
    if (!target || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault(); // Leaflet would take the key for a second click.
      event.stopPropagation();
      target.open();
    } else if (event.key in DIRECTIONS) {
      event.preventDefault();
      event.stopPropagation();
      const others = this.#inView().filter((one) => one.element !== element);
      const from = this.map.latLngToContainerPoint(target.place);
      const pixels = others.map(({ pixel }) => pixel);
      const found = neighbour(pixels, from, event.key);
      if (found >= 0) others[found].element.focus({ preventScroll: true });
    }
  }
}
