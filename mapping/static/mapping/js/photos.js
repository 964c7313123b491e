/** Photos chosen for a contribution: previewed, removable, and made smaller here before they travel. */

/** Longest edge that is sent, pixels. */
const EDGE = 2000;
const QUALITY = 0.86;
const MOST = 3;

/**
 * A picture as JPEG with at most EDGE pixels; what the browser cannot read is sent as it is and judged by the server.
 * Drawing it anew also leaves the camera's position behind on the visitor's device.
 * @param {File} file
 * @returns {Promise<Blob>}
 */
export async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob instanceof Blob ? blob : file;
  } catch {
    return file;
  }
}

/**
 * Whether this browser can draw a picture, so that it travels as JPEG (Safari draws HEIC, others do not).
 * @param {File} file
 */
async function isReadable(file) {
  try {
    (await createImageBitmap(file)).close();
    return true;
  } catch {
    return false;
  }
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
    /** @type {{file: File, url: string}[]} */
    this.chosen = [];
    this.list = document.createElement("ul");
    this.list.className = "photo-choice";
    // The browser's own control says "no file chosen" whatever was chosen before; a button says what it does.
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button";
    this.button.textContent = gettext("Add photos");
    this.button.addEventListener("click", () => input.click());
    this.problem = document.createElement("p");
    this.problem.className = "field__error";
    this.problem.hidden = true;
    input.hidden = true;
    input.after(this.list, this.problem, this.button);
    input.addEventListener("change", () => this.#take());
  }

  get files() {
    return this.chosen.map(({ file }) => file);
  }

  clear() {
    for (const { url } of this.chosen) URL.revokeObjectURL(url);
    this.chosen = [];
    this.#say("");
    this.#draw();
  }

  async #take() {
    const files = [...(this.input.files ?? [])];
    // The same picture may be chosen again after it was removed.
    this.input.value = "";
    this.#say("");
    for (const file of files) {
      if (!(await isReadable(file))) {
        this.#say(
          (await isHeic(file))
            ? gettext("HEIC photos cannot be read here. Please choose a JPEG, or save the photo as JPEG first.")
            : gettext("This file is not a photo that can be read. Please choose a JPEG, PNG or WebP file."),
        );
      } else if (this.chosen.length >= MOST) {
        this.#say(gettext("At most three photos are possible."));
        break;
      } else {
        this.chosen.push({ file, url: URL.createObjectURL(file) });
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
      ...this.chosen.map(({ file, url }, index) => {
        const item = document.createElement("li");
        const image = document.createElement("img");
        image.src = url;
        image.alt = file.name;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.textContent = "×";
        remove.setAttribute("aria-label", interpolate(gettext("Remove photo %s"), [String(index + 1)]));
        remove.addEventListener("click", () => {
          URL.revokeObjectURL(url);
          this.chosen.splice(index, 1);
          this.#draw();
          this.button.focus();
        });
        item.append(image, remove);
        return item;
      }),
    );
    this.button.hidden = this.chosen.length >= MOST;
  }
}
