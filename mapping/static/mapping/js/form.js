/** A category's form (rendered by the server): its values, its answers as JSON, problems at their fields. */

/** @typedef {import("./api.js").FieldProblem} FieldProblem */

/**
 * Everything typed, by field name, for the draft.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string[]>}
 */
export function readValues(form) {
  /** @type {Record<string, string[]>} */
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || value === "") continue;
    values[name] ??= [];
    values[name].push(value);
  }
  return values;
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string[]>} values
 */
export function writeValues(form, values) {
  for (const field of form.elements) {
    if (
      !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
    )
      continue;
    const given = values[field.name];
    if (!given || field.type === "file") continue;
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox"))
      field.checked = given.includes(field.value);
    else field.value = given[0];
  }
}

/**
 * The answers as the API wants them; what cannot be read travels as it is, so that the server can say why.
 * @param {HTMLFormElement} form
 * @param {{slug: string, type: string}[]} questions
 */
export function readAnswers(form, questions) {
  const data = new FormData(form);
  /** @type {Record<string, unknown>} */
  const answers = {};
  for (const { slug, type } of questions) {
    const given = data.getAll(`answers.${slug}`).filter((value) => typeof value === "string" && value.trim() !== "");
    if (given.length > 0) answers[slug] = type === "texts" ? given : answerOf(type, String(given[0]));
  }
  return answers;
}

/**
 * @param {string} type of the answer
 * @param {string} value
 */
function answerOf(type, value) {
  if (type === "boolean") return value === "yes" ? true : value === "no" ? false : value;
  if (type !== "number" && type !== "integer") return value;
  const compact = value.trim().replace(",", ".");
  return /^[+-]?\d{1,20}(\.\d{1,20})?$/.test(compact) ? Number(compact) : value;
}

/** @param {HTMLFormElement} form */
export function clearProblems(form) {
  for (const error of form.querySelectorAll("[data-made-error]")) error.remove();
  for (const field of form.querySelectorAll(".field--wrong")) field.classList.remove("field--wrong");
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    const help = /** @type {HTMLElement} */ (input).dataset.help;
    if (help) input.setAttribute("aria-describedby", help);
    else input.removeAttribute("aria-describedby");
  }
  const whole = form.querySelector("[data-form-problem]");
  if (whole instanceof HTMLElement) whole.hidden = true;
}

/**
 * Put problems to their fields and the focus on the first of them; returns those that belong to no field here.
 * @param {HTMLFormElement} form
 * @param {FieldProblem[]} problems
 * @returns {FieldProblem[]}
 */
export function showProblems(form, problems) {
  clearProblems(form);
  /** @type {FieldProblem[]} */
  const homeless = [];
  /** @type {HTMLElement | null} */
  let first = null;
  for (const problem of problems) {
    const input = form.elements.namedItem(problem.field);
    const control = input instanceof RadioNodeList ? input[0] : input;
    const field = control instanceof HTMLElement ? control.closest(".field") : null;
    if (!(control instanceof HTMLElement) || !field) {
      homeless.push(problem);
      continue;
    }
    const error = document.createElement("p");
    error.className = "field__error";
    error.dataset.madeError = "";
    error.id = `${control.id}-problem`;
    error.textContent = problem.detail;
    field.classList.add("field--wrong");
    field.append(error);
    control.setAttribute("aria-invalid", "true");
    // Not `aria-errormessage`, which few screen readers know: the problem is read with the help of the field.
    control.dataset.help ??= control.getAttribute("aria-describedby") ?? "";
    control.setAttribute("aria-describedby", `${control.dataset.help} ${error.id}`.trim());
    if (!first || control.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = control;
  }
  first?.focus();
  first?.closest(".field")?.scrollIntoView({ block: "center" });
  return homeless;
}

/**
 * Say what is wrong with the form as a whole.
 * @param {HTMLFormElement} form
 * @param {string} words
 */
export function sayAbove(form, words) {
  const box = form.querySelector("[data-form-problem]");
  if (!(box instanceof HTMLElement)) return;
  const paragraph = box.querySelector("p");
  if (paragraph) paragraph.textContent = words;
  box.hidden = false;
  box.scrollIntoView({ block: "center" });
}
