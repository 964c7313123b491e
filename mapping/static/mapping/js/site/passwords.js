// @ts-check
/** Buttons that show what is typed into the password fields of their form, and hide it again. */

/**
 * @param {HTMLButtonElement} button with the words for hiding in `data-other`
 * @param {HTMLInputElement[]} fields
 */
function toggling(button, fields) {
  const words = button.querySelector("[data-words]");
  const shows = words?.textContent ?? "";
  return (/** @type {boolean} */ isShown) => {
    for (const field of fields) field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
    if (words) words.textContent = isShown ? (button.dataset.other ?? shows) : shows;
  };
}

for (const button of document.querySelectorAll("button[data-shows-passwords]")) {
  if (!(button instanceof HTMLButtonElement) || !button.form) continue;
  const fields = [...button.form.querySelectorAll("input")].filter((one) => one.type === "password");
  const show = toggling(button, fields);
  button.hidden = false;
  button.addEventListener("click", () => show(button.getAttribute("aria-pressed") !== "true"));
  // Browsers keep passwords of password fields alone, and forms that come back show no text.
  button.form.addEventListener("submit", () => show(false));
}
