// @ts-check
/**
 * `<text-reader>`: a text whose words can be selected to suggest others. Without JavaScript, links lead to a form with
 * the whole section. Offsets are those of the section's body: each piece of it says where it begins.
 */

/**
 * Where a boundary of a selection lies in the body of its section.
 * @param {Node} node
 * @param {number} offset as in a Range
 * @returns {{body: Element, at: number}|null}
 */
export function placeOf(node, offset) {
  const element = node instanceof Element ? node : node.parentElement;
  const piece = element?.closest("[data-start]");
  const body = piece?.closest("[data-address]");
  if (!piece || !body) return null;
  const before = piece.ownerDocument.createRange();
  before.selectNodeContents(piece);
  before.setEnd(node, offset);
  return { body, at: Number(piece.getAttribute("data-start")) + before.toString().length };
}

class TextReader extends HTMLElement {
  #hiding = 0;

  connectedCallback() {
    const link = this.querySelector("[data-quote]");
    if (!("suggest" in this.dataset) || !(link instanceof HTMLAnchorElement)) return;
    // Pressing on the link would end the selection, and with it the link.
    link.addEventListener("mousedown", (event) => event.preventDefault());
    document.addEventListener("selectionchange", () => this.#offer(link));
  }

  /** @param {HTMLAnchorElement} link */
  #offer(link) {
    const address = this.#address();
    if (address !== null) link.href = address;
    window.clearTimeout(this.#hiding);
    if (address !== null) link.hidden = false;
    // A tap ends the selection before it reaches the link.
    else this.#hiding = window.setTimeout(() => (link.hidden = true), 400);
  }

  /** The form for the selected words; null where nothing of one section is selected. */
  #address() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    if (!this.contains(range.commonAncestorContainer)) return null;
    const first = placeOf(range.startContainer, range.startOffset);
    const last = placeOf(range.endContainer, range.endOffset);
    if (!first || !last || first.body !== last.body || first.at >= last.at) return null;
    const query = new URLSearchParams({
      version: this.dataset.version ?? "",
      start: String(first.at),
      end: String(last.at),
    });
    return `${first.body.getAttribute("data-address")}?${query}`;
  }
}

customElements.define("text-reader", TextReader);

/** The contents mark the section that is being read. */
const links = new Map();
for (const link of document.querySelectorAll(".text-contents a")) {
  links.set(link.getAttribute("href")?.slice(1), link);
}
if (links.size > 0) {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-20% 0px -70% 0px" },
  );
  for (const section of document.querySelectorAll(".text-section")) seen.observe(section);
}
