// A list of lines by keyboard: j and k move between the links that open them, / goes to the search.
// Keys do nothing while somebody types, or with a modifier.

import { keysAreOff } from "./keys.js";
import { sayWhatWasFound } from "./swap.js";

const rows = [...document.querySelectorAll("[data-row] a:first-of-type")];
const search = document.querySelector("[data-search]");

function typing(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

function move(step) {
  const at = rows.indexOf(document.activeElement?.closest("[data-row]")?.querySelector("a"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target) || keysAreOff()) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/" && search) search.focus();
  else return;
  event.preventDefault();
});

sayWhatWasFound();
