/**
 * Words of scripts that come later. A campaign's page loads the words of its first scripts alone; what it imports on
 * demand must wait for these before it says anything. Other pages have all words from the start.
 */

/** @type {Promise<unknown> | null} */
let loading = null;

/** Load the other words, once; rejects where they cannot be fetched, and tries again the next time. */
export async function loadWords() {
  const address = document.querySelector("script[data-words]")?.getAttribute("data-words");
  if (!address) return;
  loading ??= import(address);
  try {
    await loading;
  } catch (error) {
    loading = null;
    throw error;
  }
}
