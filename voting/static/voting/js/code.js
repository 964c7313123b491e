/**
 * A printed link carries its voting code in the fragment, which no server sees: the code goes into the field, and out of
 * the address. Pages without the field hand it on through their links marked with `data-carries-code`.
 */

const PREFIX = "#code=";
const LONGEST = 60;

/**
 * The code in a fragment, empty where there is none.
 * @param {string} fragment
 * @returns {string}
 */
export function codeIn(fragment) {
  if (!fragment.startsWith(PREFIX)) return "";
  const code = fragment.slice(PREFIX.length, PREFIX.length + LONGEST);
  return /^[A-Za-z0-9-]+$/.test(code) ? code : "";
}

/** Fill the field from the address of the page, unless something was typed into it. */
function takeOver() {
  const code = codeIn(window.location.hash);
  if (!code) return;
  const field = document.querySelector("input[name='code']");
  if (field instanceof HTMLInputElement) {
    if (!field.value) field.value = code;
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, "", `${pathname}${search}`);
    return;
  }
  for (const link of document.querySelectorAll("a[data-carries-code]"))
    if (link instanceof HTMLAnchorElement) link.hash = `${PREFIX}${code}`.slice(1);
}

if (typeof window !== "undefined") {
  takeOver();
  window.addEventListener("hashchange", takeOver);
}
