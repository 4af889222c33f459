// The page of a clip in the making: asks for itself every second and takes over what changed, until the clip has ended.

const made = document.getElementById("made");

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
}

function goOn() {
  if (!("ended" in made.dataset)) setTimeout(lookAgain, 1000);
}

goOn();
