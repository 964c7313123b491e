/** A contribution leaves the form: to the site at once, or to wait on this device where the site cannot be reached. */

import { ApiProblem } from "../site/api.js";
import { tellOfChange } from "./changed.js";
import { deliver, note } from "./delivery.js";
import { get, put, remove } from "./outbox.js";

/** @typedef {import("./outbox.js").Item} Item */
/** @typedef {import("../photos.js").PhotoChoice} PhotoChoice */
/** @typedef {{kind: "thanks", feature: any, photoProblem: string} | {kind: "waiting", isStored: boolean}} Ended */

export class Departure {
  /** @param {import("../campaign.js").Config} config */
  constructor(config) {
    this.config = config;
    // What shows that something waits, before it is needed: without a network it could not be fetched any more.
    import("./bar.js").catch(() => {});
    /**
     * What could not be sent of a protected campaign: it stays in the page unless somebody says otherwise.
     * @type {Item | null}
     */
    this.offered = null;
    /** @type {Map<string, string>} by the ids of contributions */
    this.senders = new Map();
  }

  /** In frames of other sites and for previews nothing waits. */
  get #mayWait() {
    return window.top === window && !this.config.isPreview;
  }

  /**
   * @param {import("../draft.js").Draft} draft
   * @param {{title: string, properties: Record<string, unknown>, photos: PhotoChoice | undefined, onSlow: () => void}} sent
   * @returns {Promise<Ended>}
   * @throws {ApiProblem} nothing waits, the form has to say why
   */
  async send(draft, { title, properties, photos, onSlow }) {
    this.offered = null;
    const item = await this.#itemOf(draft, title, properties, photos);
    // Before it is sent: a tab that is closed meanwhile loses nothing.
    const isKept = this.config.isPublic && this.#mayWait && (await put(item));
    const outcome = await deliver(item, onSlow);
    const { kind, answer } = outcome;
    if (kind === "sent" || kind === "gone") {
      await remove(item.id);
      if (kind === "gone") throw problemOf(answer);
      return { kind: "thanks", feature: outcome.feature, photoProblem: outcome.photoProblem ?? "" };
    }
    // Whoever is asked to wait stands before the form; of what has arrived only the photos are left, and they wait.
    const isWaiting = kind === "later" && (answer.status !== 429 || outcome.item.isStored);
    // Whoever discarded it meanwhile still has the form.
    if (isWaiting && isKept && (await note(outcome))) {
      this.#toldToWait();
      return { kind: "waiting", isStored: outcome.item.isStored };
    }
    await remove(item.id);
    if (isWaiting && this.#mayWait && !this.config.isPublic) this.offered = outcome.item;
    throw problemOf(answer);
  }

  /**
   * Somebody wants it to wait on this device, although the campaign protects its participants.
   * @returns {Promise<Item | null>} what waits; null where this device does not keep it
   */
  async wait() {
    const item = this.offered;
    if (!item || !(await put(item))) return null;
    this.offered = null;
    this.#toldToWait();
    return item;
  }

  /**
   * The photos of a draft that comes back from waiting.
   * @param {string} id
   * @param {PhotoChoice | undefined} choice
   */
  async restorePhotos(id, choice) {
    const item = await get(id);
    if (item && choice) choice.restore(item.photos);
  }

  /** @param {string} id of a draft that is given up */
  async forget(id) {
    this.offered = null;
    if (!(await get(id))) return;
    await remove(id);
    tellOfChange();
  }

  #toldToWait() {
    // Browsers may clear what scripts keep when they need room, or after a week; asked, some promise not to.
    navigator.storage?.persist?.().catch(() => false);
    tellOfChange();
  }

  /**
   * The name under which a contribution is sent, however often, before this browser has a cookie.
   * @param {string} id
   */
  #senderOf(id) {
    const name = this.senders.get(id) ?? randomName();
    this.senders.set(id, name);
    return name;
  }

  /**
   * @param {import("../draft.js").Draft} draft
   * @param {string} title
   * @param {Record<string, unknown>} properties
   * @param {PhotoChoice | undefined} choice
   * @returns {Promise<Item>}
   */
  async #itemOf(draft, title, properties, choice) {
    const photos = [];
    for (const { name, blob } of (await choice?.settled()) ?? [])
      photos.push({ name, type: blob.type, bytes: await blob.arrayBuffer() });
    const { slug, isPublic, urls } = this.config;
    return {
      id: draft.id,
      slug,
      page: location.pathname,
      url: urls.contributions,
      title,
      isPublic,
      body: JSON.stringify({ type: "Feature", id: draft.id, geometry: draft.geometry, properties }),
      photos,
      draft: { ...draft, savedAt: Date.now() },
      sender: this.#senderOf(draft.id),
      madeAt: Date.now(),
      state: "waiting",
      isStored: false,
      notBefore: 0,
      status: 0,
      reason: "",
    };
  }
}

/** 256 random bits in hexadecimal. */
function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {import("./decisions.js").Answer} answer */
function problemOf({ status, body, isProblem, retryAfter }) {
  const detail =
    status === 0
      ? gettext("The connection failed. Please try again in a moment.")
      : gettext("Something went wrong on our side. Please try again later.");
  // Whatever stands between here and the site answers in its own way: that is no refusal.
  if (!isProblem && status < 500 && status !== 429) return new ApiProblem(0, detail);
  return new ApiProblem(status, body?.detail ?? body?.title ?? detail, body?.errors ?? [], retryAfter);
}
