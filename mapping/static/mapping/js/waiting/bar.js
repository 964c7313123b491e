/**
 * The bar below the header: what waits on this device, with a button that sends it, what needs the person, and whether
 * the page is a copy. Nothing that somebody wrote is in it until they open it.
 */

import { Drafts } from "../draft.js";
import { makeButton } from "../site/elements.js";
import { tellOfChange } from "./changed.js";
import { canBeMended, pauseBefore, wordsOf } from "./decisions.js";
import { flush } from "./delivery.js";
import { list, remove } from "./outbox.js";
import { whenOf, wordsOfWaiting } from "./words.js";

/** @typedef {import("./outbox.js").Item} Item */

class WaitingBar {
  constructor() {
    this.root = document.createElement("section");
    this.root.className = "waiting no-print";
    this.root.setAttribute("aria-label", gettext("On this device"));
    this.root.hidden = true;
    this.notice = line("waiting__notice");
    this.text = line("waiting__text");
    this.text.setAttribute("role", "status");
    this.button = makeButton("button button--small", gettext("Send now"), () => this.send(true));
    this.close = makeButton("button button--small button--quiet", gettext("Close"), () => this.#forgetNews());
    const row = document.createElement("div");
    row.className = "waiting__row";
    row.append(this.text, this.button, this.close);
    this.entries = document.createElement("ul");
    this.entries.className = "waiting__entries";
    this.details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = gettext("Show");
    this.details.append(summary, this.entries);
    this.root.append(this.notice, row, this.details);
    (document.querySelector(".site-header") ?? document.body).append(this.root);
    this.isSending = false;
    /** How many went out while the page is open. */
    this.sent = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#networkChanged());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.send();
    });
  }

  /** @param {string} copiedAt moment of the copy that the page is, else empty */
  async show(copiedAt) {
    this.copiedAt = copiedAt;
    await this.draw();
  }

  async draw() {
    const items = await list();
    const isAlone = items.length === 0;
    const words = this.isSending ? gettext("Being sent …") : wordsOfWaiting(items, this.sent, navigator.onLine);
    if (this.text.textContent !== words) this.text.textContent = words;
    this.notice.textContent = this.#noticeWords();
    this.notice.hidden = !this.notice.textContent;
    this.button.hidden = !items.some(({ state }) => state === "waiting");
    this.button.disabled = this.isSending;
    this.close.hidden = !isAlone || this.sent === 0;
    this.details.hidden = isAlone;
    if (items.some(({ state }) => state === "refused")) this.details.open = true;
    this.entries.replaceChildren(...items.map((item) => this.#entry(item)));
    this.root.hidden = !words && this.notice.hidden;
    clearTimeout(this.timer);
    const pause = pauseBefore(items, Date.now());
    if (pause !== null) this.timer = window.setTimeout(() => this.send(), pause);
  }

  /** @param {boolean} [isAsked] whether somebody pressed the button */
  async send(isAsked = false) {
    if (this.isSending) return;
    const items = await list();
    if (!items.some(({ state }) => state === "waiting")) return;
    if (!isAsked && navigator.onLine === false) return;
    this.isSending = isAsked;
    if (isAsked) await this.draw();
    const onSlow = () => {
      this.text.textContent = gettext("Still being sent. Everything is kept on this device until it has arrived.");
    };
    const done = await flush({ isAsked, onSlow }).catch(() => []);
    this.isSending = false;
    this.sent += done.filter(({ kind }) => kind === "sent").length;
    await this.draw();
  }

  #networkChanged() {
    if (navigator.onLine) this.send();
    this.draw();
  }

  #noticeWords() {
    if (!this.copiedAt) return "";
    const when = whenOf(Date.parse(this.copiedAt));
    return interpolate(gettext("No network: you see this page as it was on %s. You can take part; it is sent later."), [
      when,
    ]);
  }

  #forgetNews() {
    this.sent = 0;
    this.draw();
  }

  /** @param {Item} item */
  #entry(item) {
    const entry = document.createElement("li");
    entry.dataset.id = item.id;
    const title = line("");
    title.dir = "auto";
    title.textContent = [item.title, whenOf(item.madeAt)].filter(Boolean).join(" · ");
    entry.append(title);
    const actions = document.createElement("div");
    actions.className = "actions";
    if (item.state === "refused") {
      const reason = line("field__error");
      reason.textContent = `${item.isStored ? gettext("A photo could not be stored.") : gettext("It was not accepted.")} ${item.reason}`;
      entry.append(reason);
      if (canBeMended(item))
        actions.append(makeButton("button button--small", gettext("Open and change"), () => open(item)));
      if (!item.isStored) actions.append(copyButton(item));
    }
    const discard = makeButton("button button--small button--quiet", gettext("Discard"), async () => {
      if (!window.confirm(gettext("Discard it? It is not sent and cannot be brought back."))) return;
      await remove(item.id);
      tellOfChange();
    });
    actions.append(discard);
    entry.append(actions);
    return entry;
  }
}

/**
 * Back into the form: as a draft, whose photos still lie here.
 * @param {Item} item
 */
async function open(item) {
  new Drafts(item.slug, item.isPublic).keep(item.draft);
  const query = `?draft=${item.id}`;
  const isThere = location.pathname === item.page && location.search === query;
  location.assign(`${item.page}${query}#place`);
  if (isThere) location.reload();
}

/** @param {Item} item */
function copyButton(item) {
  const copy = makeButton("button button--small", gettext("Copy what I wrote"), async () => {
    const words = wordsOf(item.draft.values);
    try {
      await navigator.clipboard.writeText(words);
      copy.textContent = gettext("Copied");
    } catch {
      // Without permission it can be selected.
      const text = document.createElement("textarea");
      text.readOnly = true;
      text.value = words;
      text.setAttribute("aria-label", gettext("What you wrote"));
      copy.replaceWith(text);
      text.select();
    }
  });
  return copy;
}

/** @param {string} look */
function line(look) {
  const made = document.createElement("p");
  made.className = look;
  return made;
}

/** @type {WaitingBar | null} */
let bar = null;

/**
 * @param {string} copiedAt moment of the copy that the page is, else empty
 * @param {{sends: boolean}} options whether to send at once: when a page opens, not when sending has just failed
 */
export async function showWaiting(copiedAt, { sends }) {
  bar ??= new WaitingBar();
  await bar.show(copiedAt);
  if (sends) await bar.send();
}

/** @param {() => void} load the new version */
export function offerReload(load) {
  if (document.querySelector(".waiting--new")) return;
  const offer = document.createElement("div");
  offer.className = "waiting waiting--new waiting__row no-print";
  const words = line("waiting__text");
  words.setAttribute("role", "status");
  words.textContent = gettext("There is a new version of this page.");
  offer.append(words, makeButton("button button--small", gettext("Load it"), load));
  (document.querySelector(".site-header") ?? document.body).append(offer);
}
