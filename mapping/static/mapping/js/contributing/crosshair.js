/** The cross in the middle of what panels leave of the map, and the place that it lies on. */

/** The cross may lie this far from where it was before the map is put there again, pixels. */
const DRIFT = 2;

export class Crosshair {
  /**
   * @param {HTMLElement} element
   * @param {import("../map/map.js").BaseMap} base
   */
  constructor(element, base) {
    this.element = element;
    this.base = base;
    /** What is in the middle, or was before a panel grew. */
    this.aim = base.centre();
    this.size = base.map.getSize();
    base.map.on("move", () => this.place());
    base.map.on("resize", () => {
      this.size = base.map.getSize();
    });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.element.hidden = !isShown;
    const container = this.base.map.getContainer();
    if (isShown) container.setAttribute("aria-description", gettext("Enter marks what the cross lies on."));
    else container.removeAttribute("aria-description");
    this.place();
  }

  /** Begin in the area: under the tall sheet of a list its middle lies far above. */
  comeIn() {
    const { lng, lat } = this.base.centre();
    if (!this.base.contains([lng, lat])) this.base.fitArea(false);
    this.settle();
  }

  /** @param {import("leaflet").LatLng} latlng what should stay in the middle */
  aimAt(latlng) {
    this.aim = latlng;
  }

  /**
   * The map came to rest.
   * @returns {boolean} false where only its size changed, of which Leaflet tells later
   */
  settle() {
    if (!this.base.map.getSize().equals(this.size)) return false;
    this.aim = this.base.centre();
    return true;
  }

  /** Panel or window have another size: the cross stays on the place where it was. */
  keep() {
    const { map } = this.base;
    const middle = map.latLngToContainerPoint(this.base.centre());
    if (map.latLngToContainerPoint(this.aim).distanceTo(middle) > DRIFT) this.base.show(this.aim, undefined, false);
    this.place();
  }

  place() {
    if (this.element.hidden) return;
    const { x, y } = this.base.map.latLngToContainerPoint(this.base.centre());
    this.element.style.left = `${x}px`;
    this.element.style.top = `${y}px`;
  }
}
