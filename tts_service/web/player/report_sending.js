// A report on its way: kept in this browser until the service has answered, and kept once by the service.

import { ask } from "./asking.js";
import { memory, orOnline, players, sleep } from "./memory.js";
import { tellKept } from "./report_kept.js";
import { SERVER } from "./served.js";

const MAX_KEPT = 20;
const FIRST_RETRY_MS = 30000;
const LAST_RETRY_MS = 600000;
const TRIES = 3;
// quicker than a person is refused
const PATIENCE_MS = 5000;

/** Names one report: however often it is sent, the service keeps it once. */
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Send one report. {reference}; {why}: it is not taken as it is: "gone", the field at fault, "unfit". Throws when it can be tried again later. */
// `token(fresh)`: a promise of the clip's token; null: the clip is gone.
export async function sendReport(report, token) {
  let fresh = false;
  for (let tries = 1; ; tries += 1) {
    const given = await token(fresh);
    if (given === null) return { why: "gone" };
    const answer = await ask(`${SERVER}v1/feedback`, {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...report, clip_token: given }),
    });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return { reference: said.reference };
    // Its age is told by the service's clock: ours may be years off.
    fresh = said.reason === "token";
    const passing = fresh || said.reason === "time";
    if (passing && tries < TRIES) {
      if (!fresh) await sleep(PATIENCE_MS);
      continue;
    }
    if (passing || answer.status === 429 || answer.status >= 500) throw Object.assign(new Error("later"), { answered: true });
    return { why: answer.status === 404 ? "gone" : said.errors?.[0]?.field || "unfit" };
  }
}

/** Reports in this browser: {id, body, said: the sentence, why: the service does not take it}. */
export const keptReports = () => memory.read("reports") || [];
const othersThan = (id) => keptReports().filter((one) => one.id !== id);
export const drop = (id) => memory.write("reports", othersThan(id));

/** False: this browser keeps nothing. */
export function keep(report) {
  memory.write("reports", [...othersThan(report.id), report].slice(-MAX_KEPT));
  return keptReports().some((one) => one.id === report.id);
}

/** A fresh token: of a player of this page that may hear the clip, or of what everybody may read. */
const tokenFor = (clip) => async () => {
  const player = [...players].find((one) => one.known?.id === clip);
  if (player) return player.feedbackToken(true);
  const answer = await ask(`${SERVER}v1/clips/${clip}`, { cache: "no-store" });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return (await answer.json()).feedback_token;
};

let retryMs = FIRST_RETRY_MS;
let retrying = false;
let keptAreSent = false;

export async function tryLater() {
  if (retrying) return;
  retrying = true;
  await orOnline(retryMs);
  retrying = false;
  retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  sendKept();
}

/** Send what is kept here, by one tab at a time. */
export async function sendKept() {
  const send = async () => {
    for (const report of keptReports().filter((one) => !one.why)) {
      try {
        const { reference, why } = await sendReport({ ...report.body, sent_key: report.id }, tokenFor(report.body.clip));
        if (why) keep({ ...report, why });
        else drop(report.id);
        tellKept(reference);
      } catch {
        tryLater();
        return;
      }
    }
    retryMs = FIRST_RETRY_MS;
  };
  tellKept();
  if (keptAreSent) return;
  keptAreSent = true;
  if (navigator.locks) await navigator.locks.request("article-audio-reports", { ifAvailable: true }, (lock) => lock && send());
  else await send();
  keptAreSent = false;
}
