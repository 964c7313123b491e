/** The small map on a contribution's own page: `<contribution-map>`. Without JavaScript it stays hidden. */

import { createBaseMap, readMapConfig } from "./map.js";
import { featureLayer } from "./markers.js";
import { printAsSeen } from "./printing.js";

class ContributionMap extends HTMLElement {
  async connectedCallback() {
    const element = this.querySelector("div");
    if (!element) return;
    this.hidden = false;
    const { geometry, category } = readMapConfig("contribution-shape");
    const base = await createBaseMap(element, readMapConfig("map-config"), {
      missing: gettext("Base map not reachable."),
    });
    const { layer, setSelected, getBounds } = featureLayer(geometry, category);
    layer.addTo(base.map);
    setSelected(true);
    base.fit(getBounds(), 16);
    printAsSeen(element);
  }
}

customElements.define("contribution-map", ContributionMap);
