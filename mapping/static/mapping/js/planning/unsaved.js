/**
 * `<form data-unsaved>`: whoever leaves the page, or presses a button of another form such as "Publish", is warned by the
 * browser that what was typed is not saved. With the value `typed`, the page came back with it (an error, a preview).
 */

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  let isUnsaved = form.dataset.unsaved === "typed";
  /** @param {Event} event */
  const note = ({ target }) => {
    // A search for places is part of the form, but nothing that is saved.
    if (target instanceof Element && target.hasAttribute("name")) isUnsaved = true;
  };
  for (const change of ["input", "change", "drawn"]) form.addEventListener(change, note);
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) isUnsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (!isUnsaved) return;
    event.preventDefault();
    // Chromium before 119 looks at this alone.
    event.returnValue = true;
  });
}
