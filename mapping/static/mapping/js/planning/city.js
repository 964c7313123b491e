/**
 * The city's page: the preview follows name, colour and logo as they are typed and chosen, and a colour can be picked.
 * Without this script the preview shows what is stored.
 */

/** How long to wait for another change, in milliseconds. */
const PAUSE = 300;

const form = document.querySelector("form[data-city]");
const preview = document.getElementById("city-preview");

/** @param {HTMLInputElement} text @returns {HTMLInputElement} */
function picker(text) {
  const colour = document.createElement("input");
  colour.type = "color";
  colour.className = "city-colour";
  colour.setAttribute("aria-label", gettext("Choose the colour"));
  if (/^#[0-9a-f]{6}$/i.test(text.value)) colour.value = text.value;
  colour.addEventListener("input", () => {
    text.value = colour.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  text.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value)) colour.value = text.value;
  });
  return colour;
}

/** @param {HTMLFormElement} form @param {HTMLElement} preview */
function follow(form, preview) {
  const name = /** @type {HTMLInputElement} */ (form.querySelector("[name='name']"));
  const accent = /** @type {HTMLInputElement} */ (form.querySelector("[data-colour]"));
  const file = /** @type {HTMLInputElement} */ (form.querySelector("[data-logo]"));
  const row = document.createElement("div");
  row.className = "city-colours";
  accent.before(row);
  row.append(picker(accent), accent);
  let timer = 0;
  let turn = 0;
  let logo = "";

  const showLogo = () => {
    const mark = preview.querySelector(".site-name__logo, .site-name__mark");
    if (!logo || !mark) return;
    const frame = document.createElement("span");
    frame.className = "site-name__logo";
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = logo;
    frame.append(picture);
    mark.replaceWith(frame);
  };

  const refresh = async () => {
    const mine = ++turn;
    const query = new URLSearchParams({ accent: accent.value, name: name.value });
    try {
      const response = await fetch(`${preview.dataset.address}?${query}`);
      if (!response.ok || response.redirected || mine !== turn) return;
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      preview.replaceChildren(...document.importNode(answer.body, true).childNodes);
      const sheet = answer.head.querySelector("link");
      if (sheet) preview.prepend(document.importNode(sheet, true));
      showLogo();
    } catch {
      // Without a connection the preview stays as it is.
    }
  };

  for (const field of [name, accent]) {
    field.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(refresh, PAUSE);
    });
  }
  file.addEventListener("change", () => {
    if (logo) URL.revokeObjectURL(logo);
    const chosen = file.files?.[0];
    logo = chosen ? URL.createObjectURL(chosen) : "";
    if (logo) showLogo();
    else refresh();
  });
}

if (form instanceof HTMLFormElement && preview) follow(form, preview);

export {};
