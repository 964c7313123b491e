/** What comes after the form: the page that thanks, a photo that was refused, or waiting on this device. */

import { sayAbove } from "../form.js";
import { find } from "../site/elements.js";
import { Departure } from "../waiting/departure.js";
import { sendPhotos } from "./sending.js";

/** @typedef {import("../draft.js").Draft} Draft */
/** @typedef {{title: string, properties: Record<string, unknown>, photos: import("../photos.js").PhotoChoice | undefined}} Sent */

export class Ending {
  /**
   * @param {HTMLElement} root
   * @param {import("../campaign.js").Config} config
   * @param {{show: (step: "done" | "waiting") => void, onGone: () => void, onClose: () => void,
   *   announce: (words: string) => void}} events onGone: the draft is of no more use; onClose: another page comes
   */
  constructor(root, config, events) {
    this.root = root;
    this.config = config;
    this.events = events;
    this.departure = new Departure(config);
    this.thanks = "";
    /** Where photos are sent that were refused, and which. */
    this.photosUrl = "";
    /** @type {Sent["photos"]} */
    this.photos = undefined;
    find(root, "[data-do='finish']").addEventListener("click", () => this.#goToThanks());
    find(root, "[data-do='photos-again']").addEventListener("click", () => this.#sendPhotosAgain());
    find(root, "[data-do='wait']").addEventListener("click", () => this.#wait());
  }

  /**
   * @param {Draft} draft
   * @param {Sent} sent
   * @throws {import("../site/api.js").ApiProblem} the form has to say why
   */
  async send(draft, sent) {
    this.offer(false);
    this.photos = sent.photos;
    this.photosUrl = `${this.config.urls.contributions}${draft.id}/photos/`;
    const ended = await this.departure.send(draft, { ...sent, onSlow: () => this.#tellOfWaiting() });
    this.events.onGone();
    if (ended.kind === "waiting") this.#showWaiting(ended.isStored);
    else this.#stored(ended.feature, ended.photoProblem);
  }

  /** @param {boolean} isOffered to wait on this device, of a protected campaign */
  offer(isOffered = this.departure.offered !== null) {
    find(this.root, "[data-offer]").hidden = !isOffered;
  }

  #tellOfWaiting() {
    this.events.announce(
      this.config.isPublic
        ? gettext("Still being sent. It is kept on this device until it has arrived.")
        : gettext("This takes longer than usual. Please leave this page open."),
    );
  }

  /**
   * @param {any} feature
   * @param {string} photoProblem why a photo was refused
   */
  #stored(feature, photoProblem) {
    const link = feature.edit_url ?? feature.properties?.edit_url ?? "";
    this.thanks = link ? new URL("thanks/", new URL(link, location.href)).href : "";
    if (!photoProblem) return this.#goToThanks();
    this.#tellOfPhoto(photoProblem);
    this.events.show("done");
  }

  /** @param {string} problem */
  #tellOfPhoto(problem) {
    find(this.root, "[data-done-photos] span").textContent =
      `${gettext("A photo could not be stored.")} ${problem} ${gettext("You can add it again with your private link.")}`;
  }

  async #sendPhotosAgain() {
    const button = /** @type {HTMLButtonElement} */ (find(this.root, "[data-do='photos-again']"));
    button.disabled = true;
    const problem = this.photos ? await sendPhotos(this.photos, this.photosUrl, () => this.#tellOfWaiting()) : "";
    button.disabled = false;
    if (!problem) return this.#goToThanks();
    this.#tellOfPhoto(problem);
    this.events.announce(problem);
  }

  /** Of a protected campaign, because somebody wants it. */
  async #wait() {
    const item = await this.departure.wait();
    if (item) {
      this.events.onGone();
      this.#showWaiting(item.isStored);
      return;
    }
    const form = this.root.querySelector("form[data-form]:not([hidden])");
    const words = gettext("This device does not keep it. Please leave this page open.");
    if (form instanceof HTMLFormElement) sayAbove(form, words);
  }

  /** @param {boolean} isStored whether only photos wait */
  #showWaiting(isStored) {
    history.replaceState({ inside: true }, "", "#map");
    for (const part of this.root.querySelectorAll("[data-waits]")) {
      /** @type {HTMLElement} */ (part).hidden = (part.getAttribute("data-waits") === "photo") !== isStored;
    }
    this.events.show("waiting");
  }

  /** Whoever goes back from there comes to the map, not to a form that was sent. */
  #goToThanks() {
    this.events.onClose();
    history.replaceState({ inside: true }, "", "#map");
    const address = this.thanks || location.pathname;
    // In a frame of another site the page that thanks opens in a window of its own (`site/embed.js`).
    const leaves = document.dispatchEvent(new CustomEvent("leave", { detail: address, cancelable: true }));
    if (leaves) location.assign(address);
  }
}
