// The page of a clip in the making: asks for itself every second and takes over what changed, until the clip has ended.
// Parts with data-shows (state, sound, forms) are replaced only when they show something else: a player goes on playing.

const made = document.getElementById("made");
let stale = false;

async function lookAgain() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The connection is lost: the next try may find it again.
  }
  goOn();
}

function takeOver(page) {
  const state = document.getElementById("state");
  const said = page.getElementById("state").textContent;
  if (state.textContent !== said) state.textContent = said; // a screen reader says each state once
  const fresh = page.getElementById("made");
  made.replaceChildren(...fresh.childNodes);
  if ("ended" in fresh.dataset) made.dataset.ended = "";
  takeOverParts(page);
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
