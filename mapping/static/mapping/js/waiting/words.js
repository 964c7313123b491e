/** What the bar says about what waits on this device. */

/** @typedef {Pick<import("./outbox.js").Item, "state">} Stated */

/**
 * One sentence for all of it; empty where there is nothing to say.
 * @param {Stated[]} items
 * @param {number} sent while the page is open
 * @param {boolean} isOnline
 */
export function wordsOfWaiting(items, sent, isOnline) {
  const refused = items.filter(({ state }) => state === "refused").length;
  const waiting = items.length - refused;
  const said = [];
  if (refused > 0)
    said.push(
      interpolate(ngettext("%s contribution needs you.", "%s contributions need you.", refused), [String(refused)]),
    );
  if (waiting > 0) {
    const words = ngettext("%s contribution waits on this device.", "%s contributions wait on this device.", waiting);
    said.push(interpolate(words, [String(waiting)]));
    if (!isOnline) said.push(gettext("It is sent as soon as there is a network."));
  }
  if (said.length === 0 && sent > 0)
    said.push(
      interpolate(
        ngettext("%s contribution has arrived. Thank you!", "%s contributions have arrived. Thank you!", sent),
        [String(sent)],
      ),
    );
  return said.join(" ");
}

/**
 * @param {number} moment milliseconds
 */
export function whenOf(moment) {
  return new Date(moment).toLocaleString(document.documentElement.lang || "de", {
    dateStyle: "medium",
    timeStyle: "short",
  });
}
