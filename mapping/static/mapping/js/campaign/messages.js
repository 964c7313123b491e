/** Messages of the page before lie above the map here; whoever has read them closes them. */
export function makeMessagesClosable() {
  for (const message of document.querySelectorAll("main > .messages .message")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "message__close";
    close.textContent = "×";
    close.setAttribute("aria-label", gettext("Close this notice"));
    close.addEventListener("click", () => message.remove());
    message.append(close);
  }
}
