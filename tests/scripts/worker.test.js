/** The worker of browsers in a world of its own: what it answers, what it keeps, what it removes. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

const PROGRAM = readFileSync(new URL("../../geoparticipation/offline/worker.js", import.meta.url), "utf-8");
const ORIGIN = "https://city.example";
const FOREVER = { "Cache-Control": "max-age=31536000, immutable", "Content-Type": "text/javascript" };
const COPY = { "Cache-Control": "no-cache", "Offline-Copy": "yes", "Content-Type": "text/html" };
const OFFLINE = { "Content-Type": "text/html", "Content-Language": "de" };

/** Where browsers keep answers. */
class Caches {
  /** @type {Map<string, Map<string, Response>>} */
  all = new Map();
  /** What there is no room for. */
  full = "";

  /** @param {string} name */
  async open(name) {
    const kept = this.all.get(name) ?? new Map();
    this.all.set(name, kept);
    const key = (/** @type {string | {url: string}} */ one) =>
      new URL(typeof one === "string" ? one : one.url, ORIGIN).href;
    return {
      match: async (/** @type {string} */ one) => kept.get(key(one))?.clone(),
      put: async (/** @type {string} */ one, /** @type {Response} */ answer) => {
        if (this.full && one.includes(this.full)) throw new DOMException("", "QuotaExceededError");
        kept.set(key(one), answer);
      },
      delete: async (/** @type {string} */ one) => kept.delete(key(one)),
      keys: async () => [...kept.keys()].map((url) => ({ url })),
    };
  }

  async keys() {
    return [...this.all.keys()];
  }

  /** @param {string} name */
  async delete(name) {
    return this.all.delete(name);
  }

  /** @param {string} address */
  async match(address) {
    for (const name of this.all.keys()) {
      const found = await (await this.open(name)).match(address);
      if (found) return found;
    }
    return undefined;
  }

  /** Paths of all that is kept. */
  get paths() {
    return [...this.all.values()].flatMap((kept) => [...kept.keys()].map((url) => url.slice(ORIGIN.length)));
  }
}

/** The site as the worker meets it, and the browser around it. */
class World {
  caches = new Caches();
  /** @type {Record<string, {status?: number, body?: string, headers?: Record<string, string>}>} */
  site = { "/offline/": { headers: OFFLINE } };
  isOnline = true;
  /** The path for which the network is lost. */
  lost = "";
  /** @type {string[]} */
  asked = [];

  /** @param {string} [release] */
  start(release = "one") {
    /** @type {Record<string, (event: any) => void>} */
    const listeners = {};
    const self = {
      SITE: { release, staticFiles: "/static/", offlinePage: "/offline/", copyHeader: "Offline-Copy" },
      location: new URL(`${ORIGIN}/sw.js`),
      addEventListener: (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) => {
        listeners[name] = listener;
      },
      clients: { claim: async () => {} },
      skipWaiting: async () => {
        this.tookOver = true;
      },
    };
    const fetch = async (/** @type {string | Request} */ wanted) => {
      const url = new URL(typeof wanted === "string" ? wanted : wanted.url, ORIGIN);
      this.asked.push(url.pathname + url.search);
      if (!this.isOnline || url.pathname === this.lost) throw new TypeError("Failed to fetch");
      const { status = 200, body = "", headers = {} } = this.site[url.pathname] ?? { status: 404 };
      return new Response(status === 204 ? null : body, { status, headers });
    };
    const { caches } = this;
    runInContext(PROGRAM, createContext({ self, caches, fetch, Response, URL, setTimeout, clearTimeout }));
    this.listeners = listeners;
    return this;
  }

  /** @param {string} name @param {object} [event] */
  async tell(name, event = {}) {
    /** @type {Promise<unknown>[]} */
    const works = [];
    this.listeners?.[name]({
      ...event,
      respondWith: (/** @type {Promise<Response>} */ answer) => works.push(answer),
      waitUntil: (/** @type {Promise<unknown>} */ work) => works.push(work),
    });
    const first = await works[0];
    await Promise.all(works);
    return first ?? null;
  }

  /**
   * @param {string} path
   * @param {{method?: string, mode?: string, origin?: string}} [more]
   * @returns {Promise<Response | null>} null where the browser goes its own way
   */
  async ask(path, { method = "GET", mode = "cors", origin = ORIGIN } = {}) {
    const request = { url: new URL(path, origin).href, method, mode, headers: new Headers() };
    return /** @type {Promise<Response | null>} */ (this.tell("fetch", { request }));
  }

