// A correction's page: asks again every second until every clip has ended.

import { playInPlace } from "./sound.js";
import { read, say, takeOver } from "./swap.js";

const progress = document.getElementById("progress");

async function follow() {
  if (!("running" in progress.dataset)) return;
  await new Promise((done) => setTimeout(done, 1000));
  const answer = await read(location.href);
  if (answer && !answer.page.getElementById("progress")) return;
  if (answer?.ok) takeOver(answer.page, "progress");
  if (!("running" in progress.dataset)) say(document.getElementById("clips-done").textContent);
  follow();
}

playInPlace(document);
follow();
