/** The page without a network: the campaigns that this browser keeps, and the way to try again. */

const again = document.querySelector("[data-reload]");
if (again instanceof HTMLElement) {
  again.hidden = false;
  again.addEventListener("click", () => location.reload());
}

// Browsers say "online" of any network, also of one that leads nowhere, and somebody may just be leaving for a kept page.
let isLeaving = false;
addEventListener("beforeunload", () => {
  isLeaving = true;
});
addEventListener("online", async () => {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer && !isLeaving) location.reload();
});

/** @returns {Promise<Map<string, string>>} addresses and titles */
async function keptPages() {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const { pathname } = new URL(url);
      if (!/^\/campaigns\/[^/]+\/$/.test(pathname)) continue;
      const kept = await (await cache.match(url))?.text();
      const title = new DOMParser().parseFromString(kept ?? "", "text/html").querySelector("h1")?.textContent;
      found.set(pathname, title?.trim() || pathname);
    }
  }
  return found;
}

const section = document.querySelector("[data-kept-pages]");
const list = section?.querySelector("ul");
if (section instanceof HTMLElement && list && "caches" in globalThis) {
  const pages = await keptPages();
  for (const [address, title] of pages) {
    const link = document.createElement("a");
    link.className = "button button--wide";
    link.href = address;
    link.textContent = title;
    link.dir = "auto";
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  section.hidden = pages.size === 0;
}

export {};
