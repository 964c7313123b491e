/**
 * Faces and number plates made unrecognisable before a photo leaves the device: a brush of coarse squares, for fingers,
 * mouse and keyboard. The squares hold averages only, so that nothing can be computed back out of them.
 */

import { makeButton } from "../site/elements.js";

/** Squares, and half the width of the brush, as parts of the picture's longer edge. */
const SQUARE = 1 / 48;
const BRUSH = 1 / 20;

/** @typedef {{x: number, y: number}} Point pixels of the picture */

/**
 * @param {Blob} photo
 * @param {(canvas: HTMLCanvasElement) => Promise<Blob | null>} asFile
 * @returns {Promise<Blob | null>} null where nothing was changed
 * @throws {Error} where the browser cannot write the changed picture
 */
export async function openBlurring(photo, asFile) {
  const picture = new Blurring(await createImageBitmap(photo));
  const dialog = document.createElement("dialog");
  dialog.className = "blurring";
  const title = document.createElement("h2");
  title.textContent = gettext("Blur faces and number plates");
  title.id = "blurring-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const help = document.createElement("p");
  help.className = "small quiet";
  help.textContent = gettext(
    "Brush over them with a finger or the mouse. With the keyboard: arrow keys move the circle, the space bar blurs.",
  );
  const buttons = document.createElement("div");
  buttons.className = "actions";
  const undo = makeButton("button", gettext("Undo"), () => picture.undo());
  const keep = makeButton("button button--primary", gettext("Done"), () => dialog.close("keep"));
  buttons.append(
    keep,
    undo,
    makeButton("button button--quiet", gettext("Cancel"), () => dialog.close("")),
  );
  dialog.append(title, help, picture.stage, buttons);
  document.body.append(dialog);
  dialog.showModal();
  picture.canvas.focus();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  const isChanged = dialog.returnValue === "keep" && picture.strokes.length > 0;
  const blob = isChanged ? await asFile(picture.canvas) : null;
  dialog.remove();
  picture.original.close();
  if (isChanged && !blob) throw new Error("The browser wrote no picture.");
  return blob;
}

class Blurring {
  /** @param {ImageBitmap} original */
  constructor(original) {
    this.original = original;
    const longer = Math.max(original.width, original.height);
    this.radius = Math.max(8, longer * BRUSH);
    this.mosaic = mosaicOf(original, Math.max(4, longer * SQUARE));
    this.canvas = document.createElement("canvas");
    this.canvas.width = original.width;
    this.canvas.height = original.height;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", gettext("Photo to brush over"));
    this.ring = document.createElement("span");
    this.ring.className = "blurring__ring";
    this.stage = document.createElement("div");
    this.stage.className = "blurring__stage";
    this.stage.append(this.canvas, this.ring);
    /** @type {Point[][]} */
    this.strokes = [];
    /** @type {Point} */
    this.at = { x: original.width / 2, y: original.height / 2 };
    this.#redraw();
    this.#moveRing();
    this.#listen();
  }

  undo() {
    this.strokes.pop();
    this.#redraw();
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      // A second finger would blur everything between both.
      if (!event.isPrimary || event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.strokes.push([]);
      this.#brush(this.#pointOf(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      // Fingers capture what they touch by themselves, also the second one.
      if (event.isPrimary && canvas.hasPointerCapture(event.pointerId)) this.#brush(this.#pointOf(event));
    });
    canvas.addEventListener("keydown", (event) => {
      const step = this.radius * (event.shiftKey ? 0.25 : 1);
      const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [
        0, 0,
      ];
      if (event.key === " " || event.key === "Enter") {
        this.strokes.push([]);
        this.#brush(this.at);
      } else if (x !== 0 || y !== 0) {
        this.at = {
          x: Math.min(canvas.width, Math.max(0, this.at.x + x * step)),
          y: Math.min(canvas.height, Math.max(0, this.at.y + y * step)),
        };
        this.#moveRing();
      } else return;
      event.preventDefault();
    });
  }

  /** @param {PointerEvent} event @returns {Point} */
  #pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * this.canvas.width) / box.width,
      y: ((event.clientY - box.top) * this.canvas.height) / box.height,
    };
  }

  /** @param {Point} to */
  #brush(to) {
    const stroke = this.strokes[this.strokes.length - 1];
    const from = stroke[stroke.length - 1] ?? to;
    // A quick finger leaves gaps between two events.
    const parts = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (this.radius / 2)));
    for (let part = 1; part <= parts; part += 1) {
      const point = { x: from.x + ((to.x - from.x) * part) / parts, y: from.y + ((to.y - from.y) * part) / parts };
      stroke.push(point);
      this.#dab(point);
    }
    this.at = to;
    this.#moveRing();
  }

  /** @param {Point} point */
  #dab({ x, y }) {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.save();
    context.beginPath();
    context.arc(x, y, this.radius, 0, 2 * Math.PI);
    context.clip();
    context.drawImage(this.mosaic, 0, 0);
    context.restore();
  }

  #redraw() {
    this.canvas.getContext("2d")?.drawImage(this.original, 0, 0);
    for (const point of this.strokes.flat()) this.#dab(point);
  }

  #moveRing() {
    const { style } = this.ring;
    style.left = `${(100 * this.at.x) / this.canvas.width}%`;
    style.top = `${(100 * this.at.y) / this.canvas.height}%`;
    style.width = `${(200 * this.radius) / this.canvas.width}%`;
  }
}

/**
 * @param {ImageBitmap} picture
 * @param {number} square pixels
 */
function mosaicOf(picture, square) {
  const small = document.createElement("canvas");
  small.width = Math.max(1, Math.round(picture.width / square));
  small.height = Math.max(1, Math.round(picture.height / square));
  const shrinking = small.getContext("2d");
  if (shrinking) shrinking.imageSmoothingQuality = "high";
  shrinking?.drawImage(picture, 0, 0, small.width, small.height);
  const large = document.createElement("canvas");
  large.width = picture.width;
  large.height = picture.height;
  const growing = large.getContext("2d");
  if (growing) growing.imageSmoothingEnabled = false;
  growing?.drawImage(small, 0, 0, large.width, large.height);
  return large;
}
