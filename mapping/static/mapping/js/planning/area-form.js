/**
 * The step of the area: drawing chooses "drawn on the map", and an area that came another way is shown on the map as soon
 * as it is saved.
 */

const form = document.querySelector("form[data-area]");
const text = form?.querySelector("textarea[name='drawn']");

if (form instanceof HTMLFormElement && text instanceof HTMLTextAreaElement) {
  // Before the form hears of it and is sent.
  text.addEventListener("drawn", () => {
    const way = form.querySelector("input[name='way'][value='drawn']");
    if (way instanceof HTMLInputElement) way.checked = true;
  });
  form.addEventListener("saved", (event) => {
    const answer = /** @type {CustomEvent<Document>} */ (event).detail;
    const fresh = answer.querySelector("textarea[name='drawn']")?.textContent ?? "";
    if (fresh.trim() === text.value.trim()) return;
    text.value = fresh;
    text.dispatchEvent(new Event("redraw"));
  });
}

export {};
