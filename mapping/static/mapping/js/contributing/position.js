/** The position of the device: asked for when somebody starts, with how exact it is and whether it lies in the area. */

import { L } from "../map/leaflet.js";

/** @typedef {{lon: number, lat: number, accuracy: number}} Fix degrees (WGS 84), metres */

/** A position that is known worse than this points at no house, metres. */
export const EXACT = 50;
/** How long a device may look for its position, and how old it may be, milliseconds. */
const PATIENCE = 10_000;
const OLDEST = 60_000;

/**
 * @param {Fix} fix
 * @param {(place: [number, number]) => boolean} contains whether the campaign's area does
 * @returns {"exact" | "inexact" | "outside"}
 */
export function judge(fix, contains) {
  if (!contains([fix.lon, fix.lat])) return "outside";
  return fix.accuracy > EXACT ? "inexact" : "exact";
}

/**
 * How exact in words, with one or two digits: nobody needs to know that it is 2,987 m.
 * @param {number} accuracy metres
 */
export function accuracyWords(accuracy) {
  const magnitude = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(accuracy, 1))));
  const metres = Math.ceil(accuracy / magnitude) * magnitude;
  const language = document.documentElement.lang || "de";
  if (metres < 1000) return `${metres.toLocaleString(language)} m`;
  return `${(metres / 1000).toLocaleString(language, { maximumFractionDigits: 1 })} km`;
}

/**
 * Whether to ask without having been told to: where it was allowed before, and on phones, whose users expect it. A
 * refusal is final, and a question that nobody expected at a desk would only be in the way.
 * @returns {Promise<boolean>}
 */
async function mayAskAtStart() {
  if (!("geolocation" in navigator)) return false;
  const isPhone = matchMedia("(pointer: coarse)").matches;
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    return state === "granted" || (state === "prompt" && isPhone);
  } catch {
    return isPhone;
  }
}

/**
 * @returns {Promise<Fix>}
 * @throws {Error} with words for people
 */
export function findPosition() {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator)) {
      reject(new Error(gettext("This browser does not tell the position. Please tap on the map or search.")));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      () =>
        reject(new Error(gettext("Your position could not be found. Please tap on the map or search for a street."))),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: OLDEST },
    );
  });
}

/** What is known of the position while a place is chosen. */
export class Position {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {import("leaflet").Circle | null} how exact it is */
    this.circle = null;
    /** @type {Promise<Fix | null> | null} asked for when contributing began */
    this.pending = null;
    /** The map was moved or tapped since: a position that comes late moves nothing. */
    this.isTouched = false;
  }

  /** Contributing begins: the position is looked for while people still choose a topic. */
  async prepare() {
    this.isTouched = false;
    this.pending = null;
    if (!(await mayAskAtStart())) return;
    // Nobody asked for it in words, so nobody is bothered with its failure.
    this.pending = findPosition().catch(() => null);
  }

  /** What was asked for in the beginning, once. @returns {Promise<Fix | null>} */
  async arrived() {
    const { pending } = this;
    const fix = await pending;
    if (this.pending !== pending) return null;
    this.pending = null;
    return this.isTouched ? null : fix;
  }

  /** @param {Fix} fix */
  draw({ lon, lat, accuracy }) {
    this.forget();
    this.circle = L.circle([lat, lon], { radius: accuracy, className: "accuracy", interactive: false });
    this.circle.addTo(this.map);
    return this.circle;
  }

  forget() {
    this.circle?.remove();
    this.circle = null;
  }
}
