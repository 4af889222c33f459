// The page Voices shows how far an installation is, while one runs and somebody looks.

import { read, takeOver } from "./swap.js";

const EVERY_MS = 2_000;
const voices = document.getElementById("voices");

async function keepUp() {
  if (voices.dataset.running && !document.hidden) {
    const answer = await read(location.pathname);
    if (answer?.ok && !voices.querySelector("details[open]")) takeOver(answer.page, "voices");
  }
  setTimeout(keepUp, EVERY_MS);
}

setTimeout(keepUp, EVERY_MS);
