// The sound: a finished file, or one that grows while it is made. Network loss is survived here.

import { orOnline, sleep } from "./memory.js";
import { forbidden } from "./page.js";

const EVENTS = ["play", "pause", "playing", "timeupdate", "seeking", "seeked", "waiting", "ended", "error", "durationchange",
  "progress", "ratechange", "volumechange"];
const STALLED_MS = 20000;
const Source = self.MediaSource || self.ManagedMediaSource;
const GROWS = "audio/mpeg";
// Chromium, once it has gone to a place of an MP3, forgets the encoder's delay: the sound comes 50 ms behind its clock.
const SEEKS_LATE_S = navigator.userAgentData?.brands.some(({ brand }) => brand === "Chromium") ? 0.05 : 0;

export class Sound {
  /** `changed(name)` is told every event of the element in use; `sign` adds to an address what opens it now. */
  constructor(changed, sign) {
    Object.assign(this, { changed, sign });
    this.address = null;
    this.live = false;
    // everything of a growing one is here
    this.complete = false;
    // seconds to begin at, once that is possible
    this.wish = null;
    this.feeding = 0;
    this.use(this.fresh());
  }

  fresh() {
    const audio = new Audio();
    audio.preload = "none";
    audio.preservesPitch = true;
    return audio;
  }

  use(audio) {
    this.audio = audio;
    for (const name of EVENTS) audio.addEventListener(name, () => audio === this.audio && this.changed(name));
    audio.addEventListener("loadedmetadata", () => audio === this.audio && this.grant());
  }

  get time() { return this.wish ?? this.audio.currentTime; }
  get playing() { return !this.audio.paused && !this.audio.ended; }

  /** Whether it was opened by what opens it no more. */
  get stale() { return !this.source && this.audio.src !== this.sign(this.address); }

  /** Seconds up to which everything is here or can be fetched at once. */
  get reach() {
    if (!this.live) return Infinity;
    const { buffered } = this.audio;
    return buffered.length ? buffered.end(buffered.length - 1) : 0;
  }

  /** What to play. Nothing is fetched before `play`. */
  load(address, live, at = 0) {
    this.feeding += 1;
    Object.assign(this, { address, live, complete: false, wish: at > 0 ? at : null });
    this.opened = false;
  }

  open() {
    this.opened = true;
    this.audio.playbackRate = this.audio.defaultPlaybackRate;
    this.source = null;
    if (!this.live || forbidden.has("blob") || !Source?.isTypeSupported(GROWS)) {
      this.audio.src = this.sign(this.address);
      return;
    }
    const source = (this.source = new Source());
    // iPhones ask for it
    this.audio.disableRemotePlayback = true;
    const url = URL.createObjectURL(source);
    source.addEventListener("sourceopen", () => {
      URL.revokeObjectURL(url);
      this.feed(source, source.addSourceBuffer(GROWS));
    }, { once: true });
    this.audio.src = url;
  }

  /** Resolves when sound is on its way; false: the browser wants a gesture first, or can't. */
  async play() {
    if (!this.opened) this.open();
    // Safari lets an element play only after a gesture of its own: this press is also for the one to move over to.
    if (this.live && !this.spare) (this.spare = this.fresh()).load();
    // Nothing to play yet: it begins by itself when the place that was asked for is there.
    if (this.live && this.source && this.wish !== null && this.audio.readyState > 0) return true;
    try {
      await this.audio.play();
      return true;
    } catch (error) {
      if (error.name === "NotAllowedError") return false;
      // interrupted, or an error event tells more
      return true;
    }
  }

  pause() { this.audio.pause(); }

  /** Go to a time; one that isn't there yet is waited for. */
  seek(seconds) {
    const to = Math.max(0, seconds);
    const { seekable, readyState } = this.audio;
    if (!this.opened || readyState < 1) this.wish = to;
    else if (this.live && !this.source) this.audio.currentTime = Math.min(to, seekable.length ? seekable.end(0) : 0);
    else if (this.live && to > this.reach) {
      // Browsers clamp a seek to what there is: the wish is kept, and silence until it can be granted.
      this.wish = to;
      this.audio.pause();
    }
    else this.audio.currentTime = to;
    this.changed("seeking");
  }

  grant() {
    if (this.wish === null) return;
    if (this.source && !this.complete && this.wish > this.reach) return;
    const to = this.wish;
    this.wish = null;
    this.audio.currentTime = Math.min(to, this.reach);
    if (this.goesOn) this.play();
  }

