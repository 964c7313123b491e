/**
 * The page after sending: the draft of what was sent is of no more use, and the way to another one leads to the steps
 * with a map. Of campaigns that protect their participants nothing stays on the device, not even what was kept before
 * they were protected; another draft of the open tab does.
 */

import { removeKeys } from "./storage.js";

const page = document.querySelector("[data-sent]");
if (page instanceof HTMLElement) {
  const { sent = "", protected: slug } = page.dataset;
  removeKeys((key, storage) => {
    if (sent && key.endsWith(`:${sent}`)) return true;
    const isOfCampaign = slug !== undefined && /^[a-z]+-draft:/.test(key) && key.split(":")[1] === slug;
    return isOfCampaign && storage === localStorage;
  });
}

for (const link of document.querySelectorAll("a[data-scripted]")) {
  if (link instanceof HTMLAnchorElement) link.href = link.dataset.scripted ?? link.href;
}
