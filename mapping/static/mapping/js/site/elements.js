/** Elements that are found or made again and again. */

/**
 * An element that a page cannot do without.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 * @throws {Error} where the template has none
 */
export function find(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`${selector} is missing`);
  return found;
}

/**
 * @param {string} look classes
 * @param {string} words
 * @param {() => void} action
 */
export function makeButton(look, words, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = words;
  made.addEventListener("click", action);
  return made;
}
