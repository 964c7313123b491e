/** A category's form (rendered by the server): its values, its answers as JSON, problems at their fields. */

/** @typedef {import("./site/api.js").FieldProblem} FieldProblem */

/** Django's token against forged requests: it belongs to the page, not to the draft. */
const SECURITY_FIELD = "csrfmiddlewaretoken";
/** The text of one's own beside a choice, as `mapping/questions/choices.py` names it. */
const OTHER = ":other";

/**
 * Everything typed, by field name, for the draft.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string[]>}
 */
export function readValues(form) {
  /** @type {Record<string, string[]>} */
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || value === "" || name === SECURITY_FIELD) continue;
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
  /** @type {Record<string, number>} */
  const taken = {};
  for (const field of form.elements) {
    if (
      !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
    )
      continue;
    const given = values[field.name];
    if (!given || field.type === "file") continue;
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox"))
      field.checked = given.includes(field.value);
    else {
      // Several fields of one name hold several values: the lists of a ranking.
      field.value = given[taken[field.name] ?? 0] ?? "";
      taken[field.name] = (taken[field.name] ?? 0) + 1;
    }
  }
  form.dispatchEvent(new Event("restored"));
}

/**
 * Another topic was chosen: the text that was written for the one before goes along, unless there is one already.
 * @param {HTMLFormElement} from
 * @param {HTMLFormElement} to
 */
export function carryText(from, to) {
  const [written, wanted] = [from, to].map((form) => form.elements.namedItem("text"));
  if (!(written instanceof HTMLTextAreaElement && wanted instanceof HTMLTextAreaElement) || wanted.value) return;
  wanted.value = written.value;
  written.value = "";
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
    const given = textsOf(data, `answers.${slug}`);
    const rows = type === "objects" ? rowsOf(data, `answers.${slug}.`) : null;
    if (rows) answers[slug] = rows;
    else if (given.length > 0) answers[slug] = type === "texts" ? given : answerOf(type, given[0]);
    const [other] = textsOf(data, `answers.${slug}${OTHER}`);
    if (other) answers[`${slug}${OTHER}`] = other;
  }
  return answers;
}

/**
 * What is filled in of the fields of a name.
 * @param {FormData} data
 * @param {string} name
 */
function textsOf(data, name) {
  return data
    .getAll(name)
    .filter((value) => typeof value === "string" && value.trim() !== "")
    .map(String);
}

/**
 * The judged statements of a matrix; null for none.
 * @param {FormData} data
 * @param {string} prefix of the names of its rows
 * @returns {Record<string, string> | null}
 */
function rowsOf(data, prefix) {
  const rows = [...data].filter(([name, value]) => name.startsWith(prefix) && value !== "");
  if (rows.length === 0) return null;
  return Object.fromEntries(rows.map(([name, value]) => [name.slice(prefix.length), String(value)]));
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

/**
 * Take away the problems that were shown here; of one field, which is being corrected, also what the server wrote.
 * @param {HTMLFormElement} form
 * @param {Element} [field]
 */
export function clearProblems(form, field = form) {
  const isOne = field !== form;
  for (const error of field.querySelectorAll(isOne ? ".field__error" : "[data-made-error]")) {
    error.closest(".field")?.classList.remove("field--wrong");
    error.remove();
  }
  for (const input of field.querySelectorAll(isOne ? "[aria-invalid]" : "[data-help]")) {
    input.removeAttribute("aria-invalid");
    const { help } = /** @type {HTMLElement} */ (input).dataset;
    if (help) input.setAttribute("aria-describedby", help);
    else input.removeAttribute("aria-describedby");
  }
  const whole = form.querySelector("[data-form-problem]");
  if (!isOne && whole instanceof HTMLElement) whole.hidden = true;
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
    const field = fieldOf(form, problem.field);
    const control = field && controlIn(field);
    if (!control) {
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
 * @param {HTMLFormElement} form
 * @param {string} name as the services name the field
 * @returns {HTMLElement | null}
 */
function fieldOf(form, name) {
  const found = form.elements.namedItem(name);
  const input = found instanceof RadioNodeList ? found[0] : found;
  const question = form.querySelector(`[data-question="${CSS.escape(name.replace("answers.", ""))}"]`);
  return (
    (input instanceof HTMLElement ? input.closest(".field") : null) ?? /** @type {HTMLElement | null} */ (question)
  );
}

/**
 * What gets the focus in a field: a statement that is not judged yet, else the first thing that is seen.
 * @param {HTMLElement} field
 * @returns {HTMLElement | null}
 */
function controlIn(field) {
  const open = [...field.querySelectorAll(".matrix__row")].find((row) => !row.querySelector(":checked"));
  const controls = [...(open ?? field).querySelectorAll("input, select, textarea, button")];
  const seen = controls.find((one) => /** @type {HTMLElement} */ (one).offsetParent !== null);
  return /** @type {HTMLElement | null} */ (seen ?? controls[0] ?? null);
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
