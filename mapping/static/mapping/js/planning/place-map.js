/** `<place-map data-config data-place>`: the small map of one contribution. Its data stand in JSON blocks. */

import { createBaseMap, featureLayer, readMapConfig } from "../map/map.js";

/** How near a single point is shown. */
const ZOOM = 16;

class PlaceMap extends HTMLElement {
  /** @type {import("../map/map.js").BaseMap | null} */
  #base = null;

  async connectedCallback() {
    const { config = "", place = "" } = this.dataset;
    const feature = readMapConfig(place);
    const base = await createBaseMap(this, readMapConfig(config), {
      label: gettext("Map of this place"),
      missing: gettext("Base map not reachable."),
    });
    // Taken off the page while the map was being made: the next contribution is in view already.
    if (!this.isConnected) {
      base.map.remove();
      return;
    }
    this.#base = base;
    const shown = featureLayer(feature.geometry, feature.properties, { selected: true });
    shown.layer.addTo(base.map);
    shown.setSelected(true);
    base.fit(shown.getBounds(), ZOOM);
  }

  disconnectedCallback() {
    this.#base?.map.remove();
    this.#base = null;
  }
}

customElements.define("place-map", PlaceMap);
