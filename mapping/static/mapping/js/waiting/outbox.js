/**
 * Contributions that wait on this device until the site has them, in the browser's database (IndexedDB). Photos lie there
 * as the bytes that are sent: made smaller again they would be others, and the site would not know them again.
 *
 * A transaction ends before anybody hears of it, and no connection stays open, so that *delete everything* finds it free.
 */

/** @typedef {{name: string, type: string, bytes: ArrayBuffer}} KeptPhoto */
/**
 * @typedef {object} Item
 * @property {string} id of the contribution, UUIDv7
 * @property {string} slug of the campaign
 * @property {string} page address of the campaign's page
 * @property {string} url where contributions are sent
 * @property {string} title of the topic
 * @property {boolean} isPublic whether single contributions are public there
 * @property {string} body as it is sent, the same letters each time
 * @property {KeptPhoto[]} photos that the site does not have yet
 * @property {import("../draft.js").Draft} draft what the form held
 * @property {string} [sender] who sends it, before the browser has a cookie: a random value that nobody else knows
 * @property {number} madeAt milliseconds
 * @property {"waiting" | "refused"} state
 * @property {boolean} isStored whether the site has all but its photos
 * @property {number} notBefore milliseconds
 * @property {number} status of the refusal, else 0
 * @property {string} reason of the refusal, in words
 */

export const NAME = "outbox";
const STORE = "items";
const VERSION = 1;

/** Whether anything may lie there; looking does not create the database. */
export async function exists() {
  try {
    if (!indexedDB.databases) return true;
    return (await indexedDB.databases()).some(({ name }) => name === NAME);
  } catch {
    return false;
  }
}

/** @returns {Promise<Item[]>} oldest first; empty where there is no storage */
export async function list() {
  if (!(await exists())) return [];
  const found = await within("readonly", (store) => store.getAll()).catch(() => []);
  return /** @type {Item[]} */ (found).sort((one, other) => one.madeAt - other.madeAt);
}

/**
 * @param {string} id
 * @returns {Promise<Item | null>}
 */
export async function get(id) {
  if (!(await exists())) return null;
  return (await within("readonly", (store) => store.get(id)).catch(() => null)) ?? null;
}

/**
 * @param {Item} item
 * @returns {Promise<boolean>} false where storage is full or blocked
 */
export function put(item) {
  return within("readwrite", (store) => store.put(item)).then(
    () => true,
    () => false,
  );
}

/**
 * Write over an entry that is still there: what was discarded or deleted meanwhile does not come back.
 * @param {Item} item
 * @returns {Promise<boolean>} false where it is gone, and where storage is full or blocked
 */
export async function update(item) {
  if (!(await exists())) return false;
  const looked = within("readwrite", (store) => {
    const request = store.getKey(item.id);
    request.onsuccess = () => {
      if (request.result !== undefined) store.put(item);
    };
    return request;
  });
  return looked.then(
    (key) => key !== undefined,
    () => false,
  );
}

/** @param {string} id */
export async function remove(id) {
  if (await exists()) await within("readwrite", (store) => store.delete(id)).catch(() => undefined);
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} action
 * @returns {Promise<any>} its result, once it is on the disk
 */
async function within(mode, action) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = action(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
