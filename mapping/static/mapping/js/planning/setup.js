/**
 * Forms of the setup are saved as one goes. They work by their button alone; this sends a form with `data-autosave` when
 * a field was changed, and takes from the answer, which is the page itself, the errors of fields that were touched and
 * everything with `data-refresh`. Fields keep what is typed, whatever the answer.
 */

/** How long to wait for another change of the same form, in milliseconds. */
const PAUSE = 600;

const status = document.getElementById("setup-saved");

/** @param {string} words @param {"saving" | "saved" | "refused"} state */
function announce(words, state) {
  if (!status) return;
  status.textContent = words;
  status.dataset.state = state;
}

/** @param {Document} answer */
function refresh(answer) {
  for (const part of document.querySelectorAll("[data-refresh][id]")) {
    const fresh = answer.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
      part.replaceChildren(...document.importNode(fresh, true).childNodes);
    }
  }
}

/**
 * Show at each touched field what the answer says about it.
 * @param {HTMLFormElement} form
 * @param {Document} answer
 * @param {Set<string>} touched
 */
function showErrors(form, answer, touched) {
  for (const field of form.querySelectorAll("[data-field]")) {
    const name = field.getAttribute("data-field") ?? "";
    const fresh = answer.querySelector(`[data-field="${CSS.escape(name)}"]`);
    const errors = fresh?.querySelector(":scope > .field__errors") ?? null;
    const isWrong = errors !== null && touched.has(name);
    field.classList.toggle("field--wrong", isWrong);
    field.querySelector(":scope > .field__errors")?.remove();
    const inputs = field.querySelectorAll("input, select, textarea");
    for (const input of inputs) {
      if (isWrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    if (isWrong) {
      field.append(document.importNode(errors, true));
      if (errors.id) inputs[0]?.setAttribute("aria-describedby", errors.id);
    }
  }
}

/**
 * Add the rows that the answer has beyond those of the form, an empty one for instance.
 * @param {HTMLFormElement} form
 * @param {Document} answer
 */
function addRows(form, answer) {
  const rows = form.querySelector("[data-rows]");
  if (!rows) return;
  for (const fresh of answer.querySelectorAll("[data-rows] > [data-row]")) {
    const name = CSS.escape(fresh.getAttribute("data-row") ?? "");
    if (!rows.querySelector(`:scope > [data-row="${name}"]`)) rows.append(document.importNode(fresh, true));
  }
}

/** @param {HTMLFormElement} form */
function watch(form) {
  /** @type {Set<string>} */
  const touched = new Set();
  let timer = 0;
  let sending = Promise.resolve();

  const send = async () => {
    announce(gettext("Saving …"), "saving");
    const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type='file']")]);
    const sent = inputs.map((input) => input.files?.[0]);
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const isRefused = response.status === 422;
      if (!response.ok && !isRefused) throw new Error(String(response.status));
      if (new URL(response.url).pathname !== new URL(form.action).pathname) {
        announce(
          gettext("Not saved: your login has expired. Please copy what you typed before you log in again."),
          "refused",
        );
        return;
      }
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      showErrors(form, answer, touched);
      if (isRefused) {
        const words = answer.querySelector(".setup__step .message--error")?.textContent?.trim();
        announce(words || gettext("Not saved yet. Please look at the marked fields."), "refused");
        return;
      }
      // A file that was chosen while the form was being sent is sent by the next turn.
      inputs.forEach((input, number) => {
        if (input.files?.[0] === sent[number]) input.value = "";
      });
      refresh(answer);
      addRows(form, answer);
      form.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: answer }));
      announce(gettext("Saved."), "saved");
    } catch {
      announce(gettext("Not saved: no connection. Please use the button."), "refused");
    }
  };

  /** @param {{target: EventTarget | null}} event */
  const changed = (event) => {
    const target = /** @type {Element} */ (event.target);
    const name = target.closest("[data-field]")?.getAttribute("data-field");
    if (name) touched.add(name);
    if (target.closest("[data-by-button]")) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      // One after the other: an older state must not arrive last.
      sending = sending.then(send);
    }, PAUSE);
  };
  form.addEventListener("change", changed);
  form.addEventListener("drawn", changed);
  form.addEventListener("submit", () => window.clearTimeout(timer));
  // What was changed before this script arrived is saved, too, also what has the focus: it may have told of it already.
  for (const control of form.elements) {
    if (isChanged(control)) changed({ target: control });
  }
}

/**
 * Whether a control holds something else than the page came with.
 * @param {Element} control
 */
function isChanged(control) {
  if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue;
  if (control instanceof HTMLSelectElement) {
    const chosen = [...control.options].findIndex((option) => option.defaultSelected);
    return !control.multiple && control.selectedIndex !== Math.max(0, chosen);
  }
  if (!(control instanceof HTMLInputElement)) return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  return control.type === "file" ? control.value !== "" : control.value !== control.defaultValue;
}

/** Where the steps stand in one row, it begins at the one of this page. */
const here = document.querySelector(".setup-steps [aria-current]");
const row = here?.closest("ol");
if (here instanceof HTMLElement && row) {
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  if (form instanceof HTMLFormElement) watch(form);
}

export {};
