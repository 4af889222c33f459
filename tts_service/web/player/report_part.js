// The report panel is a module of its own. It comes with the first press of play, so that it is there when the line
// breaks later, or when it is asked for, or when a report waits to be sent.

let reportHere = null;
let reportTries = 0;

/** The report's half of the player. null: it can't be had now; it is asked for again next time. */
function reportPart() {
  // Some browsers never ask again for an address that failed.
  const again = reportTries ? `&again=${reportTries}` : "";
  const given = { SERVER, VERSION, make, fill, styled, textsFor, memory, players, sleep, orOnline, ask };
  const asked = () => import(`${SERVER}player-report.js?v=${VERSION}${again}`).catch(() => null);
  return (reportHere ||= Promise.race([asked(), sleep(PATIENCE_MS)]).then((part) => {
    if (part) return part.default(given);
    reportTries += 1;
    return (reportHere = null);
  }));
}

/** Send what could not be sent earlier. */
async function sendKept() {
  if (memory.read("reports")?.length) (await reportPart())?.sendKept();
}
addEventListener("online", sendKept);
