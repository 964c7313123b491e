/**
 * The preview follows what is set up: frames with `data-preview` load their page anew after a form was saved, at the place
 * to which it was scrolled. Without this the whole page brings a fresh one with every button.
 */

/** @param {HTMLIFrameElement} frame */
function reload(frame) {
  const page = frame.contentWindow;
  if (!page) return;
  const top = page.scrollY;
  frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top), { once: true });
  page.location.reload();
}

document.addEventListener("saved", () => {
  for (const frame of document.querySelectorAll("iframe[data-preview]")) {
    // A frame that is not shown is not loaded yet either.
    if (frame instanceof HTMLIFrameElement && frame.offsetParent !== null) reload(frame);
  }
});

export {};
