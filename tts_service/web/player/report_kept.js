// What became of reports that were kept here is told in the page's first player: sent, or not taken, and then still here
// to be sent again or copied.

import { make, styled } from "./look.js";
import { players } from "./memory.js";
import { REPORT_STYLE } from "./report_look.js";
import { drop, keep, keptReports, sendKept } from "./report_sending.js";
import { SERVER } from "./served.js";
import { fill } from "./texts.js";

// What the service says is English, and for programs.
export const whyNot = (texts, why) =>
  fill(texts.refused, { why: { gone: texts.gone, email: texts.badEmail, category: texts.choose }[why] || texts.unfit });

/** `reference`: of a report that was sent just now. */
export function tellKept(reference) {
  const player = [...players][0];
  if (!player) return;
  const { texts } = player;
  styled(player.shadowRoot, REPORT_STYLE);
  const { panel } = player;
  panel.kept ||= make("div", { part: "kept" }, make("p", { role: "status" }), make("div"));
  if (!panel.kept.isConnected) panel.section.append(panel.kept);
  const [said, list] = panel.kept.children;
  if (reference) said.replaceChildren(texts.sentLater, " ", stateLink(texts, reference));
  list.replaceChildren(...keptReports().filter((one) => one.why).map((report) => make("p", {},
    `${whyNot(texts, report.why)} `, make("button", { type: "button", onclick: () => showKept(player, report) }, texts.show))));
}

export const stateLink = (texts, reference) =>
  make("a", { href: `${SERVER}feedback/${reference}`, target: "_blank", rel: "noopener" }, texts.see);

/** What was written, to be sent again, copied or thrown away. */
function showKept(player, report) {
  const { texts } = player;
  const { category, comment, email } = report.body;
  const written = [report.said, texts[category], comment, email].filter(Boolean).join("\n");
  const text = make("textarea", { readonly: true, rows: 5, value: written, "aria-labelledby": "kept" });
  const status = make("p", { role: "status" });
  const act = (name, then) => make("button", { type: "button", onclick: then }, texts[name]);
  const done = () => {
    dialog.close();
    tellKept();
  };
  const dialog = make("dialog", { part: "dialog", "aria-labelledby": "kept", lang: texts.lang, dir: "ltr" },
    make("h2", { id: "kept" }, whyNot(texts, report.why)), text, status,
    make("p", { class: "row" },
      act("again", () => {
        keep({ ...report, why: undefined });
        done();
        sendKept();
      }),
      act("copy", async () => {
        text.select();
        // Where the page may not: it is selected, to be copied by hand.
        status.textContent = await navigator.clipboard.writeText(written).then(() => texts.copiedText, () => texts.byHand);
      }),
      act("discard", () => {
        drop(report.id);
        done();
      }),
      act("close", () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  player.box.append(dialog);
  dialog.showModal();
}
