/** The list of what lies on the same spot: markers that no zoom takes apart, reached by finger, mouse and keyboard. */

import { markerSvg } from "../map/markers.js";
import { L } from "../map/whole-leaflet.js";
import { makeButton } from "../site/elements.js";
import { pageAt, wordsOf } from "./entries.js";

/** Entries at once. */
const STEP = 20;

export class SameSpot {
  /**
   * @param {import("leaflet").Map} map
   * @param {Map<string, import("../map/markers.js").CategoryLook>} categories
   * @param {{onSelect: (id: string) => void}} events
   */
  constructor(map, categories, events) {
    this.map = map;
    this.categories = categories;
    this.events = events;
    /** @type {import("leaflet").Popup | null} */
    this.popup = null;
  }

  /**
   * @param {import("leaflet").LatLng} place
   * @param {import("./entries.js").Found} found
   * @param {HTMLElement | null} opener gets the focus back
   */
  open(place, found, opener) {
    this.popup?.remove();
    const list = document.createElement("ul");
    list.className = "same-spot__list";
    const content = document.createElement("div");
    content.className = "same-spot__content";
    content.setAttribute("role", "dialog");
    content.setAttribute("aria-label", gettext("Contributions at this place"));
    content.append(list);
    const close = makeButton("button button--small same-spot__close", gettext("Close"), () => leave());
    const more = makeButton("button button--small", gettext("Show more"), () => showMore());
    content.append(more, close);
    const popup = L.popup({
      className: "same-spot",
      closeButton: false,
      maxWidth: 300,
      minWidth: 220,
      autoPanPaddingTopLeft: [16, 72],
      autoPanPaddingBottomRight: [16, 16],
      offset: [0, -8],
    });
    const leave = () => {
      popup.remove();
      if (opener?.isConnected) opener.focus({ preventScroll: true });
      else this.map.getContainer().focus({ preventScroll: true });
    };
    content.addEventListener("keydown", (event) => {
      event.stopPropagation(); // The map would move by the arrow keys.
      if (event.key === "Escape") leave();
    });
    const waiting = [...found.features];
    let { next } = found;
    const show = () => {
      const items = waiting.splice(0, STEP).map((feature) => this.#item(feature));
      list.append(...items);
      more.hidden = waiting.length === 0 && !next;
      popup.update(); // It hides the popup for a moment, hence before the focus moves.
      items[0]?.querySelector("button")?.focus({ preventScroll: true });
    };
    const showMore = async () => {
      if (waiting.length === 0 && next) {
        more.disabled = true;
        const page = await pageAt(next).catch(() => null);
        more.disabled = false;
        if (!page) return; // The button stays, and tries again.
        waiting.push(...page.features);
        next = page.next;
      }
      show();
    };
    popup.setLatLng(place).setContent(content).openOn(this.map);
    L.DomEvent.disableClickPropagation(content);
    L.DomEvent.disableScrollPropagation(content);
    this.popup = popup;
    show();
  }

  /** @param {any} feature */
  #item(feature) {
    const category = this.categories.get(feature.properties.category);
    const item = document.createElement("li");
    const choice = makeButton("same-spot__item", "", () => {
      this.popup?.remove();
      this.events.onSelect(feature.id);
    });
    const icon = document.createElement("span");
    icon.className = "marker-inline";
    if (category) icon.innerHTML = markerSvg(category); // of fixed parts and one letter
    const words = document.createElement("span");
    words.textContent = wordsOf(feature, category);
    choice.append(icon, words);
    item.append(choice);
    return item;
  }
}
