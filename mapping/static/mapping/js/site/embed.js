// @ts-check
/**
 * A campaign in a frame of another site (`mapping.web.outreach.embed`). Browsers that keep no cookies here load the page
 * once more as one to read: what people do opens in a window of its own.
 */

const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-embed]"));
const PROBE = "embed_probe";

/** Whether a cookie like those of this site would be kept; the probe is gone at once. */
function keepsCookies() {
  const rest = `; path=${location.pathname}; SameSite=Lax`;
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not everywhere
    document.cookie = `${PROBE}=1${rest}`;
    const isKept = document.cookie.includes(`${PROBE}=1`);
    // biome-ignore lint/suspicious/noDocumentCookie: as above
    document.cookie = `${PROBE}=; max-age=0${rest}`;
    return isKept;
  } catch {
    return false; // a frame with `sandbox`
  }
}

const takesPart = bar?.dataset.takesPart === "yes";
if (takesPart && window.top !== window && !keepsCookies()) {
  const address = new URL(location.href);
  address.searchParams.set("cookies", "blocked");
  location.replace(address);
}

// The page that thanks stands in no frame (`contribute.js`): a link leads to it.
document.addEventListener("leave", (event) => {
  const thanks = document.querySelector("[data-embed-thanks]");
  const link = thanks?.querySelector("a");
  if (!(thanks instanceof HTMLElement) || !link || !(event instanceof CustomEvent)) return;
  event.preventDefault();
  link.href = event.detail;
  thanks.hidden = false;
});

// Links within the page stay in it; `<base target>` sends all others to a window of their own.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (link instanceof HTMLAnchorElement) link.target = "_self";
  },
  true,
);

// Forms of parts that were loaded later would be refused without cookies.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (takesPart || !(form instanceof HTMLFormElement) || form.getAttribute("method") !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const link = document.querySelector(".embed-bar__open");
    if (link instanceof HTMLAnchorElement) window.open(link.href + location.hash, "_blank", "noopener");
  },
  true,
);

export {};
