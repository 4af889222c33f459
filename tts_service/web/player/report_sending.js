// A report on its way: sent once, kept in this browser while there is no connection.

/** Send one report. {reference}; {why}: it will never be taken. Throws when it can be tried again later. */
async function sendReport(report, token) {
  const answer = await fetch(`${SERVER}v1/feedback`, {
    method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
    body: JSON.stringify(token ? { ...report, clip_token: token } : report),
  });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return { reference: said.reference };
  if (answer.status === 429 || answer.status >= 500 || said.reason === "time") throw new Error(`answered ${answer.status}`);
  return { why: said.detail || said.title || answer.status };
}

/** Reports that could not be sent: each is taken out of the list by one tab, sent, and put back if that fails. */
async function sendKept() {
  const send = async () => {
    for (const report of memory.read("reports") || []) {
      memory.write("reports", (memory.read("reports") || []).filter((other) => other.id !== report.id));
      try {
        const clip = await fetch(`${SERVER}v1/clips/${report.body.clip}`, { credentials: "omit" }).then((got) => got.json());
        // quicker than a person is refused
        if (clip.feedback_token) await sleep(5000);
        await sendReport(report.body, clip.feedback_token);
      } catch {
        memory.write("reports", [...(memory.read("reports") || []), report]);
        return;
      }
    }
  };
  if (!memory.read("reports")?.length) return;
  if (navigator.locks) await navigator.locks.request("article-audio-reports", { ifAvailable: true }, (lock) => lock && send());
  else await send();
}
