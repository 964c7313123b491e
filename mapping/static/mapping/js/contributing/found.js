/** Contributions that somebody may support instead of sending another one, as entries of a list. */

import { ApiProblem, send } from "../site/api.js";

/**
 * As the API answers them; `distance` in metres, null where only the text is similar.
 * @typedef {object} Found
 * @property {string} id
 * @property {string} title
 * @property {string} excerpt
 * @property {string} place_words
 * @property {number | null} distance
 * @property {string} url
 * @property {number} support
 * @property {boolean} may_support
 */

/**
 * Where it is: how far away, or near what. Both would say the same twice beside the place that somebody marks.
 * @param {Found} found
 */
export function whereOf({ distance, place_words: words }) {
  if (distance === null) return words;
  const metres = Math.round(distance / 5) * 5;
  return metres === 0 ? gettext("At this place") : interpolate(gettext("%s m away"), [String(metres)]);
}

/**
 * @param {Found} found
 * @param {string} contributions address of the list in the API
 * @param {(words: string) => void} announce
 */
export function entryOf(found, contributions, announce) {
  const item = document.createElement("li");
  item.dataset.id = found.id;
  const words = document.createElement("div");
  const link = document.createElement("a");
  link.href = found.url;
  link.target = "_blank";
  link.textContent = found.title || found.excerpt || gettext("Contribution without text");
  words.append(link);
  const where = whereOf(found);
  if (where) {
    const place = document.createElement("p");
    place.className = "quiet";
    place.textContent = where;
    words.append(place);
  }
  item.append(words);
  if (found.may_support) item.append(supportButton(found, contributions, announce));
  return item;
}

/**
 * One tap supports, another one takes it back.
 * @param {Found} found
 * @param {string} contributions
 * @param {(words: string) => void} announce
 */
function supportButton(found, contributions, announce) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small opinion";
  button.setAttribute("aria-pressed", "false");
  const words = document.createElement("span");
  words.textContent = gettext("Support");
  const number = document.createElement("span");
  number.className = "number";
  number.textContent = String(found.support);
  button.append(words, " ", number);
  button.addEventListener("click", async () => {
    const isPressed = button.getAttribute("aria-pressed") === "true";
    try {
      const state = await send(`${contributions}${found.id}/support/`, isPressed ? "DELETE" : "POST");
      number.textContent = String(state.support);
      button.setAttribute("aria-pressed", String(!isPressed));
      announce(
        isPressed
          ? gettext("Your opinion is taken back.")
          : gettext("Your opinion counts. If that says it all, you need not send yours."),
      );
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      announce(error.detail);
    }
  });
  return button;
}
