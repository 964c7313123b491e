// The worker of browsers, served as /sw.js; `self.SITE` stands before it (geoparticipation/offline/views.py).
//
// It keeps what pages of public campaigns need without a network, and nothing else: copies of these pages that are about
// nobody, the data that they asked for, scripts, styles and pictures, tiles of the city's own ground. It answers GET
// alone: browsers lost bodies of requests that went through a worker. Contributions wait in the page (js/waiting/).

const { release, staticFiles, offlinePage, copyHeader } = self.SITE;

const CACHE = `site-${release}`;
const GROUND = "ground";
/** Most tiles of the ground, and most answers with data, which differ with each view of the map. */
const MOST_TILES = 400;
const MOST_ANSWERS = 60;
/** Milliseconds to wait for the network where there is something kept. */
const PATIENCE = 5000;

const CAMPAIGN = /^\/campaigns\/([^/]+)\/$/;
const DATA = /^\/api\/v1\/campaigns\/([^/]+)\/(?:area|districts|centres|contributions\/)$/;
const TILE = /^\/ground\/\d+\/\d+\/\d+\.mvt$/;
const SHARED = /^\/(?:jsi18n\/|theme\.css|manifest\.webmanifest|icon-\d+\.png|logo\/[^/]+\.png)$/;
/** Pages of the staff, and what belongs to one person: as if there were no worker. */
const UNTOUCHED = /^\/(?:admin|planning|accounts)\//;
/** Files that a script or a style sheet names; those that are loaded later are wanted without a network, too. */
const NAMED_IN_SCRIPT = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+\.m?js)["']/g;
/** Words of scripts that are loaded later are named beside the first ones. */
const NAMED_IN_PAGE = /<(?:link|script)\b[^>]*?\b(?:href|src)="([^"]+)"|\bdata-words="([^"]+)"/g;
const NAMED_IN_STYLE = /url\(\s*(["']?)(.*?)\1\s*\)/g;
/** By far the largest part of all, of use only where lines or areas are drawn: pages say whether. */
const DRAWING_TOOLS = /\/leaflet-geoman[^/]*\.js$/;

self.addEventListener("install", (event) => event.waitUntil(keepOfflinePage()));

self.addEventListener("activate", (event) => event.waitUntil(removeOldReleases().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request, (work) => event.waitUntil(work));
  if (answer) event.respondWith(answer);
});

/** One visit after the other: what arrives late belongs to a page that is kept first. */
let visits = Promise.resolve();

self.addEventListener("message", (event) => {
  const { what, ...visit } = event.data ?? {};
  if (what === "keep") {
    // A visit that fails must not keep the next one from its turn.
    visits = visits.then(() => keepVisited(visit)).catch(() => {});
    event.waitUntil(visits);
  }
  // Asked for by the person who loads the new version (js/waiting/start.js), never by itself.
  if (what === "take over") event.waitUntil(self.skipWaiting());
});

/**
 * @param {Request} request
 * @param {(work: Promise<unknown>) => void} later what goes on after the answer
 * @returns {Promise<Response> | null} null: none of the worker's business
 */
function answerTo(request, later) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || UNTOUCHED.test(url.pathname)) return null;
  if (request.mode === "navigate") return answerNavigation(request, url);
  if (request.headers.has("Range")) return null;
  if (TILE.test(url.pathname)) return answerTile(request, later);
  if (isFile(url)) return answerFile(request, later);
  const data = DATA.exec(url.pathname);
  return data ? answerData(request, data[1], later) : null;
}

/** @param {URL} url */
function isFile({ pathname }) {
  return pathname.startsWith(staticFiles) || SHARED.test(pathname);
}

/** Pages come from the network; what is kept of a campaign when that fails or takes too long. */
async function answerNavigation(request, url) {
  const kept = CAMPAIGN.test(url.pathname) ? await find(pageKey(url)) : undefined;
  const network = fetch(request);
  try {
    return await (kept ? inTime(network) : network);
  } catch {
    return kept ?? (await find(offlinePage)) ?? Response.error();
  }
}

/** Files whose name changes with their content are taken from here, all others from the network first. */
async function answerFile(request, later) {
  const kept = await find(request.url);
  if (kept && isForGood(kept)) return kept;
  try {
    const answer = await (kept ? inTime(fetch(request)) : fetch(request));
    if (isKeepable(answer)) later(store(CACHE, request.url, answer.clone()));
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** Tiles with nothing in them (204) are kept as well: where the map is empty, it is empty without a network, too. */
async function answerTile(request, later) {
  const kept = await find(request.url, GROUND);
  if (kept) return kept;
  const answer = await fetch(request);
  if (isKeepable(answer, [200, 204]))
    later(store(GROUND, request.url, answer.clone()).then(() => limit(GROUND, MOST_TILES)));
  return answer;
}

/** Data of campaigns whose page is kept: those are public. */
async function answerData(request, slug, later) {
  const isKept = (await find(`/campaigns/${slug}/`)) !== undefined;
  const kept = isKept ? await find(request.url) : undefined;
  try {
    const answer = await (kept ? inTime(fetch(request)) : fetch(request));
    if (isKept && isKeepable(answer))
      later(store(CACHE, request.url, answer.clone()).then(() => limit(CACHE, MOST_ANSWERS, DATA)));
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/**
 * After a visit: a copy of the campaign's page that is about nobody, and what the page loaded.
 * @param {object} visit
 * @param {string} visit.page its address
 * @param {string[]} visit.files that it loaded
 * @param {string} visit.language of the page
 * @param {boolean} visit.draws whether people draw lines or areas there
 * @param {boolean} visit.isMore whether the page is kept already, and this is what arrived later
 */
async function keepVisited({ page: address, files, language, draws, isMore }) {
  const page = new URL(address, self.location.origin);
  const own = (files ?? []).map((file) => new URL(file)).filter(({ origin }) => origin === self.location.origin);
  if (!isMore) await keepOfflinePage(language);
  const slug = CAMPAIGN.exec(page.pathname)?.[1];
  if (!slug) return;
  const scripts = own.filter(isFile).map(String);
  if (isMore) {
    if (!(await find(pageKey(page)))) return;
    await keepFiles(scripts, { draws });
  } else if (!(await keepPage(page, slug, { scripts, language, draws }))) return;
  const data = own.filter(({ pathname }) => DATA.exec(pathname)?.[1] === slug);
  await Promise.all([...data, ...own.filter(({ pathname }) => TILE.test(pathname))].map(keepData));
  await Promise.all([limit(CACHE, MOST_ANSWERS, DATA), limit(GROUND, MOST_TILES)]);
}

/**
 * If there is no copy of the campaign's page, all of it is forgotten.
 * @returns {Promise<boolean>} whether the copy is stored
 */
async function keepPage(page, slug, { scripts, language, draws }) {
  const copy = await fetchCopy(page, language);
  if (copy === undefined) await forgetCampaign(slug);
  if (!copy) return false;
  // What the copy names may differ from what the page loaded, as of somebody who has logged in.
  await keepFiles(scripts, { draws });
  return storeWhole(pageKey(page), copy, draws);
}

/**
 * What is shown for pages that are not kept, fetched anew: texts, the city's name and its logo change within a release.
 * @param {string} [language] that it is wanted in
 */
async function keepOfflinePage(language = "") {
  const init = { credentials: "omit", cache: "no-store", headers: { [copyHeader]: language } };
  const answer = await fetch(offlinePage, init).catch(() => null);
  if (!answer || !isKeepable(answer)) return;
  // Words without their style are better than none.
  if (!(await find(offlinePage))) await store(CACHE, offlinePage, answer.clone());
  await storeWhole(offlinePage, answer, false);
}

/**
 * Store a page after its files: a page that is kept works, and the one before stays until this one does.
 * @returns {Promise<boolean>} whether it is stored
 */
async function storeWhole(path, page, draws) {
  const named = await namedIn(page.clone(), new URL(path, self.location.origin)).catch(() => null);
  return named !== null && (await keepFiles(named, { draws })) && (await store(CACHE, path, page));
}

/** @param {URL} url */
async function keepData(url) {
  const isTile = TILE.test(url.pathname);
  const name = isTile ? GROUND : CACHE;
  if (await find(url.href, name)) return;
  const answer = await fetch(url.href).catch(() => null);
  if (answer && isKeepable(answer, isTile ? [200, 204] : [200])) await store(name, url.href, answer);
}

/**
 * @returns {Promise<Response | null | undefined>} null: not now; undefined: there is none, as of a campaign that is
 *   protected by now
 */
async function fetchCopy(page, language) {
  const chosen = page.searchParams.get("language");
  const address = `${page.pathname}${chosen ? `?language=${encodeURIComponent(chosen)}` : ""}`;
  const headers = { [copyHeader]: language };
  const answer = await fetch(address, { credentials: "omit", cache: "no-store", headers }).catch(() => null);
  if (answer === null || answer.status >= 500 || answer.status === 429) return null;
  return isKeepable(answer) && answer.headers.get(copyHeader) === "yes" ? answer : undefined;
}

/**
 * Keep files with all that they name.
 * @param {string[]} addresses
 * @param {{draws?: boolean}} [options] whether to keep the tools for drawing that a file names
 * @returns {Promise<boolean>} whether all of them are kept
 */
async function keepFiles(addresses, { draws = false } = {}) {
  const known = new Set();
  let areKept = true;
  let next = addresses;
  while (next.length > 0) {
    for (const address of next) known.add(address);
    const named = await Promise.all(next.map(keepFile));
    if (named.includes(null)) areKept = false;
    const wanted = named.flatMap((names) => names ?? []).filter((address) => draws || !DRAWING_TOOLS.test(address));
    next = [...new Set(wanted)].filter((address) => !known.has(address));
  }
  return areKept;
}

/** @returns {Promise<string[] | null>} what the file names; null where it is not kept */
async function keepFile(address) {
  let kept = await findIn(CACHE, address);
  if (!kept || !isForGood(kept)) {
    const answer = await fetch(address).catch(() => null);
    if (answer && isKeepable(answer)) {
      const copy = answer.clone();
      if (await store(CACHE, address, answer)) kept = copy;
    }
  }
  return kept ? namedIn(kept, new URL(address, self.location.origin)) : null;
}

/** @returns {Promise<string[]>} addresses of files of this site */
async function namedIn(file, url) {
  const type = file.headers.get("Content-Type") ?? "";
  /** @type {string[]} */
  let named = [];
  if (type.includes("javascript")) named = [...(await file.text()).matchAll(NAMED_IN_SCRIPT)].map(([, name]) => name);
  else if (type.includes("css")) named = [...(await file.text()).matchAll(NAMED_IN_STYLE)].map((found) => found[2]);
  else if (type.includes("html"))
    named = [...(await file.text()).matchAll(NAMED_IN_PAGE)].map(([, file, words]) => file ?? words);
  return named
    .map((name) => new URL(name.replaceAll("&amp;", "&"), url))
    .filter((found) => found.origin === self.location.origin && isFile(found))
    .map(({ href }) => href.split("#")[0]);
}

/**
 * @param {Response} answer
 * @param {number[]} [statuses]
 */
function isKeepable(answer, statuses = [200]) {
  const rules = answer.headers.get("Cache-Control") ?? "";
  return statuses.includes(answer.status) && !answer.redirected && !/\b(?:private|no-store)\b/.test(rules);
}

/** @param {Response} answer */
function isForGood(answer) {
  return /\bimmutable\b/.test(answer.headers.get("Cache-Control") ?? "");
}

/** One copy of a campaign's page, whatever the address chose in it. */
function pageKey({ pathname }) {
  return pathname;
}

/** What is kept, of the present release or of the one before. */
async function find(address, name = CACHE) {
  const current = await findIn(name, address);
  if (current || name !== CACHE) return current;
  return caches.match(address, { ignoreVary: true }).catch(() => undefined);
}

/** Storage that is full, damaged or blocked holds nothing: the site works with the network then. */
async function findIn(name, address) {
  try {
    return await (await caches.open(name)).match(address, { ignoreVary: true });
  } catch {
    return undefined;
  }
}

/** @returns {Promise<boolean>} whether it is stored; not, where storage is full, damaged or blocked */
async function store(name, address, answer) {
  try {
    await (await caches.open(name)).put(address, answer);
    return true;
  } catch {
    return false;
  }
}

/** Take away the oldest of a kind. */
async function limit(name, most, kind) {
  try {
    const cache = await caches.open(name);
    const keys = (await cache.keys()).filter(({ url }) => !kind || kind.test(new URL(url).pathname));
    await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
  } catch {
    // As above.
  }
}

async function forgetCampaign(slug) {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) {
      const { pathname } = new URL(key.url);
      if ((CAMPAIGN.exec(pathname) ?? DATA.exec(pathname))?.[1] === slug) await cache.delete(key);
    }
  }
}

/** Pages that are open may be of the release before, whose files stay until the next one. */
async function removeOldReleases() {
  const releases = (await caches.keys()).filter((name) => name.startsWith("site-") && name !== CACHE);
  await Promise.all(releases.slice(0, -1).map((name) => caches.delete(name)));
}

/**
 * @template T
 * @param {Promise<T>} network
 * @returns {Promise<T>}
 * @throws {Error} when it takes too long
 */
function inTime(network) {
  return new Promise((resolve, reject) => {
    const over = setTimeout(() => reject(new Error("no answer in time")), PATIENCE);
    network.then(resolve, reject).finally(() => clearTimeout(over));
  });
}
