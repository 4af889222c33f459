// The report panel is a module of its own. It comes with the first press of play, so that it is there when the line
// breaks later, or when it is asked for, or when a report waits to be sent.

import { PATIENCE_MS, ask } from "./asking.js";
import { make, styled } from "./look.js";
import { memory, orOnline, players, sleep } from "./memory.js";
import { SERVER, VERSION } from "./served.js";
import { fill } from "./texts.js";

let reportHere = null;
let reportTries = 0;

/** The report's half of the player. null: it can't be had now; it is asked for again next time. */
export function reportPart() {
  // Some browsers never ask again for an address that failed.
  const again = reportTries ? `&again=${reportTries}` : "";
  const given = { SERVER, VERSION, ask, fill, make, memory, orOnline, players, sleep, styled };
  const asked = () => import(`${SERVER}player-report.js?v=${VERSION}${again}`).catch(() => null);
  return (reportHere ||= Promise.race([asked(), sleep(PATIENCE_MS)]).then((part) => {
    if (part) return part.default(given);
    reportTries += 1;
    return (reportHere = null);
  }));
}

/** Send what could not be sent earlier. */
export async function sendKept() {
  if (memory.read("reports")?.length) (await reportPart())?.sendKept();
}
addEventListener("online", sendKept);
