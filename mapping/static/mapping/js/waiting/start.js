/**
 * On every page: brings in the bar where something waits on this device, and the worker that keeps pages for times
 * without a network. Small, because every page loads it.
 */

import { loadWords } from "../site/words.js";
import { CHANGED } from "./changed.js";
import { exists } from "./outbox.js";

/** In frames of other sites nothing is kept, and a kiosk belongs to one person after the other. */
const isFramed = window.top !== window;
const isKiosk = document.body.classList.contains("kiosk");
/** Milliseconds after which all of a visit has arrived, on most networks. */
const UNDER_WAY = 5000;
/** The moment of the copy that this page is; empty for pages from the network. */
const copiedAt = document.querySelector("meta[name='copied-at']")?.getAttribute("content") ?? "";

if (!isFramed) {
  document.addEventListener(CHANGED, () => showBar(false));
  if ("BroadcastChannel" in globalThis) new BroadcastChannel(CHANGED).addEventListener("message", () => showBar(false));
  showBarIfNeeded();
  if (isKiosk) leaveWorker();
  else if (document.readyState === "complete") useWorker();
  else addEventListener("load", useWorker);
}

async function showBarIfNeeded() {
  if (copiedAt || (await exists())) await showBar(true);
}

/** @param {boolean} sends */
async function showBar(sends) {
  const [{ showWaiting }] = await Promise.all([import("./bar.js"), loadWords()]);
  await showWaiting(copiedAt, { sends });
}

/** Pages without encryption have no workers, and browsers may forbid them. */
async function useWorker() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const registration = await workers.register("/sw.js").catch(() => null);
  if (!registration) return;
  offerNewVersion(registration);
  const { active } = await workers.ready;
  if (copiedAt) return;
  const draws = document.querySelector("[data-draws]") !== null;
  const { lang: language } = document.documentElement;
  /** @param {boolean} isMore whether the page itself is kept already */
  const keep = (isMore) => {
    const files = performance.getEntriesByType("resource").map(({ name }) => name);
    active?.postMessage({ what: "keep", page: location.href, files, language, draws, isMore });
  };
  keep(false);
  // What was under way while there was no worker yet, or before the page of the campaign was kept: tiles and data.
  setTimeout(() => keep(true), UNDER_WAY);
}

async function leaveWorker() {
  for (const one of (await navigator.serviceWorker?.getRegistrations().catch(() => [])) ?? []) await one.unregister();
}

/**
 * A worker of a newer release waits until all pages are closed, or until somebody wants it.
 * @param {ServiceWorkerRegistration} registration
 */
function offerNewVersion(registration) {
  const offer = async () => {
    const { waiting } = registration;
    if (!waiting || !navigator.serviceWorker.controller) return;
    const [{ offerReload }] = await Promise.all([import("./bar.js"), loadWords()]);
    offerReload(() => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage({ what: "take over" });
    });
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
}
