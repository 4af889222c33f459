// <article-audio>: begins and ends with its place in the page, hears its sound, and shows how things stand.

import { captioned, mediaSession } from "./actions.js";
import { Following } from "./following.js";
import { Listening } from "./listening.js";
import { make, styled } from "./look.js";
import { Marks } from "./marks.js";
import { memory, orOnline, players } from "./memory.js";
import { forbidden, pageLanguage, parsed } from "./page.js";
import { Panel } from "./panel.js";
import { sendKept } from "./report_part.js";
import { Sound } from "./sound.js";
import { fill, progressText, spokenHere, textsFor, textsIn } from "./texts.js";

class ArticleAudio extends Following {
  static observedAttributes = ["clip", "site", "article", "url", "lang", "texts", "read-along", "grant"];

  connectedCallback() {
    if (!this.shadowRoot) styled(this.attachShadow({ mode: "open" }));
    this.begin();
  }

  disconnectedCallback() { this.end(); }

  attributeChangedCallback(name, before, now) {
    if (!this.life || before === now) return;
    if (name !== "grant" || this.state === "none") this.begin();
    else if (this.locked) this.refresh(0);
  }

  /** loading, away, none, rendering, ready, withdrawn, failed, locked. Also an attribute, for style sheets. */
  get state() { return this.getAttribute("state"); }
  get rate() { return this.sound.audio.defaultPlaybackRate; }

  begin() {
    this.end();
    this.life = new AbortController();
    this.own = (() => { try { return JSON.parse(this.getAttribute("texts")); } catch { return null; } })();
    this.marks = new Marks(null);
    this.sound = new Sound((name) => this.heard(name), (address) => this.signed(address));
    this.listening = new Listening(this);
    this.build();
    this.setState("loading");
    textsIn(this.language);
    players.add(this);
    const { signal } = this.life;
    const seen = () => {
      if (document.visibilityState === "hidden") this.listening.send();
      else this.returned();
    };
    document.addEventListener("visibilitychange", seen, { signal });
    addEventListener("pagehide", () => {
      this.keep();
      this.listening.send(true);
    }, { signal });
    for (const name of ["pointerenter", "focusin"]) this.addEventListener(name, () => this.needMarks(), { signal, once: true });
    this.follow(signal, this.hasAttribute("renew") && !this.hasAttribute("grant"));
    sendKept();
  }

  /** The language of the labels: the page's, else the clip's, else the reader's. */
  get language() { return this.speaks(this.known); }
  speaks(clip) { return spokenHere(pageLanguage(this), clip?.language, navigator.language); }

  /** The labels in the language that counts now, once its texts are here. */
  translate() { if (textsFor(this.language).lang !== this.texts.lang) this.build(); }

  /** What is seen, in the language that counts now. */
  build() {
    const told = this.life && this.panel?.kept;
    const held = this.life && this.shadowRoot.activeElement?.getAttribute("part");
    this.texts = textsFor(this.language, this.own);
    this.panel = new Panel(this, this.texts);
    this.box = make("div", { class: "box" }, this.panel.section);
    if (told) this.panel.section.append(this.panel.kept = told);
    // What the page has for browsers without scripts stays until there is something better.
    this.shadowRoot.replaceChildren(make("slot"), this.box);
    this.held = held ? this.box.querySelector(`[part=${held}]`) : null;
    this.reporting = null;
  }

  end() {
    if (!this.life) return;
    this.keep();
    this.listening.send(true);
    this.life.abort();
    this.wake?.();
    this.sound.stop();
    this.readAlong?.close();
    players.delete(this);
    Object.assign(this, { life: null, known: null, locked: false, readAlong: null, loaded: null, asked: undefined, startsAt: undefined });
  }

  heard(name) {
    if (name === "playing") {
      this.problem = this.note = null;
      this.tries = 0;
      mediaSession(this);
      captioned(this);
      this.tick();
      this.wake?.();
    }
    if (name === "pause" && !this.sound.audio.error && !this.sound.audio.ended && this.sound.wish === null) {
      this.sound.goesOn = false;
    }
    if (name === "ended") {
      this.sound.goesOn = false;
      memory.keepPlace(this.known.id, 0);
    }
    if (name === "lost") this.problem = "lost";
    if (name === "grown" && this.problem === "lost") this.problem = null;
    if (name === "error" && this.sound.opened) this.sound.stale ? this.sound.again() : this.broken();
    if (name === "timeupdate" && performance.now() - (this.kept ?? -Infinity) > 5000) this.keep();
    if (name === "seeked") this.readAlong?.show(this.sound.time * 1000);
    this.listening.heard(name);
    this.update();
  }

