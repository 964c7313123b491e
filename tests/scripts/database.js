/** A browser's database (IndexedDB) in memory, as far as the outbox uses it: no indexes, no versions, one store. */

/** @typedef {Map<string, any>} Rows */

class Answer {
  /** @type {any} */
  result = undefined;
  error = null;
  /** @type {(() => void) | null} */
  onsuccess = null;
  /** @type {(() => void) | null} */
  onerror = null;
  /** @type {(() => void) | null} */
  onblocked = null;
  /** @type {(() => void) | null} */
  onupgradeneeded = null;
}

/** Requests are answered one after the other; the transaction is over when no handler has made a further one. */
class Transaction {
  /** @param {Rows} rows */
  constructor(rows) {
    this.rows = rows;
    /** @type {(() => void) | null} */
    this.oncomplete = null;
    this.onabort = null;
    this.onerror = null;
    /** @type {(() => void)[]} */
    this.asked = [];
    queueMicrotask(() => this.#run());
  }

  objectStore() {
    const { rows } = this;
    /** @param {() => any} action */
    const ask = (action) => {
      const answer = new Answer();
      this.asked.push(() => {
        answer.result = action();
        answer.onsuccess?.();
      });
      return answer;
    };
    return {
      /** @param {string} id */
      get: (id) => ask(() => structuredClone(rows.get(id))),
      /** @param {string} id */
      getKey: (id) => ask(() => (rows.has(id) ? id : undefined)),
      getAll: () => ask(() => [...rows.values()].map((row) => structuredClone(row))),
      /** @param {any} row */
      put: (row) => ask(() => rows.set(row.id, structuredClone(row)) && row.id),
      /** @param {string} id */
      delete: (id) => ask(() => void rows.delete(id)),
    };
  }

  #run() {
    for (let next = this.asked.shift(); next; next = this.asked.shift()) next();
    this.oncomplete?.();
  }
}

export class Databases {
  constructor() {
    /** @type {Map<string, Rows>} */
    this.stored = new Map();
  }

  async databases() {
    return [...this.stored.keys()].map((name) => ({ name, version: 1 }));
  }

  /** @param {string} name */
  open(name) {
    return this.#answer((answer) => {
      const isNew = !this.stored.has(name);
      const rows = this.stored.get(name) ?? new Map();
      this.stored.set(name, rows);
      answer.result = {
        createObjectStore: () => undefined,
        transaction: () => new Transaction(rows),
        close: () => undefined,
      };
      if (isNew) answer.onupgradeneeded?.();
    });
  }

  /** @param {string} name */
  deleteDatabase(name) {
    return this.#answer(() => void this.stored.delete(name));
  }

  /** @param {(answer: Answer) => void} action */
  #answer(action) {
    const answer = new Answer();
    queueMicrotask(() => {
      action(answer);
      answer.onsuccess?.();
    });
    return answer;
  }
}
