// A case by keyboard: from the word to the corrected clip. Enter takes the next step: hear, see what changes, accept.

import { listenForKeys } from "./keys.js";
import { playInPlace, stop, toggle } from "./sound.js";
import { read, takeOver } from "./swap.js";

const form = document.getElementById("trying");
const outcome = document.getElementById("outcome");
const correction = document.getElementById("correction");
const NEXT = { heard: "impact", impact: "accept" };
let tried = ""; // what the outcome on the page was answered to
let busy = false;

const entered = () => new URLSearchParams(new FormData(form)).toString();
const byId = (id) => document.getElementById(id);

async function step(name, extra = {}) {
  if (busy) return;
  busy = true;
  outcome.setAttribute("aria-busy", "true");
  const body = new FormData(form);
  body.set("step", name);
  for (const [key, value] of Object.entries(extra)) body.set(key, value);
  tried = entered();
  const answer = await read(form.action, body);
  busy = false;
  outcome.removeAttribute("aria-busy");
  if (!answer) return form.submit(); // the browser says what is wrong with the connection
  takeOver(answer.page, "outcome", "conflict", "told");
  if (name === "accept" && answer.ok) accepted(answer.page);
  if (name === "hear") toggle(byId("after"));
}

function accepted(page) {
  takeOver(page, "head", "correction", "decide");
  byId("next-case")?.focus();
  follow();
}

function take(way, value) {
  form.elements.way.value = way;
  const field = form.elements[way === "language" ? "as" : way];
  if (field && value !== undefined) field.value = value;
}

function focusWay() {
  const way = form?.elements.way.value;
  const field = form?.elements[way === "language" ? "as" : way];
  (field instanceof HTMLElement ? field : form?.querySelector("button")).focus();
  form.scrollIntoView({ block: "nearest" });
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.name === "use") {
    take(button.dataset.way, button.dataset.value);
    step("hear");
  } else if (button?.name === "try") step("impact", { try: button.value }).then(() => toggle(byId("after")));
  else step(button?.value || "hear");
});
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input:not([type=radio], [type=checkbox]), select")) return;
  event.preventDefault();
  if (event.repeat) return;
  step((entered() === tried && NEXT[outcome.dataset.step]) || "hear");
});

// --- IPA ---

let checking;
const ipa = byId("ipa");
ipa?.addEventListener("input", () => {
  clearTimeout(checking);
  checking = setTimeout(async () => {
    const body = new FormData(form);
    body.set("step", "check");
    const answer = await read(form.action, body);
    if (answer) takeOver(answer.page, "ipa-check");
  }, 250);
});
form?.querySelector(".palette")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sound]");
  if (!button) return;
  ipa.setRangeText(button.dataset.sound, ipa.selectionStart, ipa.selectionEnd, "end");
  ipa.focus();
  ipa.dispatchEvent(new Event("input"));
});
form?.addEventListener("change", (event) => {
  if (event.target.name === "way") focusWay();
});

// --- the correction on its way ---

async function follow() {
  if (!("running" in correction.dataset)) return;
  await new Promise((done) => setTimeout(done, 1000));
  const answer = await read(location.pathname);
  if (answer?.ok) takeOver(answer.page, "correction");
  follow();
}

// --- keys ---

const press = (action) => document.querySelector(`#decision button[value="${action}"]`)?.click();

listenForKeys({
  j: () => byId("next").click(),
  k: () => byId("previous").click(),
  " ": () => toggle(byId("hear")),
  a: () => (form ? focusWay() : false),
  c: () => press("confirm"),
  x: () => (byId("reason") ? byId("reason").focus() : false),
  u: () => press("undo"),
  b: () => (byId("before") ? toggle(byId("before")) : false),
  n: () => toggle(byId("after") ?? byId("now")),
  Enter: () => (form && NEXT[outcome.dataset.step] ? step(NEXT[outcome.dataset.step]) : false),
  Escape: () => {
    stop();
    byId("up").click();
  },
});

// The first button of the form would confirm.
byId("reason")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  press("reject");
});

playInPlace(document);
if (location.hash === "#try" && form) focusWay();
follow();
