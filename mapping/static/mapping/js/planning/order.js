/**
 * Lists in an order, whose rows move by their buttons, can be dragged as well: the row's new place is sent by the same
 * form, as `place:<name>:<index>`.
 */

/** @param {HTMLFormElement} form */
function watch(form) {
  const rows = () => /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-place]")]);
  /** @type {HTMLElement | null} */
  let dragged = null;

  const unmark = () => {
    for (const row of rows()) row.classList.remove("is-target");
  };

  for (const row of rows()) row.draggable = true;

  form.addEventListener("dragstart", (event) => {
    const row = /** @type {Element} */ (event.target).closest("[data-place]");
    if (!(row instanceof HTMLElement) || !event.dataTransfer) return;
    dragged = row;
    row.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.place ?? "");
  });

  form.addEventListener("dragover", (event) => {
    const row = /** @type {Element} */ (event.target).closest("[data-place]");
    if (!dragged || !row) return;
    event.preventDefault();
    unmark();
    row.classList.add("is-target");
  });

  form.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    unmark();
  });

  form.addEventListener("drop", (event) => {
    const row = /** @type {Element} */ (event.target).closest("[data-place]");
    if (!dragged || !(row instanceof HTMLElement) || row === dragged) return;
    event.preventDefault();
    const button = document.createElement("button");
    button.name = "do";
    button.value = `place:${dragged.dataset.place}:${rows().indexOf(row)}`;
    button.hidden = true;
    form.append(button);
    form.requestSubmit(button);
  });
}

for (const form of document.querySelectorAll("form[data-order]")) {
  if (form instanceof HTMLFormElement) watch(form);
}
