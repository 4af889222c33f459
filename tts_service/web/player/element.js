// <article-audio>: finds its clip, keeps up with what becomes of it, and shows how things stand.

const RENDERING_MS = 2000;
const PLAYING_MS = 60000;

class ArticleAudio extends Pressed {
  static observedAttributes = ["clip", "site", "article", "url", "lang", "texts", "read-along"];

  connectedCallback() {
    if (!this.shadowRoot) styled(this.attachShadow({ mode: "open" }));
    this.begin();
  }

  disconnectedCallback() { this.end(); }

  attributeChangedCallback(_name, before, now) {
    if (this.life && before !== now) this.begin();
  }

  /** loading, none, rendering, ready, withdrawn, failed. Also an attribute, for style sheets. */
  get state() { return this.getAttribute("state"); }
  get rate() { return this.sound.audio.defaultPlaybackRate; }

  begin() {
    this.end();
    this.life = new AbortController();
    const own = (() => { try { return JSON.parse(this.getAttribute("texts")); } catch { return null; } })();
    this.texts = textsFor(this.closest("[lang]")?.lang || navigator.language, own);
    this.marks = new Marks(null);
    this.panel = new Panel(this, this.texts);
    this.sound = new Sound((name) => this.heard(name));
    this.reporting = new Report(this.shadowRoot);
    // What the page has for browsers without scripts stays until there is something better.
    this.shadowRoot.replaceChildren(make("slot"), this.panel.section);
    this.setState("loading");
    players.add(this);
    const { signal } = this.life;
    const seen = () => document.visibilityState === "visible" && this.known && this.refresh(PLAYING_MS);
    document.addEventListener("visibilitychange", seen, { signal });
    addEventListener("pagehide", () => this.keep(), { signal });
    for (const name of ["pointerenter", "focusin"]) this.addEventListener(name, () => this.needMarks(), { signal, once: true });
    this.follow(signal);
    sendKept();
  }

  end() {
    if (!this.life) return;
    this.keep();
    this.life.abort();
    this.sound.stop();
    this.readAlong?.close();
    players.delete(this);
    Object.assign(this, { life: null, known: null, readAlong: null, loaded: null, asked: 0, startsAt: undefined });
  }

  /** Look for the clip, then again and again as long as it is being made or played. */
  async follow(signal) {
    let pause = 1000;
    while (!signal.aborted) {
      const found = await this.refresh(0);
      if (signal.aborted || this.state === "none" || this.state === "withdrawn") return;
      pause = found ? 1000 : Math.min(pause * 2, 30000);
      const idle = () => this.state === "failed" || (this.state === "ready" && !this.sound.playing);
      await (found ? sleep(this.state === "rendering" ? RENDERING_MS : PLAYING_MS) : orOnline(pause));
      while (!signal.aborted && found && (idle() || document.visibilityState === "hidden" && !this.sound.playing)) await sleep(1000);
    }
  }

  /** Ask how the clip stands, unless that was done in the last `within` ms. False: nobody answered. */
  async refresh(within) {
    if (Date.now() - (this.asked || 0) < within) return true;
    this.asked = Date.now();
    const life = this.life;
    try {
      const answer = await fetch(this.address(), { credentials: "omit", cache: "no-store", signal: life.signal });
      if (answer.status >= 500 || answer.status === 429) throw new Error(`answered ${answer.status}`);
      const said = await answer.json().catch(() => ({}));
      if (life !== this.life) return true;
      this.take(answer.ok ? said.clips?.[0] ?? (said.id ? said : null) : null, said.state === "withdrawn");
      return true;
    } catch {
      return false;
    }
  }

  address() {
    const given = (name) => this.getAttribute(name);
    const id = this.known?.id || given("clip");
    if (id) return `${SERVER}v1/clips/${encodeURIComponent(id)}`;
    const canonical = document.querySelector("link[rel=canonical]")?.href || location.href.split("#")[0];
    const asked = given("site") && given("article") ? { site: given("site"), article: given("article") } : { url: given("url") || canonical };
    return `${SERVER}v1/clips?${new URLSearchParams(asked)}`;
  }

  /** What the service says of the clip; null: there is none (any more). */
  take(clip, withdrawn) {
    if (!clip) {
      const gone = withdrawn || this.known;
      this.sound.stop();
      this.readAlong?.close();
      this.setState(gone ? "withdrawn" : "none");
      return;
    }
    this.known = clip;
    this.told = Date.now();
    this.panel.link(clip.id, {
      revision: clip.revision, download: this.hasAttribute("download") && clip.state === "ready",
      next: { href: webAddress(this.getAttribute("next-href")), title: this.getAttribute("next-title") },
    });
    const step = { rendering: () => this.takeLive(clip), ready: () => this.takeReady(clip), failed: () => this.sound.stop() };
    step[clip.state]?.();
    this.setState(clip.state);
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
      const answer = await fetch(`${SERVER}v1/clips/${id}/${below}marks.json`, { credentials: "omit", signal: life.signal });
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

  heard(name) {
    if (name === "playing") {
      this.problem = this.note = null;
      this.tries = 0;
      mediaSession(this);
      this.tick();
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
    if (name === "error" && this.sound.opened) this.broken();
    if (name === "timeupdate" && Date.now() - (this.kept || 0) > 5000) this.keep();
    if (name === "seeked") this.readAlong?.show(this.sound.time * 1000);
    this.update();
  }

  /** The sound broke off: perhaps it was withdrawn, perhaps the network is gone; then it goes on where it was. */
  async broken() {
    if (this.mending) return;
    this.mending = true;
    this.tries = (this.tries || 0) + 1;
    const life = this.life;
    this.problem = "lost";
    this.update();
    await orOnline(Math.min(30000, 500 * 2 ** this.tries));
    if (life === this.life) await this.refresh(0);
    this.mending = false;
    if (life === this.life && ["rendering", "ready"].includes(this.state) && this.sound.audio.error) this.sound.again();
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
    this.kept = Date.now();
    memory.keepPlace(this.known.id, this.sound.time, this.loaded?.revision);
  }

  setState(state) {
    const was = this.state;
    this.setAttribute("state", state);
    const shown = state !== "none" && state !== "loading";
    this.panel.section.hidden = !shown;
    this.shadowRoot.querySelector("slot").hidden = state !== "loading";
    if (shown) this.takeOver();
    this.panel.usable(state === "ready" || state === "rendering");
    if (state === "withdrawn" || state === "failed") this.panel.say(this.texts[state]);
    if (state !== was) this.dispatchEvent(new CustomEvent("article-audio-state", { bubbles: true, detail: { state } }));
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
    panel.plays(sound.goesOn);
    panel.at(sound.time, this.all, this.sure, Math.max(sound.live ? sound.reach : 0, this.marks.endMs / 1000));
    panel.minutes.textContent = this.all ? fill(this.texts.minutes, { n: Math.max(1, Math.round(this.all / 60)) }) : "";
    panel.speed.value = this.rate;
    panel.renew.hidden = !this.newer;
    panel.follow.hidden = !(sound.playing && this.readAlong?.follows && !this.readAlong.follow);
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
    if (known.progress?.done) return fill(texts.rendering, known.progress);
    return this.sound.goesOn ? "" : texts.begin;
  }
}

if (!customElements.get("article-audio")) customElements.define("article-audio", ArticleAudio);
