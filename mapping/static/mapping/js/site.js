// @ts-check
// Tiny enhancements of pages that work without them.

import "./site/share.js";
import { copyFrom } from "./site/copying.js";
import "./waiting/start.js";

/** Copy buttons: <button data-copy="id of an input"> (hidden until this runs). */
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!(source instanceof HTMLInputElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => copyFrom(source, button));
}

/** A form is sent once: a second click within three seconds does nothing. */
for (const form of document.querySelectorAll("form[data-once]")) {
  let sentAt = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sentAt < 3000) event.preventDefault();
    sentAt = Date.now();
  });
}

/** Tabs that do not fit beside each other begin at the one of this page. */
for (const tab of document.querySelectorAll(".planning-nav [aria-current]")) {
  const row = tab.parentElement;
  if (!(tab instanceof HTMLElement) || !row) continue;
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

/** The first field with an error is where people continue. */
const wrong = document.querySelector(
  "[data-focus-error] [aria-invalid='true'], [data-focus-error] .field--wrong input",
);
if (wrong instanceof HTMLElement) wrong.focus();
