// Single keys of the desk's pages: never while somebody types, and only as long as they aren't switched off.

const OFF = "desk-keys-off";
const TYPED = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

/** `keys`: what each key does, by KeyboardEvent.key; a function that returns false leaves the key to the browser. */
export function listenForKeys(keys) {
  const help = document.getElementById("keys");
  const on = document.getElementById("keys-on");
  for (const button of document.querySelectorAll("[data-dialog]")) {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById(button.dataset.dialog).showModal());
  }
  on.checked = !keysAreOff();
  on.addEventListener("change", () => remember(!on.checked));
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (event.target.matches(TYPED)) event.target.blur();
      else if (!document.querySelector("dialog[open]")) keys.Escape?.(event);
      return;
    }
    if (keysAreOff() || event.target.matches(TYPED) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") return take(event, () => help.showModal());
    // A held key opens no second case and confirms no second one; moving goes on.
    if (event.repeat && !"jk".includes(event.key)) return;
    // On a link or button, Enter and Space do what they always do.
    if ((event.key === "Enter" || event.key === " ") && event.target.matches("a, button, input, summary")) return;
    if (Object.hasOwn(keys, event.key)) take(event, keys[event.key]);
  });
}

function take(event, act) {
  if (act(event) !== false) event.preventDefault();
}

/** Whether somebody has switched single keys off in this browser (WCAG 2.1.4). */
export function keysAreOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false; // no storage: the keys are as on the first visit
  }
}

function remember(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // Without storage it holds for no other page.
  }
}