  /** @param {string} page @param {{files?: string[], draws?: boolean, isMore?: boolean}} [more] */
  async visit(page, { files = [], draws = false, isMore = false } = {}) {
    const own = files.map((path) => ORIGIN + path);
    await this.tell("message", {
      data: { what: "keep", page: `${ORIGIN}${page}`, files: own, language: "en", draws, isMore },
    });
  }
}

/** A campaign with a script that loads others, one of them the drawing tools. */
function withCampaign() {
  const world = new World();
  Object.assign(world.site, {
    "/campaigns/spots/": { body: "<h1>Spots</h1>", headers: COPY },
    "/static/built/campaign-A.js": {
      body: 'import{a}from"./parts/chunk-B.js";const t=()=>import("./parts/leaflet-geoman-C.js");import("./parts/photos-D.js")',
      headers: FOREVER,
    },
    "/static/built/parts/chunk-B.js": { body: 'export*from"./chunk-E.js"', headers: FOREVER },
    "/static/built/parts/chunk-E.js": { headers: FOREVER },
    "/static/built/parts/photos-D.js": { headers: FOREVER },
    "/static/built/parts/leaflet-geoman-C.js": { headers: FOREVER },
  });
  return world.start();
}

/** @param {World} world of a second text whose script imports another one */
function publishSecond(world) {
  Object.assign(world.site, {
    "/campaigns/spots/": { body: '<script src="/static/built/second-F.js"></script>', headers: COPY },
    "/static/built/second-F.js": { body: 'import"./parts/third-G.js"', headers: FOREVER },
    "/static/built/parts/third-G.js": { headers: FOREVER },
  });
}

const TOOLS = "/static/built/parts/leaflet-geoman-C.js";

test("it answers no request but GET, of no other site, of no page of the staff", async () => {
  const world = withCampaign();
  await world.visit("/campaigns/spots/");
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "HEAD"])
    for (const path of ["/campaigns/spots/", "/api/v1/campaigns/spots/contributions/", "/language/"])
      assert.equal(await world.ask(path, { method, mode: "navigate" }), null, `${method} ${path}`);
  for (const path of ["/planning/", "/planning/spots/queue/", "/admin/", "/accounts/login/"])
    assert.equal(await world.ask(path, { mode: "navigate" }), null, path);
  assert.equal(await world.ask("/static/x.js", { origin: "https://elsewhere.example" }), null);
  assert.ok(await world.ask("/campaigns/spots/", { mode: "navigate" }));
});

test("pages of one person pass through and are never kept", async () => {
  const world = withCampaign();
  const token = "secret-token";
  const own = [
    `/mine/${token}/`,
    `/mine/${token}/thanks/`,
    "/mine/",
    `/response/${token}/`,
    `/subscriptions/${token}/`,
  ];
  for (const path of own) {
    world.site[path] = { body: token, headers: { "Cache-Control": "no-cache", "Content-Type": "text/html" } };
    assert.equal(await (await world.ask(path, { mode: "navigate" }))?.text(), token);
    assert.equal(await world.ask(path), null);
    await world.visit(path, { files: [path] });
  }
  assert.deepEqual(world.caches.paths, ["/offline/"]);
});

test("what is private or set apart is not kept, whatever its address", async () => {
  const world = withCampaign();
  await world.visit("/campaigns/spots/");
  const data = "/api/v1/campaigns/spots/contributions/";
  for (const rules of ["private", "no-store", "no-cache, private"]) {
    world.site[data] = { body: "{}", headers: { "Cache-Control": rules } };
    await world.ask(data);
    await world.visit("/campaigns/spots/", { files: [data] });
    assert.ok(!world.caches.paths.includes(data), rules);
  }
  world.site[data] = { body: "{}", headers: { "Cache-Control": "no-cache" } };
  await world.ask(data);
  assert.ok(world.caches.paths.includes(data));
  const other = data.replace("spots", "unknown");
  world.site[other] = world.site[data];
  await world.ask(other);
  assert.ok(!world.caches.paths.includes(other), "data of a campaign without a copy");
});