  stop() {
    this.feeding += 1;
    this.opened = false;
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  /** Play the same address again from where it was, after the network failed. */
  again() {
    const [at, playing] = [this.time, this.goesOn];
    this.load(this.address, this.live, at);
    this.open();
    if (playing) this.play();
  }

  /** Fetch what there is and what comes, byte after byte; a cut line goes on at the next byte. */
  async feed(source, buffer) {
    const mine = (this.feeding += 1);
    const alive = () => mine === this.feeding && source.readyState !== "closed";
    let [at, pause, done] = [0, 500, false];
    while (alive() && !done) {
      try {
        const was = at;
        done = await this.pull(at, async (bytes) => {
          await this.append(buffer, bytes, alive);
          at += bytes.length;
        });
        pause = at > was ? 500 : pause;
      } catch {
        if (alive()) this.changed("lost");
      }
      if (alive() && !done) {
        await orOnline(pause);
        pause = Math.min(pause * 1.5, 8000);
      }
    }
    if (!alive()) return;
    this.complete = true;
    this.grant();
    while (buffer.updating) await sleep(20);
    if (source.readyState === "open") source.endOfStream();
    this.changed("complete");
  }

  /** One request from a byte on. True: that was the end. Throws when the line breaks. */
  async pull(at, take) {
    const line = new AbortController();
    let timer;
    const awake = () => {
      clearTimeout(timer);
      timer = setTimeout(() => line.abort(), STALLED_MS);
    };
    awake();
    try {
      const answer = await fetch(this.sign(this.address), {
        headers: at ? { Range: `bytes=${at}-` } : {}, credentials: "omit", cache: "no-store", signal: line.signal,
      });
      const known = /\/(\d+)$/.exec(answer.headers.get("Content-Range") || "")?.[1];
      if (answer.status === 416) return Boolean(known) || !(await this.growing());
      if (answer.status === 404 || answer.status === 410) return true;
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      let skip = answer.status === 206 ? 0 : at;
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return answer.status === 200 || at >= Number(known);
        awake();
        const fresh = value.subarray(Math.min(skip, value.length));
        skip -= value.length - fresh.length;
        if (fresh.length) await take(fresh);
        at += fresh.length;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async append(buffer, bytes, alive) {
    while (alive()) {
      try {
        buffer.appendBuffer(bytes);
        break;
      } catch (error) {
        if (error.name !== "QuotaExceededError") throw error;
        // full: room comes back while it plays
        await sleep(1000);
      }
    }
    if (buffer.updating) await new Promise((ended) => buffer.addEventListener("updateend", ended, { once: true }));
    this.grant();
    this.changed("grown");
  }

  /** Move from the growing sound to the finished file: in a silence between two sentences, where nobody hears it. */
  async moveOver(address, silenceAfter) {
    const old = this.audio;
    const next = this.spare || this.fresh();
    this.spare = null;
    Object.assign(next, { preload: "auto", volume: old.volume, muted: old.muted, src: this.sign(address) });
    next.defaultPlaybackRate = old.defaultPlaybackRate;
    const settled = (name) => new Promise((ended) => next.addEventListener(name, ended, { once: true }));
    await settled("loadedmetadata");
    const mine = this.feeding;
    while (mine === this.feeding && this.playing && this.wish === null) {
      const silence = silenceAfter(old.currentTime * 1000 + 1000);
      // the last sentence: it ends where it is
      if (!silence) return;
      const at = (silence.from + 80) / 1000;
      next.currentTime = at + SEEKS_LATE_S;
      await settled("seeked");
      while (this.playing && mine === this.feeding && old.currentTime < at - 0.004) {
        await sleep(Math.max(4, Math.min(250, ((at - old.currentTime) / old.playbackRate) * 500)));
      }
      if (!this.playing || mine !== this.feeding || old.currentTime > silence.to / 1000 - 0.1) continue;
      next.playbackRate = old.playbackRate;
      if (await next.play().then(() => true, () => false)) break;
      // The browser wants a press first: the growing sound goes on until then.
      await new Promise((ended) => old.addEventListener("pause", ended, { once: true }));
    }
    if (mine !== this.feeding) return;
    if (next.paused) next.currentTime = this.time;
    this.feeding += 1;
    Object.assign(this, { address, live: false, complete: false, opened: true, source: null, wish: null });
    this.use(next);
    if (this.goesOn && next.paused) this.play();
    old.pause();
    old.removeAttribute("src");
    this.changed("moved");
  }
}
