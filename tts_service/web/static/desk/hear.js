// A form whose answer is heard before anything is saved: the step is made in place, the new sound plays at once, and the
// focus goes on to what comes next. Without scripts, each step is a page of its own.

import { playInPlace, toggle } from "./sound.js";
import { read } from "./swap.js";

const form = document.querySelector("form[data-hear]");
const IN_PLACE = ["hear", "impact", "remove-impact"]; // steps that change nothing
const PARTS = ["refused", "outcome"];
let busy = false;

async function step(name) {
  if (busy) return;
  busy = true;
  const body = new FormData(form);
  body.set("do", name);
  const answer = await read(form.action, body);
  busy = false;
  if (!answer) return complain(form.dataset.lost);
  if (!answer.page.getElementById("outcome")) return location.reload(); // signed out: the page itself says so
  for (const id of PARTS) document.getElementById(id).replaceChildren(...answer.page.getElementById(id).childNodes);
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const wrong = answer.page.querySelector("form[data-hear] [aria-invalid]");
  if (wrong) document.getElementById(wrong.id).setAttribute("aria-invalid", "true");
  const next = document.querySelector("#refused [tabindex]") ?? document.getElementById("next-step");
  (next ?? document.getElementById("outcome")).focus();
  if (name === "hear") toggle(document.getElementById("after"));
}

function complain(text) {
  const complaint = document.createElement("p");
  complaint.className = "complaint";
  complaint.textContent = text;
  complaint.tabIndex = -1;
  document.getElementById("refused").replaceChildren(complaint);
  complaint.focus();
}

form?.addEventListener("submit", (event) => {
  const name = event.submitter?.value ?? "";
  if (!IN_PLACE.includes(name)) return;
  event.preventDefault();
  step(name);
});
playInPlace(document);