test("a campaign that has no copy any more is forgotten with its data", async () => {
  const world = withCampaign();
  const data = "/api/v1/campaigns/spots/area";
  world.site[data] = { body: "{}" };
  await world.visit("/campaigns/spots/", { files: [data] });
  assert.ok(world.caches.paths.includes(data));
  world.site["/campaigns/spots/"] = { status: 503 };
  await world.visit("/campaigns/spots/");
  assert.ok(world.caches.paths.includes("/campaigns/spots/"), "a failure of the site says nothing");
  world.site["/campaigns/spots/"] = { status: 204 };
  await world.visit("/campaigns/spots/");
  assert.deepEqual(world.caches.paths, ["/offline/"]);
});

test("all that a script loads later is kept, the drawing tools only where people draw", async () => {
  const world = withCampaign();
  const files = ["/static/built/campaign-A.js"];
  await world.visit("/campaigns/spots/", { files });
  for (const part of ["chunk-B", "chunk-E", "photos-D"])
    assert.ok(world.caches.paths.includes(`/static/built/parts/${part}.js`), part);
  assert.ok(!world.asked.includes(TOOLS));
  await world.visit("/campaigns/spots/", { files, draws: true });
  assert.ok(world.caches.paths.includes(TOOLS));
  world.isOnline = false;
  for (const path of ["/campaigns/spots/", ...files, TOOLS])
    assert.equal((await world.ask(path, { mode: path.endsWith("/") ? "navigate" : "cors" }))?.status, 200, path);
});

test("what the copy names is kept, though the page that was seen loaded other files", async () => {
  const world = withCampaign();
  const [seen, named] = ["/jsi18n/?language=en&scope=staff", "/jsi18n/?language=en"];
  world.site["/jsi18n/"] = { headers: FOREVER };
  world.site["/campaigns/spots/"] = {
    body: `<script src="${named}"></script><script src="https://elsewhere.example/x.js"></script>`,
    headers: COPY,
  };
  await world.visit("/campaigns/spots/", { files: [seen] });
  assert.ok(world.caches.paths.includes(named));
  assert.ok(!world.asked.includes("/x.js"));
});

test("a copy replaces the one before only when all that it names is kept", async () => {
  const page = "/campaigns/spots/";
  const imported = "/static/built/parts/third-G.js";
  for (const trouble of ["not there yet", "no room", "network lost"]) {
    const world = withCampaign();
    await world.visit(page);
    publishSecond(world);
    if (trouble === "not there yet") delete world.site[imported];
    if (trouble === "no room") world.caches.full = imported;
    if (trouble === "network lost") world.lost = imported;
    await world.visit(page);
    const kept = async () => (await world.caches.match(page))?.text();
    assert.equal(await kept(), "<h1>Spots</h1>", trouble);
    publishSecond(world);
    world.caches.full = "";
    world.lost = "";
    await world.visit(page);
    assert.equal(await kept(), world.site[page].body, trouble);
  }
});

test("the page without a network is fetched anew with each visit, and a working one stays", async () => {
  const world = withCampaign();
  /** @param {string} logo */
  const naming = (logo) => ({
    body: `<link href="/logo/${logo}.png">`,
    headers: { ...OFFLINE, "Content-Language": "en" },
  });
  const kept = async () => (await world.caches.match("/offline/"))?.text();
  world.site["/offline/"] = naming("old");
  await world.tell("install");
  assert.equal(await kept(), naming("old").body, "the first one is kept, whatever it lacks");
  world.site["/logo/old.png"] = { headers: FOREVER };
  await world.visit("/");
  assert.ok(world.caches.paths.includes("/logo/old.png"));
  world.site["/offline/"] = naming("new");
  await world.visit("/");
  assert.equal(await kept(), naming("old").body, "its new logo is not there yet");
  world.site["/logo/new.png"] = { headers: FOREVER };
  await world.visit("/");
  assert.equal(await kept(), naming("new").body);
  for (const status of [404, 503]) {
    world.site["/offline/"] = { status };
    await world.visit("/");
    assert.equal(await kept(), naming("new").body, String(status));
  }
  world.isOnline = false;
  await world.visit("/");
  assert.equal(await (await world.ask("/about/", { mode: "navigate" }))?.text(), naming("new").body);
});

test("a copy does not wait for scripts that only the page that was seen loaded", async () => {
  const world = withCampaign();
  await world.visit("/campaigns/spots/", { files: ["/static/built/gone-H.js"] });
  assert.ok(world.caches.paths.includes("/campaigns/spots/"));
});

