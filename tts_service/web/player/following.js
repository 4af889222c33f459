// Finds the clip of a page and keeps up with what becomes of it: being made, ready, renewed, withdrawn.

import { Pressed, webAddress } from "./actions.js";
import { ask } from "./asking.js";
import { ReadAlong } from "./highlight.js";
import { Marks } from "./marks.js";
import { memory, orOnline, players, sleep } from "./memory.js";
import { forbidden, pageAddress, pageLanguage, parsed } from "./page.js";
import { SERVER } from "./served.js";
import { textsIn } from "./texts.js";

const RENDERING_MS = 2000;
const PLAYING_MS = 60000;
// An article without a clip: asked for again after 5, 15, 45 and 135 seconds, for a page that was opened just before the
// audio was there.
const MISSING_MS = 5000;
const MISSING_TRIES = 4;
// A service that does not answer: after up to 30 seconds each time.
const SILENT_TRIES = 8;

/** The half of the player that asks the service. */
export class Following extends Pressed {
  /** Look for the clip, then again and again as long as it is being made or played; `first` ask for a grant. */
  async follow(signal, first) {
    let tries = 0;
    if (first) await this.lock();
    while (!signal.aborted && !forbidden.has("connect-src")) {
      this.back = false;
      const answered = await this.refresh(0);
      if (signal.aborted) return;
      const missing = this.state === "none";
      const found = answered && !missing && !this.locked;
      tries = found ? 0 : tries + 1;
      const vain = () => !found && (!this.known && tries > (missing ? MISSING_TRIES : SILENT_TRIES) ||
        this.locked && (tries > SILENT_TRIES || !this.hasAttribute("renew")));
      const later = missing ? MISSING_MS * 3 ** (tries - 1) : Math.min(2 ** tries, 30) * 1000;
      if (found) await sleep(this.state === "rendering" ? RENDERING_MS : PLAYING_MS);
      else if (!vain()) await orOnline(later);
      const idle = () => ["failed", "withdrawn"].includes(this.state) || (this.state === "ready" && !this.sound.playing);
      const rests = () => !this.back && (found ? idle() : vain()) || document.visibilityState === "hidden" && !this.sound.playing;
      while (!signal.aborted && rests()) await new Promise((awake) => { this.wake = awake; });
    }
  }

  /** The reader is back in this tab: perhaps something happened meanwhile. */
  returned() {
    if (this.known) this.refresh(PLAYING_MS);
    else this.back = performance.now() - (this.asked ?? 0) > PLAYING_MS;
    this.wake?.();
  }

  /** Ask how the clip stands, unless that was done in the last `within` ms. False: nobody answered. */
  async refresh(within) {
    // Not by the device's clock, which may jump by years.
    if (performance.now() - (this.asked ?? -Infinity) < within) return true;
    this.asked = performance.now();
    const life = this.life;
    try {
      const answer = await ask(this.signed(this.address()), { cache: "no-store", signal: life.signal });
      if (answer.status === 403) return await this.lock();
      if (answer.status >= 500 || answer.status === 429) throw new Error(`answered ${answer.status}`);
      const said = await answer.json().catch(() => ({}));
      const clip = answer.ok ? this.chosen(said.clips) ?? (said.id ? said : null) : null;
      await textsIn(this.speaks(clip));
      if (life !== this.life) return true;
      this.take(clip, said.state === "withdrawn");
      return true;
    } catch {
      if (life === this.life && this.state === "loading") this.setState("away");
      return false;
    }
  }

  /** Of several clips of an article: the one in the page's language. */
  chosen(clips) {
    const lang = (pageLanguage(this) || "").slice(0, 2);
    return clips?.find(({ language }) => lang && language?.startsWith(lang)) ?? clips?.[0];
  }

  /** What opens a clip that isn't public is missing or old: the page's server gives it, or the page sets it. */
  async lock() {
    await textsIn(this.language);
    if (this.life) this.translate();
    const from = this.getAttribute("renew");
    const given = from && await ask(from, { method: "POST", credentials: "include" }).then((answer) => answer.json()).catch(() => ({}));
    this.locked = !given?.grant;
    if (!this.locked) this.setAttribute("grant", given.grant);
    else {
      // Closed since the page was opened: not even what is here already is heard. A grant that has just run out is renewed.
      const closed = this.known && !this.getAttribute("grant");
      if (closed) this.sound.stop();
      if (closed || !this.sound.playing || this.sound.audio.error) this.setState("locked");
      this.dispatchEvent(new CustomEvent("article-audio-grant", { bubbles: true }));
    }
    return false;
  }

  /** An address here with the page's grant. */
  signed(address) {
    const grant = this.getAttribute("grant");
    return grant ? `${address}${address.includes("?") ? "&" : "?"}grant=${grant}` : address;
  }

