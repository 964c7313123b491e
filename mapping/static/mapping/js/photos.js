/**
 * Photos chosen for a contribution: made smaller once, when they are chosen, previewed, removable, and where wanted made
 * unrecognisable in parts. The same bytes travel however often they are sent, so that the server knows them again.
 */

import { openBlurring } from "./contributing/blurring.js";
import { makeButton } from "./site/elements.js";

/** Longest edge that is sent, pixels. */
const EDGE = 2000;
const QUALITY = 0.86;
const MOST = 3;

/** @typedef {{name: string, blob: Blob, url: string}} Photo */

/**
 * A picture as JPEG with at most EDGE pixels. Drawing it anew also leaves the camera's position behind on the visitor's
 * device.
 * @param {Blob} file
 * @returns {Promise<Blob>} the file itself where the browser cannot write JPEG
 * @throws {DOMException} where it is no picture that this browser can draw (Safari draws HEIC, others do not)
 */
export async function shrink(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (context) {
    // JPEG knows no transparency and would make it black.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  }
  bitmap.close();
  return (await asJpeg(canvas)) ?? file;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob | null>}
 */
export function asJpeg(canvas) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/**
 * Whether a file is HEIC or HEIF by its first bytes (ISO/IEC 23008-12, brands of the "ftyp" box): names and types lie.
 * @param {File} file
 */
async function isHeic(file) {
  const start = new TextDecoder("latin1").decode(await file.slice(4, 12).arrayBuffer());
  return /^ftyp(?:hei|hev|mif1|msf1)/.test(start);
}

/** Turns `<input type="file" name="photos" multiple>` into a choice with previews. */
export class PhotoChoice {
  /**
   * @param {HTMLInputElement} input
   * @param {(words: string) => void} announce
   */
  constructor(input, announce) {
    this.input = input;
    this.announce = announce;
    /** @type {Photo[]} */
    this.chosen = [];
    /** What is being made smaller. */
    this.preparing = Promise.resolve();
    /** Counts how often everything was removed: a photo that is small only afterwards belongs to what is gone. */
    this.turn = 0;
    this.list = document.createElement("ul");
    this.list.className = "photo-choice";
    // The browser's own control says "no file chosen" whatever was chosen before; a button says what it does.
    this.buttons = document.createElement("div");
    this.buttons.className = "photo-choice__buttons";
    this.button = makeButton("button", gettext("Add photos"), () => this.#open(""));
    this.buttons.append(this.button);
    if (matchMedia("(pointer: coarse)").matches)
      this.buttons.append(makeButton("button", gettext("Take a photo"), () => this.#open("environment")));
    this.problem = document.createElement("p");
    this.problem.className = "field__error";
    this.problem.hidden = true;
    input.hidden = true;
    input.after(this.list, this.problem, this.buttons);
    input.addEventListener("change", () => {
      this.preparing = this.preparing.then(() => this.#take());
    });
  }

  /** @returns {Promise<Photo[]>} once all are small */
  async settled() {
    await this.preparing;
    return [...this.chosen];
  }

  /**
   * Photos that were made smaller before, as they waited with their contribution.
   * @param {import("./waiting/outbox.js").KeptPhoto[]} kept
   */
  restore(kept) {
    this.chosen = kept.map(({ name, type, bytes }) => {
      const blob = new Blob([bytes], { type });
      return { name, blob, url: URL.createObjectURL(blob) };
    });
    this.#draw();
  }

  /** @param {Photo} photo */
  remove(photo) {
    URL.revokeObjectURL(photo.url);
    this.chosen = this.chosen.filter((one) => one !== photo);
    this.#draw();
  }

  /**
   * Another topic was chosen: its photos go along, as many as there is room for.
   * @param {PhotoChoice} other
   */
  takeOver(other) {
    const { turn } = this;
    this.preparing = Promise.all([this.preparing, other.preparing]).then(() => {
      if (turn !== this.turn) return;
      this.chosen.push(...other.chosen.splice(0, MOST - this.chosen.length));
      this.#draw();
      other.#draw();
    });
  }

  clear() {
    this.turn += 1;
    for (const { url } of this.chosen) URL.revokeObjectURL(url);
    this.chosen = [];
    this.#say("");
    this.#draw();
  }

  /** @param {"" | "environment"} camera which camera takes the picture, empty for pictures that exist */
  #open(camera) {
    if (camera) this.input.setAttribute("capture", camera);
    else this.input.removeAttribute("capture");
    this.input.click();
  }

  async #take() {
    const { turn } = this;
    const files = [...(this.input.files ?? [])];
    // The same picture may be chosen again after it was removed.
    this.input.value = "";
    this.#say("");
    for (const file of files) {
      if (this.chosen.length >= MOST) {
        this.#say(gettext("At most three photos are possible."));
        break;
      }
      try {
        const blob = await shrink(file);
        if (turn !== this.turn) return;
        this.chosen.push({ name: file.name, blob, url: URL.createObjectURL(blob) });
      } catch {
        const isFromPhone = await isHeic(file);
        if (turn !== this.turn) return;
        this.#say(
          isFromPhone
            ? gettext("HEIC photos cannot be read here. Please choose a JPEG, or save the photo as JPEG first.")
            : gettext("This file is not a photo that can be read. Please choose a JPEG, PNG or WebP file."),
        );
      }
    }
    this.#draw();
  }

  /**
   * Shows what is wrong beside the button and announces it; nothing takes it away.
   * @param {string} words
   */
  #say(words) {
    this.problem.textContent = words;
    this.problem.hidden = !words;
    if (words) this.announce(words);
  }

  #draw() {
    this.list.replaceChildren(
      ...this.chosen.map((photo, index) => {
        const number = String(index + 1);
        const item = document.createElement("li");
        const image = document.createElement("img");
        image.src = photo.url;
        image.alt = photo.name;
        const remove = makeButton("photo-choice__remove", "×", () => {
          this.remove(photo);
          this.button.focus();
        });
        remove.setAttribute("aria-label", interpolate(gettext("Remove photo %s"), [number]));
        const blur = makeButton("button button--small photo-choice__blur", gettext("Blur"), () => this.#blur(photo));
        blur.setAttribute("aria-label", interpolate(gettext("Blur faces and plates in photo %s"), [number]));
        item.append(image, remove, blur);
        return item;
      }),
    );
    this.buttons.hidden = this.chosen.length >= MOST;
  }

  /** @param {Photo} photo */
  async #blur(photo) {
    this.#say("");
    /** @type {Blob | null} */
    let blob = null;
    try {
      blob = await openBlurring(photo.blob, asJpeg);
    } catch {
      this.#say(
        gettext("The photo could not be changed: it is as it was before. Please remove it if it shows people."),
      );
    }
    const index = this.chosen.indexOf(photo);
    if (blob && index >= 0) {
      URL.revokeObjectURL(photo.url);
      this.chosen[index] = { name: photo.name, blob, url: URL.createObjectURL(blob) };
      this.#draw();
      this.announce(gettext("The photo is changed."));
    }
    /** @type {HTMLElement | null} */ (this.list.children[index]?.querySelector(".photo-choice__blur"))?.focus();
  }
}
