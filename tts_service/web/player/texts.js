// What the player says. A page overrides single texts by the attribute `texts` (JSON); none of them can be emptied.
// English is built in; the other languages come from the service, one for each page that needs it.

import { ask } from "./asking.js";
import { ENGLISH, LANGUAGES, SERVER, VERSION } from "./served.js";

const TEXTS = { en: ENGLISH };
const coming = {};

/** The first language of some BCP 47 tags that there are texts in; English when there are none in any of them. */
export const spokenHere = (...tags) => tags.flatMap((tag) => {
  const wanted = (tag || "").toLowerCase().replaceAll("_", "-");
  return [wanted, wanted.split("-")[0]];
}).map((wanted) => LANGUAGES.find((language) => language.toLowerCase() === wanted)).find(Boolean) || "en";

/** Resolves when a language's texts are here, or can't be had now. */
export const textsIn = (language) => TEXTS[language] ? null : coming[language] ||= ask(`${SERVER}player-texts.json?lang=${language}&v=${VERSION}`)
  .then((answer) => answer.ok ? answer.json() : null, () => null)
  .then((texts) => {
    if (texts) TEXTS[language] = texts;
    delete coming[language];
  });

/** The texts for a language, English until they are here, with a page's own ones above them. */
export function textsFor(language, own) {
  const lang = TEXTS[language] ? language : "en";
  const found = { ...ENGLISH, ...TEXTS[lang], lang };
  for (const [name, text] of Object.entries(own || {})) {
    if (name in found && typeof text === "string" && text.trim()) found[name] = text;
  }
  // A page that has its own words for many sentences has them for one.
  if (own?.rendering && !own.renderingOne) found.renderingOne = found.rendering;
  return found;
}

export const fill = (text, values) => text.replace(/\{(\w{1,9})\}/g, (all, name) => values[name] ?? all);

/** How many sentences are made: {done, total}. */
export const progressText = (texts, made) => fill(made.total === 1 ? texts.renderingOne : texts.rendering, made);

/** Seconds as m:ss or h:mm:ss. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (h ? `${h}:${String(m).padStart(2, "0")}` : m) + ":" + String(s).padStart(2, "0");
}
