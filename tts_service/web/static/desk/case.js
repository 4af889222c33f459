// A case by keyboard: from the word to the corrected clip. Enter takes the next step: hear, see what changes, accept.

import { listenForKeys } from "./keys.js";
import { offerSounds } from "./palette.js";
import { playInPlace, stop, toggle } from "./sound.js";
import { read, say, saidBy, takeOver } from "./swap.js";

const form = document.getElementById("trying");
const outcome = document.getElementById("outcome");
const correction = document.getElementById("correction");
const DECIDED = ["decide", "deeds", "said", "since", "touching"]; // what is otherwise once a correction is made
const NEXT = { heard: "impact", impact: "accept" };
let tried = ""; // what the outcome on the page was answered to
let leftOut = "";
let busy = false;

const fields = (wanted) => JSON.stringify([...new FormData(form)].filter(([name]) => wanted(name)));
const entered = () => fields((name) => name !== "seen" && !name.startsWith("except-"));
const excepted = () => fields((name) => name.startsWith("except-"));
const byId = (id) => document.getElementById(id);

async function step(name, extra = {}) {
  if (busy) return;
  busy = true;
  outcome.setAttribute("aria-busy", "true");
  const body = new FormData(form);
  body.set("step", name);
  for (const [key, value] of Object.entries(extra)) body.set(key, value);
  tried = entered();
  leftOut = excepted();
  const answer = await read(form.action, body);
  busy = false;
  outcome.removeAttribute("aria-busy");
  if (!answer) return complain(form.dataset.lost);
  if (!answer.page.getElementById("outcome")) return complain(saidBy(answer.page));
  takeOver(answer.page, "outcome", "conflict");
  leftOut = excepted(); // the page may have boxes now that it hadn't
  showWrong(answer.page);
  if (!answer.ok) byId("conflict").firstElementChild?.scrollIntoView({ block: "center" });
  const wrong = outcome.querySelector(".complaint");
  say(wrong?.textContent ?? [...outcome.querySelectorAll("#impact, .remark")].map((one) => one.textContent).join(" "));
  if (document.activeElement === document.body) (byId("impact") ?? outcome).focus();
  if (name === "accept" && answer.ok) accepted(answer.page);
  if (name === "hear") toggle(byId("after"));
}

/** Says why a step failed, and leaves what was typed: it is tried again with the same key. */
function complain(text) {
  const complaint = document.createElement("p");
  complaint.className = "complaint";
  complaint.textContent = text;
  outcome.replaceChildren(complaint);
  delete outcome.dataset.step;
  say(text);
  if (document.activeElement === document.body) outcome.focus();
}

/** Marks the field that is at fault, and no other. */
function showWrong(page) {
  for (const name of ["alias", "ipa"]) {
    if (page?.getElementById(name)?.hasAttribute("aria-invalid")) byId(name).setAttribute("aria-invalid", "true");
    else byId(name).removeAttribute("aria-invalid");
  }
}

/** What was said about one way, or about a text, doesn't hold for what replaces it. */
function forgetComplaint() {
  clearTimeout(checking);
  byId("ipa-check").replaceChildren();
  outcome.querySelector(".complaint")?.remove();
  showWrong(null);
}

function accepted(page) {
  takeOver(page, "told", "head", "correction", ...DECIDED);
  renewVersion(page);
  byId("next-case")?.focus();
  follow();
}

/** The forms that stay in the page are about the case as it is now. */
function renewVersion(page) {
  const now = page.querySelector("input[name=version]");
  for (const field of now ? document.querySelectorAll("input[name=version]") : []) field.value = now.value;
}

/** What Enter does: what was just typed is heard first, what was just left out is counted first. */
function nextStep() {
  if (entered() !== tried || !NEXT[outcome.dataset.step]) return "hear";
  return excepted() === leftOut ? NEXT[outcome.dataset.step] : "impact";
}

function take(way, value) {
  forgetComplaint();
  form.elements.way.value = way;
  form.elements[way].value = value;
}

function focusWay() {
  form.elements[form.elements.way.value].focus();
  form.scrollIntoView({ block: "nearest" });
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.name === "use") {
    take(button.dataset.way, button.dataset.value);
    step("hear").then(() => document.activeElement === button && byId("see")?.focus());
  } else if (button?.name === "try") step("impact", { try: button.value }).then(() => toggle(byId("after")));
  else step(button?.value || "hear");
});
// In any field of the form, those of the list of what is left out too: a browser would press the form's first button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !form || event.target.form !== form || !event.target.matches("input, select")) return;
  event.preventDefault();
  if (event.repeat) return;
  step(nextStep());
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
    const current = form.elements.way.value === "ipa" && ipa.value === body.get("ipa");
    if (answer && current) takeOver(answer.page, "ipa-check");
  }, 250);
});
if (form) offerSounds(form.querySelector(".palette"), ipa);
form?.addEventListener("change", (event) => {
  if (event.target.name === "way") forgetComplaint();
});

// --- the correction on its way ---

let following = false;

async function follow() {
  if (following) return;
  following = true;
  while ("running" in correction.dataset) {
    await new Promise((done) => setTimeout(done, 1000));
    const answer = await read(location.pathname + location.search);
    if (answer && !answer.page.getElementById("correction")) break; // signed out: the next key says so
    if (answer?.ok) takeOver(answer.page, "correction");
    if (answer?.ok && !("running" in correction.dataset)) {
      takeOver(answer.page, "head", ...DECIDED);
      renewVersion(answer.page);
      say(byId("clips-done")?.textContent ?? "");
    }
  }
  following = false;
}

// --- keys ---

const press = (action) => document.querySelector(`#decide button[value="${action}"]`)?.click();

/** The last decision: one about the case, or the correction that was accepted for it. */
function undo() {
  if (byId("undo")) return press("undo");
  const back = byId("take-back");
  if (back) return back.click();
  say(byId("cannot-take-back")?.textContent ?? byId("told").dataset.nothing, { seen: true });
}

listenForKeys({
  j: () => byId("next").click(),
  k: () => byId("previous").click(),
  " ": () => toggle(byId("hear")),
  a: () => (form ? focusWay() : false),
  c: () => press("confirm"),
  x: () => (byId("reason") ? byId("reason").focus() : false),
  u: undo,
  b: () => (byId("before") ? toggle(byId("before")) : false),
  n: () => toggle(byId("after") ?? byId("now")),
  Enter: () => (form && NEXT[outcome.dataset.step] ? step(nextStep()) : false),
  Escape: () => {
    stop();
    byId("up").click();
  },
});

/** What takes a moment to find comes after the page. */
async function fill(id) {
  const from = byId(id)?.dataset.from;
  const answer = from && (await read(from));
  if (answer?.ok) takeOver(answer.page, id);
}

playInPlace(document);
const address = new URL(location.href);
if (address.searchParams.has("did")) {
  address.searchParams.delete("did"); // loaded again, it tells nothing
  history.replaceState(null, "", address);
}
fill("elsewhere");
fill("suggestions");
if (location.hash === "#correct" && form) focusWay(); // as the queue's key "a" leads here
for (const link of document.querySelectorAll('a[href="#try"]')) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    focusWay();
  });
}
follow();
