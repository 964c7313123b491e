// @ts-check
/** Buttons that copy what a field holds, and say so. */

/** How long a button says that it copied: milliseconds. */
const SAID = 2500;
/** @type {WeakMap<Element, string>} what stands on buttons that say so now */
const before = new WeakMap();

/**
 * Where copying is refused, the words are selected, so that people can copy them themselves.
 * @param {HTMLInputElement} field
 * @param {HTMLButtonElement} button with the words for it in `data-copied`; its own stand in `[data-words]` or alone
 */
export async function copyFrom(field, button) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    return;
  }
  const words = button.querySelector("[data-words]") ?? button;
  if (before.has(words)) return;
  before.set(words, words.textContent ?? "");
  words.textContent = button.dataset.copied ?? words.textContent;
  window.setTimeout(() => {
    words.textContent = before.get(words) ?? "";
    before.delete(words);
  }, SAID);
}
