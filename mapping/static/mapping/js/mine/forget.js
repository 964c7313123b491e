/** The page after "delete everything of mine" or "forget it in this browser": the server is done, now the device. */

import { removeEverything } from "./storage.js";

await removeEverything();
const words = document.querySelector("[data-forgotten]");
if (words instanceof HTMLElement) words.hidden = false;
