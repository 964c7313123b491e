/** What pages are told when something begins to wait on this device, changes or goes. */

/** An event of the document here; a channel of the same name for other tabs. */
export const CHANGED = "outbox-changed";

/** Show what waits, here and in other tabs. */
export function tellOfChange() {
  document.dispatchEvent(new Event(CHANGED));
  if (!("BroadcastChannel" in globalThis)) return;
  const channel = new BroadcastChannel(CHANGED);
  channel.postMessage("");
  channel.close();
}
