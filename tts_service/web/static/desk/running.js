// The page Running renews itself while it is seen, unless somebody unticks the box.

import { read, saidBy, takeOver } from "./swap.js";

const EVERY_MS = 10_000;
const box = document.getElementById("refresh");
const told = document.getElementById("told");

async function refresh() {
  const answer = await read(location.href);
  if (!answer) complain(told.dataset.lost);
  else if (!answer.page.getElementById("running")) {
    if (answer.ok) location.reload(); // signed out: the page for signing in is shown
    else complain(saidBy(answer.page));
  } else if (box.checked) takeOver(answer.page, "told", "running");
}

/** What was read before stays: it says how things stood when the service was lost. */
function complain(text) {
  if (told.textContent.trim() === text) return;
  const line = document.createElement("p");
  line.className = "complaint";
  line.textContent = text;
  told.replaceChildren(line);
}

async function keepUp() {
  if (box.checked && !document.hidden) await refresh();
  setTimeout(keepUp, EVERY_MS);
}

box.closest("label").hidden = false;
box.addEventListener("change", () => box.checked && refresh());
document.addEventListener("visibilitychange", () => box.checked && !document.hidden && refresh());
setTimeout(keepUp, EVERY_MS);
