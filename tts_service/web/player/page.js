// What the player learns from the page around it: its address, its language, when it is complete, what its policy forbids.

import { players } from "./memory.js";
import { SERVER } from "./served.js";

const TRACKING = /^(utm_.+|fbclid|gclid|msclkid|mc_[ce]id|at_medium|at_campaign)$/;

/** The article's address, as its page names it; else where the reader is, without what only counts visits. */
export function pageAddress() {
  const named = document.querySelector("link[rel~=canonical]")?.href || document.querySelector("meta[property='og:url']")?.content;
  if (named) return named;
  const url = new URL(location.href);
  url.hash = "";
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  return url.href;
}

/** The language of the page at an element, also when it is inside of other components. */
export function pageLanguage(element) {
  let [at, found] = [element, null];
  while (at && !(found = at.closest("[lang]"))) at = at.getRootNode().host;
  return found?.lang;
}

/** Resolves when the whole page is there: an `async` script may run long before. */
export const parsed = () => new Promise((done) => {
  if (document.readyState !== "loading") done();
  else document.addEventListener("DOMContentLoaded", () => done(), { once: true });
});

// Directives of the page's content security policy that stopped the player, and "blob". What is forbidden stays so: the
// player doesn't try again, since each try is a report to the publisher.
export const forbidden = new Set();
document.addEventListener("securitypolicyviolation", ({ disposition, effectiveDirective, blockedURI }) => {
  if (disposition === "report") return;
  const blob = blockedURI.startsWith("blob");
  if (!blob && !blockedURI.startsWith(new URL(SERVER).origin)) return;
  const what = blob ? "blob" : effectiveDirective;
  forbidden.add(what);
  players.forEach((player) => player.forbid(what));
});
