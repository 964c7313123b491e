/**
 * The import page with a script: the preview follows the questions it depends on, and dry run and import show a bar.
 *
 * The server tells about a run in lines of JSON: `{"done": 5000, "total": 62245}`, at the end `{"url": "…"}`.
 */

const LINES = "application/x-ndjson";

document.querySelector(".import")?.classList.add("import--scripted");

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-import]"))) {
  form.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-reloads]")) reload(form);
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    // Another button of the form leads elsewhere; it does what it does without a script.
    if (button instanceof HTMLButtonElement && button.hasAttribute("formaction")) return;
    event.preventDefault();
    run(form);
  });
}

/**
 * Show the preview anew with what is filled in.
 * @param {HTMLFormElement} form
 */
function reload(form) {
  form.action = form.dataset.preview ?? form.action;
  form.submit();
}

/**
 * Run and follow; whatever is no run (a mistake in the form) is left to the browser.
 * @param {HTMLFormElement} form
 */
async function run(form) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("button"));
  const data = new FormData(form);
  for (const button of buttons) button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: LINES } });
    if (!response.ok || !response.headers.get("Content-Type")?.startsWith(LINES) || !response.body) {
      form.submit();
      return;
    }
    const address = await follow(response.body);
    if (address) {
      location.assign(address);
      return;
    }
  } catch {
    // Told below, as an answer that ends too early.
  }
  for (const button of buttons) button.disabled = false;
  tell(gettext("The connection broke off. What is stored stays; the same file goes on where it stopped."), 0);
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {Promise<string>} where the result is; empty where the answer broke off
 */
async function follow(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let address = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return address;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const event = JSON.parse(line);
      if (event.url) address = event.url;
      else tellRows(event.done, event.total);
    }
  }
}

/**
 * @param {number} done
 * @param {number} total
 */
function tellRows(done, total) {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const words = interpolate(gettext("%s of %s rows"), [number.format(done), number.format(total)]);
  tell(words, total ? done / total : 1);
}

/**
 * @param {string} words
 * @param {number} share from 0 to 1
 */
function tell(words, share) {
  const box = /** @type {HTMLElement | null} */ (document.querySelector("[data-progress]"));
  if (!box) return;
  box.hidden = false;
  const line = box.querySelector("[data-progress-words]");
  if (line) line.textContent = words;
  const bar = box.querySelector("progress");
  if (bar) bar.value = share;
}
