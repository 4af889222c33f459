// An audition: a form speaks for about a second, and is sent again until all that was asked for is spoken. A row is renewed
// only where it has changed, so that what plays goes on. Whoever waits at a voice's button hears it when it is ready.

import { read, say, saidBy, takeOver } from "./swap.js";

const form = document.getElementById("audition");
const told = document.getElementById("told");
const voices = document.getElementById("voices");
let running = null; // the latest request to speak; a newer one takes its place

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.hasAttribute("formaction")) return; // the choice is a page of its own
  event.preventDefault();
  running = speak(button?.value ?? "");
});

voices.addEventListener(
  "play",
  (event) => {
    for (const one of voices.querySelectorAll("audio")) if (one !== event.target) one.pause();
  },
  true,
);

async function speak(voice) {
  say(told.dataset.speaking);
  await null; // `running` names this one from here on
  const mine = running;
  let more = true;
  while (more && running === mine) {
    const fields = new FormData(form);
    fields.set("voice", voice);
    const answer = await read(form.action, fields);
    if (running !== mine) return;
    more = answer ? renewed(answer, voice) : complain(told.dataset.lost);
  }
}

/** Takes over what changed; true if sentences are still missing. */
function renewed({ page, ok }, voice) {
  const there = page.getElementById("voices");
  if (!there) return complain(saidBy(page));
  takeOver(page, "told");
  if (there.dataset.language === voices.dataset.language) {
    for (const part of there.querySelectorAll("[data-state]")) renew(page, part, voice);
  } else takeOver(page, "voices");
  return ok && "more" in there.dataset;
}

function renew(page, part, voice) {
  const here = document.getElementById(part.id);
  if (here.dataset.state === part.dataset.state) return;
  const { says } = part.dataset;
  const focused = here.contains(document.activeElement);
  takeOver(page, part.id);
  if (says) say(says);
  if (!focused) return;
  const sound = here.querySelector("audio");
  (sound ?? here.querySelector("button")).focus({ preventScroll: true });
  if (voice) sound?.play().catch(() => {}); // a browser that plays nothing by itself leaves it to Space
}

function complain(text) {
  const line = document.createElement("p");
  line.className = "complaint";
  line.textContent = text;
  told.replaceChildren(line);
  return false;
}