test("pictures that are written into a style name no files", async () => {
  const world = withCampaign();
  world.site["/campaigns/spots/"] = { body: '<link href="/static/built/look-I.css">', headers: COPY };
  world.site["/static/built/look-I.css"] = {
    body: `a{b:url("data:image/svg+xml,%3Csvg x='url(%23shape)' %3E")}c{d:url( 'dot-J.png' )}e{f:url(dash-K.png#g)}`,
    headers: { ...FOREVER, "Content-Type": "text/css" },
  };
  for (const name of ["dot-J", "dash-K"]) world.site[`/static/built/${name}.png`] = { headers: FOREVER };
  await world.visit("/campaigns/spots/");
  const asked = world.asked.filter((path) => path.startsWith("/static/"));
  assert.deepEqual(asked, ["/static/built/look-I.css", "/static/built/dot-J.png", "/static/built/dash-K.png"]);
  assert.ok(world.caches.paths.includes("/campaigns/spots/"));
});

test("tiles with nothing in them are kept like others", async () => {
  const world = withCampaign();
  world.site["/ground/3/1/2.mvt"] = { status: 204 };
  world.site["/ground/3/1/3.mvt"] = { body: "tile" };
  await world.visit("/campaigns/spots/", { files: ["/ground/3/1/2.mvt"] });
  await world.ask("/ground/3/1/3.mvt");
  world.isOnline = false;
  assert.equal((await world.ask("/ground/3/1/2.mvt"))?.status, 204);
  assert.equal(await (await world.ask("/ground/3/1/3.mvt"))?.text(), "tile");
});

test("what arrived later is kept without another copy, of pages that are kept alone", async () => {
  const world = withCampaign();
  const later = ["/ground/3/1/3.mvt", "/api/v1/campaigns/spots/area", "/static/built/campaign-A.js"];
  for (const path of later) world.site[path] ??= { body: "later" };
  await world.visit("/campaigns/spots/", { files: later, isMore: true });
  assert.deepEqual(world.caches.paths, []);
  await world.visit("/campaigns/spots/");
  await world.visit("/campaigns/spots/", { files: later, isMore: true });
  for (const path of later) assert.ok(world.caches.paths.includes(path), path);
  assert.equal(world.asked.filter((path) => path === "/campaigns/spots/").length, 1);
});

test("what arrives late is kept, though the visit before it is still under way or fails", async () => {
  const world = withCampaign();
  const late = "/ground/3/1/3.mvt";
  world.site[late] = { body: "tile" };
  const failing = world.visit(":no-port");
  const page = "/campaigns/spots/";
  await Promise.all([failing, world.visit(page), world.visit(page, { files: [late], isMore: true })]);
  assert.ok(world.caches.paths.includes(late));
});

test("a new release waits, and removes what is older than the one before", async () => {
  const world = withCampaign();
  await world.tell("install");
  await world.visit("/campaigns/spots/", { files: ["/static/built/campaign-A.js"] });
  for (const [release, left] of /** @type {[string, string[]][]} */ ([
    ["two", ["site-one", "site-two"]],
    ["three", ["site-two", "site-three"]],
  ])) {
    world.start(release);
    await world.tell("install");
    assert.equal(world.tookOver, undefined);
    await world.tell("activate");
    const releases = (await world.caches.keys()).filter((name) => name.startsWith("site-"));
    assert.deepEqual(releases, left);
    const isKept = world.caches.paths.includes("/static/built/campaign-A.js");
    assert.equal(isKept, release === "two", release);
  }
  await world.tell("message", { data: { what: "take over" } });
  assert.equal(world.tookOver, true);
});

test("where storage is damaged the network answers", async () => {
  const world = withCampaign();
  const broken = async () => {
    throw new DOMException("", "UnknownError");
  };
  Object.assign(world.caches, { open: broken, match: broken });
  for (const path of ["/static/built/campaign-A.js", "/ground/3/1/3.mvt", "/api/v1/campaigns/spots/area"]) {
    world.site[path] ??= { body: "as it is" };
    assert.equal((await world.ask(path))?.status, 200, path);
  }
  assert.equal((await world.ask("/campaigns/spots/", { mode: "navigate" }))?.status, 200);
});
