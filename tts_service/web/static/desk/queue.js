// The queue by keyboard: a cursor over its rows, decisions without leaving the page, and what is new.

import { listenForKeys } from "./keys.js";
import { playInPlace, stop, toggle } from "./sound.js";
import { read, say, sayWhatWasFound, takeOver } from "./swap.js";

const bulk = document.getElementById("bulk");
const reason = document.getElementById("reason");
const selected = document.getElementById("selected");
let cursor = -1;
let asked = ""; // the box that x has selected: the case that a reason is being typed for

const rows = () => [...document.querySelectorAll("#queue tbody tr")];
const current = () => rows()[cursor];
const boxes = () => [...document.querySelectorAll("#queue input[type=checkbox]")];
const chosen = () => boxes().filter((box) => box.checked);
const boxOf = (row) => row?.querySelector("input[type=checkbox]");

function moveTo(index, { focus = true } = {}) {
  const all = rows();
  if (!all.length) return;
  for (const row of all) row.removeAttribute("aria-current");
  cursor = Math.max(0, Math.min(index, all.length - 1));
  const row = all[cursor];
  if (asked && boxOf(row)?.name !== asked) forget();
  row.setAttribute("aria-current", "true");
  if (focus) row.querySelector(".open").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function count() {
  const n = chosen().length;
  if (selected) selected.textContent = n ? counted(n) : selected.dataset.none;
}

function counted(n) {
  return n === 1 ? selected.dataset.one : selected.dataset.some.replace("{n}", n);
}

/** The selected cases, or else the one under the cursor. */
function meant() {
  const some = chosen();
  return some.length ? some : [boxOf(current())].filter(Boolean);
}

async function decide(action, cases = meant()) {
  if (!cases.length) return;
  const body = new FormData(bulk);
  for (const name of [...body.keys()]) if (name.startsWith("case-")) body.delete(name);
  for (const box of cases) body.set(box.name, box.value);
  body.set("do", action);
  const answer = await read(bulk.action, body);
  if (!answer) return bulk.submit(); // the browser says what is wrong with the connection
  if (answer.ok) asked = "";
  if (answer.ok && action === "reject") reason.value = "";
  show(answer.page);
}

/** Takes over the queue as it is now. What a refused decision was about stays selected, and the focus where it was. */
function show(page) {
  if (!page.getElementById("queue")) return location.reload(); // signed out, or refused: the page itself says so
  stop();
  const kept = current()?.id;
  const typing = document.activeElement === reason;
  takeOver(page, "told", "queue");
  const complaint = page.getElementById("complaint");
  document.getElementById("complaint")?.remove();
  if (complaint) document.getElementById("told").after(complaint);
  const wrong = page.querySelector("#reason[aria-invalid]");
  if (wrong) {
    reason.setAttribute("aria-invalid", "true");
    reason.setAttribute("aria-describedby", "complaint");
  } else {
    reason?.removeAttribute("aria-invalid");
    reason?.removeAttribute("aria-describedby");
  }
  const index = rows().findIndex((row) => row.id === kept);
  if (rows().length) moveTo(index >= 0 ? index : cursor, { focus: !wrong && !(complaint && typing) });
  if (wrong) reason.focus();
  count();
}

/** The reason is asked for; the case that it is for can be seen to be selected. */
function askForReason() {
  forget();
  if (!reason || !meant().length) return false;
  if (!chosen().length) {
    const box = boxOf(current());
    box.checked = true;
    asked = box.name;
    count();
  }
  reason.focus();
}

function forget() {
  const box = asked && boxes().find((one) => one.name === asked);
  if (box) box.checked = false;
  asked = "";
  count();
}

listenForKeys({
  j: () => moveTo(cursor + 1),
  k: () => moveTo(cursor - 1),
  ArrowDown: () => (cursor < 0 ? false : moveTo(cursor + 1)),
  ArrowUp: () => (cursor < 0 ? false : moveTo(cursor - 1)),
  Enter: () => current()?.querySelector(".open").click(),
  " ": () => (current() ? toggle(current().querySelector(".play")) : false),
  a: () => open(true),
  c: () => decide("confirm"),
  x: askForReason,
  s: () => select(),
  u: () => {
    const undo = document.getElementById("undo");
    if (undo) undo.click();
    else say(document.getElementById("told").dataset.nothing, { seen: true });
  },
  "/": () => document.getElementById("q").focus(),
  Escape: () => {
    const any = chosen().length;
    for (const box of boxes()) box.checked = false;
    asked = "";
    count();
    if (any) say(counted(0));
    stop();
  },
});

function open(trying) {
  const link = current()?.querySelector(".open");
  if (link) location.assign(link.href + (trying ? "#correct" : ""));
}

function select() {
  const box = boxOf(current());
  if (!box) return false;
  box.checked = !box.checked;
  asked = "";
  count();
  say(counted(chosen().length)); // the focus stays on the link, and the box is elsewhere
}

// Space on a row's link plays, as the help says: a link itself does nothing with it.
document.getElementById("queue").addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches("a.open") && !event.repeat) {
    event.preventDefault();
    toggle(event.target.closest("tr").querySelector(".play"));
  }
});
document.getElementById("queue").addEventListener("focusin", (event) => {
  const row = event.target.closest("tbody tr");
  if (row) moveTo(rows().indexOf(row), { focus: false });
});
document.getElementById("queue").addEventListener("change", (event) => {
  if (event.target.name === asked) asked = "";
  count();
});

