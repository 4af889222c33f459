// Pages that are sent once and renewed in parts: a form or an address is fetched, and what changed is taken over.

const LOADED_MS = 500; // earlier, screen readers are still busy with the page's title

/** The document at an address, or what it answers to a form. `null`: the connection is lost. */
export async function read(address, body) {
  try {
    const answer = await fetch(address, {
      method: body ? "POST" : "GET",
      body: body && new URLSearchParams(body),
      headers: { Accept: "text/html" },
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { page, ok: answer.ok, status: answer.status, url: answer.url };
  } catch {
    return null;
  }
}

/** The parts with these ids as they stand in another document; a part that isn't there stays as it is. */
export function takeOver(page, ...ids) {
  for (const id of ids) {
    const here = document.getElementById(id);
    const there = page.getElementById(id);
    if (!here || !there) continue;
    if (here.getAttribute("role") === "status" && here.innerHTML.trim() === there.innerHTML.trim()) continue;
    const focused = here.contains(document.activeElement) ? document.activeElement.id : "";
    here.replaceChildren(...there.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    for (const name of Object.keys(here.dataset)) delete here.dataset[name];
    Object.assign(here.dataset, there.dataset);
  }
}

const region = document.getElementById("told") ?? added();
region.setAttribute("role", "status");
region.ariaAtomic = "false"; // what stands in it already isn't read again

/** The page's one live region: where it shows what was done, or a part of its own. */
function added() {
  const part = document.createElement("div");
  part.id = "told";
  document.getElementById("content").prepend(part);
  return part;
}

/** Says something to those who hear the page. `seen`: shows it, too, in place of what was shown. */
export function say(text, { seen = false } = {}) {
  const line = document.createElement(seen ? "p" : "span");
  line.textContent = text;
  if (seen) region.replaceChildren(line);
  else {
    line.className = "out-of-sight";
    region.querySelector(":scope > .out-of-sight")?.remove();
    region.append(line);
  }
}

/** After a search: how much was found, once the page itself was read. */
export function sayWhatWasFound() {
  const found = document.getElementById("found");
  if (found) setTimeout(() => say(found.textContent), LOADED_MS);
}

/** What a page of another kind says, such as that one is signed out: its heading and first words. */
export function saidBy(page) {
  const texts = [...page.querySelectorAll("main h1, main p")].map((one) => one.textContent.trim());
  return texts.filter(Boolean).slice(0, 2).join(". ");
}
