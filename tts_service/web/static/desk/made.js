// The page of a clip in the making: asks for itself every second and takes over what changed, until the clip has ended.
// Parts with data-shows (state, sound, forms) are replaced only when they show something else: a player goes on playing.

import { read, say } from "./swap.js";

const made = document.getElementById("made");
let stale = false;
let shown = ""; // what came last: scripts change the page itself

async function lookAgain() {
  const answer = await read(location.href);
  if (answer?.ok) takeOver(answer.page); // else the next try may find the connection again
  goOn();
}

function takeOver(page) {
  const state = document.getElementById("state");
  const fresh = page.getElementById("state");
  const [before, now] = [state, fresh].map((one) => one.textContent || one.dataset.end);
  if (before !== now) say(now); // each state once
  if (state.textContent !== fresh.textContent) state.textContent = fresh.textContent;
  state.dataset.end = fresh.dataset.end;
  renew(page.getElementById("made"));
  takeOverParts(page);
}

/** The text and the versions; whoever moves in them stays at the same link. */
function renew(fresh) {
  const focused = made.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const markup = fresh.innerHTML;
  if (shown !== markup) {
    shown = markup;
    made.replaceChildren(...fresh.childNodes);
    if (focused !== null) made.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  if ("ended" in fresh.dataset) made.dataset.ended = "";
}

function takeOverParts(page) {
  stale = false;
  for (const part of document.querySelectorAll("[data-shows]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.dataset.shows === part.dataset.shows) continue;
    // Whoever is at work in it, or listens, isn't interrupted.
    const busy = part.contains(document.activeElement) || [...part.querySelectorAll("audio")].some((one) => !one.paused);
    if (busy) stale = true;
    else part.replaceWith(fresh);
  }
}

function goOn() {
  if (stale || !("ended" in made.dataset)) setTimeout(lookAgain, 1000);
}

goOn();
