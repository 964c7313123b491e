/**
 * The panel as a bottom sheet on phones: three heights (peek, half, full), by dragging, by the handle, by keyboard.
 * On wide windows and on phones held sideways the same element stands at the left, and heights mean nothing.
 */

/** @typedef {"peek" | "half" | "full"} Height */

const HEIGHTS = /** @type {Height[]} */ (["peek", "half", "full"]);
/** Pixels before a touch counts as dragging rather than tapping. */
const SLACK = 8;

/**
 * Whether the panel is a sheet: narrow windows, but not phones held sideways, whose height would not hold a sheet and a
 * map. `live.css` asks the same.
 */
export const isPhone = () => matchMedia("(width < 480px), ((width < 768px) and (height >= 480px))").matches;

export class Sheet {
  /**
   * @param {HTMLElement} panel
   * @param {(coveredPixels: number) => void} onChange told how many pixels at the bottom of the map are covered
   */
  constructor(panel, onChange) {
    this.panel = panel;
    this.onChange = onChange;
    this.handle = /** @type {HTMLButtonElement} */ (panel.querySelector("[data-sheet-handle]"));
    this.handle.hidden = false;
    this.handle.addEventListener("click", () => this.step());
    for (const part of [this.handle, panel.querySelector("[data-peek]")]) {
      if (part instanceof HTMLElement) this.#followDragging(part);
    }
    new ResizeObserver(() => this.#report()).observe(panel);
    panel.addEventListener("focusin", (event) => this.#makeRoom(event));
    this.#describe();
  }

  /** @returns {Height} */
  get height() {
    return /** @type {Height} */ (this.panel.dataset.height ?? "peek");
  }

  set height(height) {
    this.panel.dataset.height = height;
    this.#describe();
    this.#report();
  }

  /** Pixels at the bottom of the map under the panel. */
  get covered() {
    return isPhone() ? this.panel.getBoundingClientRect().height : 0;
  }

  /** One height further, from full back to peek. */
  step() {
    this.height = HEIGHTS[(HEIGHTS.indexOf(this.height) + 1) % HEIGHTS.length];
  }

  #describe() {
    this.handle.setAttribute("aria-expanded", String(this.height === "full"));
  }

  #report() {
    const { covered } = this;
    this.panel.parentElement?.style.setProperty("--sheet-height", `${Math.round(covered)}px`);
    this.onChange(covered);
  }

  /**
   * Whoever types needs to see the field above the phone's keyboard.
   * @param {FocusEvent} event
   */
  #makeRoom(event) {
    const target = event.target;
    const typing =
      target instanceof HTMLTextAreaElement ||
      (target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox");
    if (typing && isPhone() && !target.closest("[data-step='place']")) this.height = "full";
  }

  /** @param {HTMLElement} part */
  #followDragging(part) {
    part.addEventListener("dragstart", (event) => event.preventDefault());
    part.addEventListener("pointerdown", (down) => {
      if (!isPhone() || down.button !== 0) return;
      const height = this.panel.getBoundingClientRect().height;
      let moved = 0;
      const over = new AbortController();
      const { signal } = over;
      /** @param {PointerEvent} event */
      const follow = (event) => {
        moved = down.clientY - event.clientY;
        if (Math.abs(moved) < SLACK && !this.panel.classList.contains("is-dragged")) return;
        this.panel.classList.add("is-dragged");
        this.panel.style.blockSize = `${Math.max(96, height + moved)}px`;
      };
      const end = () => {
        over.abort();
        if (!this.panel.classList.contains("is-dragged")) return;
        const reached = this.panel.getBoundingClientRect().height;
        this.panel.classList.remove("is-dragged");
        this.panel.style.removeProperty("block-size");
        this.height = this.#nearest(reached, moved);
        swallowClick();
      };
      // On the window: a quick finger leaves the handle with its first movement.
      addEventListener("pointermove", follow, { signal });
      addEventListener("pointerup", end, { signal });
      addEventListener("pointercancel", end, { signal });
    });
  }

  /**
   * @param {number} reached pixels
   * @param {number} moved pixels upwards
   * @returns {Height}
   */
  #nearest(reached, moved) {
    const whole = this.panel.parentElement?.clientHeight ?? innerHeight;
    const share = reached / whole;
    const towards = moved > 0 ? 0.08 : -0.08;
    if (share + towards < 0.42) return "peek";
    return share + towards < 0.74 ? "half" : "full";
  }
}

/** The click that ends a drag must not press the button under the finger; not every drag ends in one. */
function swallowClick() {
  const over = new AbortController();
  addEventListener(
    "click",
    (event) => {
      if (event.detail === 0) return; // pressed with the keyboard
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true, signal: over.signal },
  );
  setTimeout(() => over.abort(), 50);
}
