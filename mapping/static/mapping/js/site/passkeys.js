// @ts-check
/** Buttons that make or prove a passkey and send their form with the browser's answer. */

/** @param {string} text base64url */
function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** @param {ArrayBuffer | null | undefined} buffer */
function textOf(buffer) {
  if (!buffer) return null;
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {any[] | undefined} known descriptors of keys, as JSON */
function descriptors(known) {
  return (known ?? []).map((one) => ({ ...one, id: bytesOf(one.id) }));
}

/**
 * What the browser answers to options of the server, both as JSON (WebAuthn level 3, section 5.1.8).
 * @param {"create" | "get"} way
 * @param {any} options
 * @returns {Promise<string>}
 */
async function answerTo(way, options) {
  const asked = { ...options.publicKey, challenge: bytesOf(options.publicKey.challenge) };
  if (way === "create") {
    asked.user = { ...asked.user, id: bytesOf(asked.user.id) };
    asked.excludeCredentials = descriptors(asked.excludeCredentials);
  } else {
    asked.allowCredentials = descriptors(asked.allowCredentials);
  }
  const given = /** @type {PublicKeyCredential | null} */ (
    await (way === "create"
      ? navigator.credentials.create({ publicKey: asked })
      : navigator.credentials.get({ publicKey: asked }))
  );
  if (!given) throw new Error("no credential");
  const response = /** @type {any} */ (given.response);
  return JSON.stringify({
    id: given.id,
    rawId: textOf(given.rawId),
    type: given.type,
    clientExtensionResults: given.getClientExtensionResults(),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject) ?? undefined,
      authenticatorData: textOf(response.authenticatorData) ?? undefined,
      signature: textOf(response.signature) ?? undefined,
      userHandle: textOf(response.userHandle) ?? undefined,
    },
  });
}

/** @param {HTMLButtonElement} button */
async function optionsFor(button) {
  if (button.dataset.options) return JSON.parse(button.dataset.options);
  const answer = await fetch(button.dataset.optionsFrom ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** @param {HTMLButtonElement} button */
async function use(button) {
  const form = button.form;
  const field = form?.elements.namedItem(button.dataset.into ?? "");
  const problem = button.parentElement?.querySelector("[data-passkey-problem]");
  if (!form || !(field instanceof HTMLInputElement) || !(problem instanceof HTMLElement)) return;
  if (button.dataset.passkey === "create" && !form.reportValidity()) return;
  problem.hidden = true;
  button.disabled = true;
  try {
    const way = button.dataset.passkey === "create" ? "create" : "get";
    field.value = await answerTo(way, await optionsFor(button));
  } catch {
    problem.textContent = problem.dataset.words ?? "";
    problem.hidden = false;
    button.disabled = false;
    return;
  }
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const box of document.querySelectorAll("[data-passkey-box]")) {
    if (box instanceof HTMLElement) box.hidden = false;
    const button = box.querySelector("button[data-passkey]");
    if (!(button instanceof HTMLButtonElement)) continue;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      void use(button);
    });
  }
}