  address() {
    const given = (name) => this.getAttribute(name);
    const id = this.known?.id || given("clip");
    if (id) return `${SERVER}v1/clips/${encodeURIComponent(id)}`;
    const [site, article] = [given("site"), given("article")];
    const url = given("url");
    // The service takes a named article's address only while it knows no article of this id, closed ones included.
    const asked = site && article ? { site, article, ...(url && { url }) } : { ...(site && { site }), url: url || pageAddress() };
    return `${SERVER}v1/clips?${new URLSearchParams(asked)}`;
  }

  /** What the service says of the clip; null: there is none (any more). */
  take(clip, withdrawn) {
    if (!clip) {
      const gone = withdrawn || this.known;
      this.sound.stop();
      this.readAlong?.close();
      this.setState(gone ? "withdrawn" : this.locked ? "locked" : "none");
      return;
    }
    this.known = clip;
    this.told = performance.now();
    this.locked = false;
    this.translate();
    if (clip.grant) this.setAttribute("grant", clip.grant);
    this.panel.link(clip.id, {
      recorded: clip.voice?.digital_source_type === "digitalCapture",
      revision: clip.revision, download: this.hasAttribute("download") && clip.state === "ready",
      next: { href: webAddress(this.getAttribute("next-href")), title: this.getAttribute("next-title") },
    });
    const step = { rendering: () => this.takeLive(clip), ready: () => this.takeReady(clip), failed: () => this.sound.stop() };
    step[clip.state]?.();
    this.setState(clip.state);
    if (this.sound.opened && this.sound.audio.error && this.sound.stale) this.sound.again();
    this.update();
  }

  file(clip, revision) { return `${SERVER}v1/clips/${clip.id}/r/${revision}/audio.mp3`; }

  takeLive(clip) {
    const growing = clip.audio?.live ? new URL(clip.audio.live).searchParams.get("r") : "1";
    if (!this.loaded) {
      this.loaded = { revision: Number(growing), live: true };
      this.sound.load(`${SERVER}v1/clips/${clip.id}/live.mp3?r=${growing}`, true, this.startAt(clip));
      this.sound.audio.defaultPlaybackRate = memory.read("rate") || 1;
    }
    if (clip.progress?.done !== this.counted) this.marksWanted && this.loadMarks();
    this.counted = clip.progress?.done;
    if (this.hasAttribute("read-along")) this.needMarks();
  }

  takeReady(clip) {
    const { loaded } = this;
    if (!loaded) {
      this.loaded = { revision: clip.revision, live: false };
      this.sound.load(this.file(clip, clip.revision), false, this.startAt(clip));
      this.sound.audio.defaultPlaybackRate = memory.read("rate") || 1;
      if (this.hasAttribute("read-along")) this.needMarks();
    } else if (loaded.revision !== clip.revision) {
      this.newer = clip.revision;
      this.changedSince = true;
    } else if (loaded.live) {
      this.finish(clip);
    }
  }

  /** What was made while it was heard is finished. */
  async finish(clip) {
    this.loaded.live = false;
    const file = this.file(clip, clip.revision);
    if (this.marksWanted) await this.loadMarks();
    if (!this.sound.opened) {
      this.sound.load(file, false, this.sound.time);
      return;
    }
    await this.loadMarks();
    await this.sound.moveOver(file, (ms) => this.marks.silenceAfter(ms));
    this.update();
  }

  startAt(clip) {
    if (this.startsAt !== undefined) return this.startsAt;
    const place = memory.place(clip.id);
    const shared = [...players][0] === this && /[#&]t=(\d{1,6})\b/.exec(location.hash)?.[1];
    this.changedSince = Boolean(place?.r && clip.revision && place.r < clip.revision);
    return (this.startsAt = shared ? Number(shared) : place?.t || 0);
  }

  needMarks() {
    if (this.marksWanted) return;
    this.marksWanted = true;
    if (this.known) this.loadMarks();
  }

  async loadMarks() {
    const { id, revision: prepared } = this.known;
    const { revision, live } = this.loaded || {};
    if (!prepared || !revision) return;
    const below = live ? "" : `r/${revision}/`;
    const life = this.life;
    try {
      const answer = await ask(this.signed(`${SERVER}v1/clips/${id}/${below}marks.json`), { signal: life.signal });
      if (!answer.ok) return;
      const marks = new Marks(await answer.json());
      if (life !== this.life || marks.revision !== this.loaded.revision) return;
      this.marks = marks;
    } catch {
      return;
    }
    this.panel.list_chapters(this.marks.chapters, this.marks.endMs);
    const selector = this.getAttribute("read-along");
    if (selector && !this.readAlong) this.readAlong = this.marking(selector);
    this.readAlong?.take(this.marks);
    this.update();
    if (document.readyState !== "loading") return;
    // The text below the player may not be there yet.
    await parsed();
    if (life === this.life) this.readAlong?.take(this.marks);
  }

  marking(selector) {
    const pick = this.hasAttribute("pick") ? (seconds) => { this.goTo(seconds); this.play(); } : null;
    try {
      const made = new ReadAlong(selector, { follow: this.hasAttribute("follow"), pick });
      made.left = () => this.update();
      return made;
    } catch {
      // not a selector
      return null;
    }
  }
}