  /** The sound broke off: perhaps it was withdrawn, perhaps the network is gone; then it goes on where it was. */
  async broken() {
    if (this.mending || forbidden.has("media-src")) return;
    this.mending = true;
    this.tries = (this.tries || 0) + 1;
    const life = this.life;
    this.problem = "lost";
    this.update();
    await orOnline(Math.min(30000, 500 * 2 ** this.tries));
    if (life === this.life) await this.refresh(0);
    this.mending = false;
    if (life === this.life && ["rendering", "ready"].includes(this.state) && this.sound.audio.error && this.problem !== "barred") this.sound.again();
  }

  /** The page's policy forbids something: what can't be done here is not offered. */
  forbid(what) {
    if (what === "media-src" && this.sound.goesOn) {
      this.sound.goesOn = false;
      this.sound.pause();
      this.problem = "barred";
      this.update();
    }
    // Without MediaSource the browser fetches the growing sound by itself.
    if (what === "blob" && this.sound.source) this.sound.again();
  }

  /** While it plays: the mark follows frame by frame. */
  tick() {
    if (this.ticking) return;
    this.ticking = true;
    const frame = () => {
      this.ticking = this.sound.playing && Boolean(this.life);
      this.readAlong?.show(this.sound.time * 1000);
      if (this.ticking) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  keep() {
    if (!this.known || !this.sound?.opened || this.sound.audio.ended) return;
    this.kept = performance.now();
    memory.keepPlace(this.known.id, this.sound.time, this.loaded?.revision);
  }

  setState(state) {
    const was = this.state;
    this.setAttribute("state", state);
    const waits = state === "loading" || state === "away";
    const shown = state !== "none" && !waits;
    if (shown) this.held ||= this.successor();
    this.panel.section.hidden = !shown;
    this.shadowRoot.querySelector("slot").hidden = !waits;
    if (shown) parsed().then(() => this.life && this.takeOver());
    this.offer();
    if (shown && this.held) this.panel.take(this.held);
    this.held = null;
    this.wake?.();
    if (["withdrawn", "failed", "locked"].includes(state)) this.panel.say(this.texts[state]);
    if (state !== was) this.dispatchEvent(new CustomEvent("article-audio-state", { bubbles: true, detail: { state } }));
  }

  offer() { this.panel.usable(["ready", "rendering"].includes(this.state), this.problem === "barred"); }

  /** What takes the focus over from what stands in for the player; null: the focus is elsewhere. */
  successor() {
    const held = this.getRootNode().activeElement;
    if (!held || held === this || !this.contains(held)) return null;
    const { about, feedback, play } = this.panel;
    return [about, feedback].find((link) => held.pathname && link.pathname === held.pathname) || play;
  }

  /** What stood in for the player goes; who already listened to it goes on listening. */
  takeOver() {
    const plain = this.querySelector("audio");
    const [heard, playing] = [plain?.currentTime, plain && !plain.paused];
    this.replaceChildren();
    if (heard) this.goTo(heard);
    if (playing) this.play();
  }

  /** Seconds of the whole, and whether that is known or an estimate from what is made. */
  measure() {
    const [made, total] = [this.marks.sentences.length, this.known.progress?.total];
    this.sure = this.known.state === "ready" && !this.sound.live;
    if (this.known.state === "ready") this.all = (this.newer && this.sound.audio.duration) || this.known.duration_ms / 1000;
    else this.all = made > 2 ? (this.marks.endMs / 1000 / made) * total : 0;
    this.all = Math.max(this.all || 0, this.sound.live ? this.sound.reach : 0);
  }

  update() {
    if (!this.known || !["rendering", "ready"].includes(this.state)) return;
    const { sound, panel } = this;
    this.measure();
    this.offer();
    panel.plays(sound.goesOn);
    panel.at(sound.time, this.all, this.sure, Math.max(sound.live ? sound.reach : 0, this.marks.endMs / 1000));
    panel.minutes.textContent = this.all ? fill(this.texts.minutes, { n: Math.max(1, Math.round(this.all / 60)) }) : "";
    panel.speed.value = this.rate;
    panel.show(panel.renew, this.newer);
    panel.show(panel.follow, sound.playing && this.readAlong?.follows && !this.readAlong.follow);
    panel.say(this.line());
  }

  get waits() { return this.sound.wish !== null || (this.sound.audio.readyState < 3 && this.sound.time > 0.3); }

  line() {
    const { texts, known } = this;
    if (this.problem) return texts[this.problem];
    if (this.note) return this.note;
    if (this.changedSince) return texts.updated;
    if (this.state !== "rendering") return "";
    if (this.sound.goesOn && this.sound.opened && this.waits) return texts.wait;
    if (known.progress?.done) return progressText(texts, known.progress);
    return this.sound.goesOn ? "" : texts.begin;
  }
}

if (!customElements.get("article-audio")) customElements.define("article-audio", ArticleAudio);
