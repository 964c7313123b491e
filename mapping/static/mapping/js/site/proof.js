/**
 * A small proof of work (ALTCHA's format), wanted only while very much comes in: the answer 429 then names where to get
 * a challenge. It is solved here in about half a second, without anybody having to do anything, and the request is sent
 * again. No other site is asked.
 */

/** @typedef {{algorithm: string, salt: string, challenge: string, signature: string, maxnumber: number}} Challenge */

/** Hashes that WebCrypto works on at once: enough to keep it busy, few enough that the page stays alive. */
const AT_ONCE = 500;
/** At midnight the key of the challenges changes; then the second one fits. */
const ATTEMPTS = 2;

/** Whether this browser has WebCrypto; it is missing on pages without encryption. */
export function canProve() {
  return Boolean(globalThis.crypto?.subtle);
}

/**
 * `fetch`, with a proof where one is wanted. Where none can be made the refusal is the answer.
 * @param {string} url
 * @param {RequestInit} init its body can be sent twice (no stream)
 */
export async function fetchProving(url, init) {
  let response = await fetch(url, init);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const address = response.headers.get("Proof-Challenge");
    if (response.status !== 429 || !address) break;
    const proof = await makeProof(address, init.signal ?? undefined);
    if (proof === null) break;
    const headers = new Headers(init.headers);
    headers.set("Proof", proof);
    response = await fetch(url, { ...init, headers });
  }
  return response;
}

/**
 * @param {string} address of the challenges
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | null>} null where none can be made
 */
export async function makeProof(address, signal) {
  if (!canProve()) return null;
  announce(gettext("One moment please. Very much is coming in, so your device does a small calculation first."));
  const response = await fetch(address, { credentials: "same-origin", signal });
  if (!response.ok) return null;
  /** @type {Challenge} */
  const { algorithm, salt, challenge, signature, maxnumber } = await response.json();
  const number = await solve(salt, challenge, maxnumber, signal);
  return number === null ? null : btoa(JSON.stringify({ algorithm, salt, challenge, signature, number }));
}

/**
 * The number for which the hash of salt and number is the wanted one.
 * @param {string} salt
 * @param {string} wanted SHA-256 in hexadecimal
 * @param {number} largest
 * @param {AbortSignal} [signal]
 * @returns {Promise<number | null>}
 */
async function solve(salt, wanted, largest, signal) {
  const encoder = new TextEncoder();
  const target = Uint8Array.from(wanted.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  for (let first = 0; first <= largest; first += AT_ONCE) {
    signal?.throwIfAborted();
    const numbers = Array.from({ length: Math.min(AT_ONCE, largest - first + 1) }, (_, index) => first + index);
    const hashes = await Promise.all(
      numbers.map((number) => crypto.subtle.digest("SHA-256", encoder.encode(`${salt}${number}`))),
    );
    const found = hashes.findIndex((hash) => isEqual(new Uint8Array(hash), target));
    if (found >= 0) return first + found;
  }
  return null;
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function isEqual(one, other) {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** @type {HTMLElement | null} */
let voice = null;

/**
 * Words for screen readers; others see the button that says that something is being sent.
 * @param {string} words
 */
function announce(words) {
  if (!voice) {
    voice = document.createElement("p");
    voice.className = "visually-hidden";
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  voice.textContent = "";
  voice.textContent = words;
}