bulk.addEventListener("submit", (event) => {
  const action = event.submitter?.value;
  if (!action) return;
  event.preventDefault();
  if (action === "undo") {
    const body = new FormData(bulk);
    body.set("do", "undo");
    body.set("cases", event.submitter.dataset.cases);
    read(bulk.action, body).then((answer) => (answer ? show(answer.page) : bulk.submit()));
  } else decide(action);
});
reason?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  forget();
  if (current()) moveTo(cursor);
});
// Enter on a row's box opens the case, as on its link: a browser would press the form's first button.
document.getElementById("queue").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input[type=checkbox]")) return;
  event.preventDefault();
  if (!event.repeat) open(false);
});

const REFUSED_MS = 30_000; // after which a stream that was refused is asked for again, up to twice that

function listenForNews() {
  const news = document.getElementById("news");
  const link = news.querySelector("a");
  let fresh = 0;
  let unseen = false; // whether one of the cases that have just changed isn't on the page as it is now
  let last = ""; // id of the last event
  connect();
  function connect() {
    const source = new EventSource(news.dataset.events);
    source.addEventListener("open", (event) => {
      if (event.lastEventId === undefined) return; // the browser's own event of this name
      if (last && last !== event.lastEventId) offer(news.dataset.stale);
      last = event.lastEventId;
    });
    source.addEventListener("case", (event) => {
      last = event.lastEventId;
      const { id, reports } = JSON.parse(event.data);
      const row = document.getElementById(id);
      unseen ||= !row || Number(row.dataset.reports) < reports;
    });
    source.addEventListener("reports", (event) => {
      last = event.lastEventId;
      if (unseen) fresh += JSON.parse(event.data).new ?? 0;
      unseen = false;
      if (fresh) offer(fresh === 1 ? news.dataset.one : news.dataset.some.replace("{n}", fresh));
    });
    source.addEventListener("error", () => {
      // After any answer but a stream, such as 503, the browser itself doesn't try again.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, REFUSED_MS * (1 + Math.random()));
    });
  }
  function offer(text) {
    link.href = news.dataset.at;
    link.textContent = text;
    say(text);
    link.hidden = false; // rows stay where they are until somebody asks for the new ones
  }
}

playInPlace(document);
count();
const cameFrom = rows().findIndex((row) => location.hash === `#open-${row.id}`); // a case leads back to its row
if (cameFrom >= 0) moveTo(cameFrom);
sayWhatWasFound();
listenForNews();
