/** What this site keeps in a browser, taken away again: drafts, what waits to be sent, kept pages. */

/**
 * Remove the entries of both storages whose key is meant.
 * @param {(key: string, storage: Storage) => boolean} isMeant
 */
export function removeKeys(isMeant) {
  for (const name of /** @type {const} */ (["localStorage", "sessionStorage"])) {
    attempt(() => {
      const storage = globalThis[name];
      for (const key of Object.keys(storage)) if (isMeant(key, storage)) storage.removeItem(key);
    });
  }
}

/** Remove everything: storages, databases and kept answers of this site. */
export async function removeEverything() {
  removeKeys(() => true);
  await Promise.all([removeDatabases(), removeCaches()]);
}

async function removeDatabases() {
  const known = (await tried(() => indexedDB.databases())) ?? [];
  await Promise.all(known.map(({ name }) => name && removed(name)));
}

/**
 * One that another tab has open vanishes when that tab is closed: nobody waits for it.
 * @param {string} name
 */
function removed(name) {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve(undefined);
  });
}

/** Pages without encryption have none. */
async function removeCaches() {
  const names = (await tried(() => caches.keys())) ?? [];
  await Promise.all(names.map((name) => tried(() => caches.delete(name))));
}

/**
 * Storage may be blocked: then there is nothing in it.
 *
 * @template T
 * @param {() => T} action
 * @returns {T | null}
 */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

/**
 * The same for what takes its time.
 *
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T | null>}
 */
async function tried(action) {
  try {
    return await action();
  } catch {
    return null;
  }
}
