/** Steps as entries of the browser's history, so that its back button goes one step back. */

/** @typedef {import("./steps.js").Step} Step */
/** @typedef {"push" | "replace" | "stay"} Trail what a step does to the history */

/**
 * `depth` counts the entries since contributing began, `from` is the step of the entry before; `inside` stays as it
 * was: whether the entry before the first step is the campaign's.
 * @param {Step} step
 * @param {Trail} trail
 * @param {{id: string, from: Step | null}} current the contribution, and the step that is left
 */
export function remember(step, trail, current) {
  if (trail === "stay" || step === "done" || step === "waiting") return;
  const { inside = false, depth = 1, from = null } = history.state ?? {};
  const state = { inside, step, draft: current.id };
  if (trail === "push") history.pushState({ ...state, depth: depth + 1, from: current.from }, "", "#place");
  else history.replaceState({ ...state, depth, from }, "", "#place");
}

/**
 * "1 Topic · 2 Place · 3 Details", only where there is more than one step.
 * @param {HTMLElement} list
 * @param {Step[]} steps
 * @param {Step | null} current
 */
export function drawSteps(list, steps, current) {
  const words = {
    category: gettext("Topic"),
    place: gettext("Place"),
    details: gettext("Details"),
    done: "",
    waiting: "",
  };
  list.hidden = steps.length < 2;
  list.replaceChildren(
    ...steps.map((step, index) => {
      const item = document.createElement("li");
      item.textContent = `${index + 1} ${words[step]}`;
      if (step === current) item.setAttribute("aria-current", "step");
      return item;
    }),
  );
}
