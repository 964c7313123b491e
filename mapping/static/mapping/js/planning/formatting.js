/** Buttons above texts with simple formatting: they write its signs around what is selected. */

import { makeButton } from "../site/elements.js";

/** @typedef {{title: string, before: string, after: string, words: string, isLine?: boolean}} Sign */

/** @type {Sign[]} */
const SIGNS = [
  { title: gettext("Bold"), before: "**", after: "**", words: gettext("bold text") },
  { title: gettext("Italics"), before: "*", after: "*", words: gettext("text") },
  { title: gettext("Heading"), before: "## ", after: "", words: gettext("Heading"), isLine: true },
  { title: gettext("List"), before: "- ", after: "", words: gettext("item"), isLine: true },
  { title: gettext("Link"), before: "[", after: "](https://)", words: gettext("words of the link") },
];

/** @param {HTMLTextAreaElement} text @param {Sign} sign */
function write(text, sign) {
  const chosen = text.value.slice(text.selectionStart, text.selectionEnd) || sign.words;
  const starts = text.selectionStart === 0 || text.value[text.selectionStart - 1] === "\n";
  const before = sign.isLine && !starts ? `\n${sign.before}` : sign.before;
  const inner = sign.isLine ? chosen.replaceAll("\n", `\n${sign.before}`) : chosen;
  const start = text.selectionStart + before.length;
  text.setRangeText(before + inner + sign.after, text.selectionStart, text.selectionEnd);
  text.focus();
  text.setSelectionRange(start, start + inner.length);
  text.dispatchEvent(new Event("change", { bubbles: true }));
}

for (const text of document.querySelectorAll("textarea[data-formatting]")) {
  if (!(text instanceof HTMLTextAreaElement)) continue;
  const bar = document.createElement("div");
  bar.className = "formatting";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", gettext("Formatting"));
  for (const sign of SIGNS) {
    bar.append(makeButton("button button--small", sign.title, () => write(text, sign)));
  }
  text.before(bar);
}
