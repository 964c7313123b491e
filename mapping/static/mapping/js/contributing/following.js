/**
 * Lines that follow streets: after each tap the site is asked for the way along the streets from the tap before. Until it
 * answers, and where it has none, the section is straight; nothing that was drawn is ever lost.
 */

import { Drawing } from "../map/drawing.js";
import { ApiProblem, fetchJson } from "../site/api.js";

/** Milliseconds after which a section stays straight. */
const LONGEST = 8_000;

export class Following {
  /**
   * @param {{button: (name: string) => HTMLElement, announce: (words: string) => void}} panel with a button that switches
   *   it on and off (`aria-pressed`)
   * @param {string | undefined} url of ways; empty where there are no streets
   * @param {(words: string) => void} onStraight why a section is straight
   */
  constructor(panel, url, onStraight) {
    this.panel = panel;
    this.button = panel.button("follow");
    this.url = url;
    this.onStraight = onStraight;
    this.button.addEventListener("click", () => this.button.setAttribute("aria-pressed", String(!this.isOn)));
  }

  get isOn() {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  /**
   * @param {import("leaflet").Map} map
   * @param {import("../map/drawing.js").Kind} kind
   * @param {string} colour
   * @param {() => void} onChange
   */
  begin(map, kind, colour, onChange) {
    const drawing = new Drawing(map, kind, colour, onChange);
    if (kind === "line" && this.url) {
      drawing.canFollow = true;
      drawing.onTap = (section) => this.#tapped(drawing, section);
    }
    return drawing;
  }

  /**
   * @param {Drawing} drawing
   * @param {import("./sections.js").Section<import("leaflet").LatLng>} section
   */
  async #tapped(drawing, section) {
    const start = drawing.sections.beginningOf(section);
    if (!this.isOn || !start) return;
    let words = "";
    try {
      const signal = AbortSignal.timeout(LONGEST);
      const found = await fetchJson(`${this.url}?${questionOf(start, section.tap)}`, { signal });
      if (!drawing.isOpen) return;
      if (!found.followed) words = straightWords(found.reason);
      else if (drawing.follow(section, found.geometry.coordinates)) this.panel.announce(wayWords(found.streets));
    } catch (error) {
      if (!(error instanceof ApiProblem || error instanceof DOMException)) throw error;
      words = gettext("The way along the streets could not be loaded. This section is straight.");
    }
    if (words && drawing.isOpen && drawing.sections.list.includes(section)) this.onStraight(words);
  }
}

/**
 * @param {{lng: number, lat: number}} start
 * @param {{lng: number, lat: number}} end
 */
export function questionOf(start, end) {
  const [from, to] = [start, end].map(({ lng, lat }) => `${lng.toFixed(7)},${lat.toFixed(7)}`);
  return new URLSearchParams({ from, to }).toString();
}

/** @param {string[]} streets names */
export function wayWords(streets) {
  if (streets.length === 0) return gettext("The line follows the streets.");
  return interpolate(gettext("The line follows: %s."), [streets.join(", ")]);
}

/** @param {string} reason why the answer has no way; empty words where nobody needs to know */
export function straightWords(reason) {
  if (reason === "same_place") return "";
  if (reason === "too_far") return gettext("That is too far to follow streets. This section is straight.");
  if (reason === "no_street") return gettext("There is no street near both points. This section is straight.");
  return gettext("No way along the streets was found. This section is straight.");
}
