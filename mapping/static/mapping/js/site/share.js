// @ts-check
/**
 * Passing on the address of a page: by the device's own dialog where the browser has one, else copied or sent by mail.
 * The markup is that of `templates/mapping/partials/share.html`, also in what is loaded later.
 */

import { copyFrom } from "./copying.js";

const root = document.documentElement;
const CAN_SHARE = "can-share";

if (typeof navigator.share === "function") root.classList.add(CAN_SHARE);
if (navigator.clipboard) root.classList.add("can-copy");

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (button?.dataset.share !== undefined) share(button);
  else if (button?.matches("[data-share-copy]")) {
    const field = button.parentElement?.querySelector("input");
    if (field) copyFrom(field, button);
  }
});

/** @param {HTMLButtonElement} button */
async function share(button) {
  try {
    await navigator.share({ title: button.dataset.shareTitle ?? "", url: button.dataset.share ?? "" });
  } catch (error) {
    // Somebody closed the dialog. Anything else means that it does not work here: a frame may not, for instance.
    if (error instanceof DOMException && error.name === "AbortError") return;
    root.classList.remove(CAN_SHARE);
    const link = button.parentElement?.querySelector("details");
    if (link) link.open = true;
    link?.querySelector("summary")?.focus();
  }
}
