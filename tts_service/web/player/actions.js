// What a listener can do: the panel's buttons, the lock screen's, a sentence in the page.

import { Listening } from "./listening.js";
import { make } from "./look.js";
import { memory, playsNow } from "./memory.js";
import { forbidden, pageAddress } from "./page.js";
import { LEAP } from "./panel.js";
import { reportPart } from "./report_part.js";
import { SERVER } from "./served.js";

// a clip's token is good for two hours
const TOKEN_MS = 100 * 60000;

/** The half of the player that is pressed; the other half keeps up with the clip. */
export class Pressed extends HTMLElement {
  toggle() { if (this.sound.goesOn) this.pause(); else this.play(); }

  async play() {
    if (!["rendering", "ready"].includes(this.state)) return;
    if (!this.sound.audio.canPlayType("audio/mpeg")) {
      this.problem = "silent";
      this.update();
      return;
    }
    if (forbidden.has("media-src")) {
      this.problem = "barred";
      this.update();
      return;
    }
    playsNow(this);
    this.needMarks();
    this.problem = null;
    this.sound.goesOn = true;
    const plays = this.sound.play();
    reportPart();
    // Perhaps it was withdrawn since the page was opened.
    this.refresh(2000).then((answered) => {
      if (answered || !this.sound.goesOn || this.sound.audio.readyState > 2) return;
      this.problem ||= "lost";
      this.update();
    });
    this.update();
    if (!(await plays)) {
      this.sound.goesOn = false;
      this.problem = "blocked";
    }
    this.update();
  }

  pause() {
    this.sound.goesOn = false;
    this.sound.pause();
    this.keep();
    this.update();
  }

  leap(by) { this.goTo(this.sound.time + by); }

  goTo(seconds) {
    this.sound.seek(this.sure ? Math.min(seconds, Math.max(0, this.all - 0.2)) : seconds);
    this.update();
  }

  faster(rate) {
    this.sound.audio.playbackRate = this.sound.audio.defaultPlaybackRate = rate;
    memory.write("rate", rate);
  }

  louder(volume) { this.sound.audio.volume = volume; }

  resume() {
    this.readAlong?.resume();
    this.update();
  }

  /** The newer revision, at the sentence that was heard. */
  async playNew() {
    const heard = this.marks.sentences[this.marks.sentenceAt(this.sound.time * 1000)]?.text;
    const revision = this.newer;
    this.listening.send(true);
    this.listening = new Listening(this);
    const was = this.sound.time;
    Object.assign(this, { newer: null, changedSince: false, loaded: { revision, live: false }, marksWanted: true });
    await this.loadMarks();
    const same = this.marks.sentences.find((sentence) => sentence.text === heard);
    const rate = this.rate;
    this.sound.load(this.file(this.known, revision), false, same ? same.start_ms / 1000 : was);
    this.sound.audio.defaultPlaybackRate = rate;
    this.play();
  }

  async share() {
    const ours = ["listen/", "embed/"].some((below) => location.href.startsWith(SERVER + below));
    const own = window.top === window && !ours;
    const page = own ? pageAddress().split("#")[0] : `${SERVER}listen/${this.known.id}`;
    const url = `${page}#t=${Math.floor(this.sound.time)}`;
    try {
      if (navigator.share && matchMedia("(pointer: coarse)").matches) await navigator.share({ url, title: this.known.title });
      else {
        await navigator.clipboard.writeText(url);
        this.note = this.texts.copied;
      }
    } catch {
      // to be copied by hand
      this.note = url;
    }
    this.update();
  }

  /** What a report of this clip must carry; null: the clip is gone. `fresh`: the one we had is not taken. */
  async feedbackToken(fresh) {
    if (fresh || performance.now() - this.told > TOKEN_MS) await this.refresh(0);
    return this.state === "withdrawn" ? null : this.known.feedback_token;
  }

  async report() {
    const ms = this.sound.time * 1000;
    this.pause();
    this.marksWanted = true;
    const [part] = await Promise.all([reportPart(), this.marks.sentences.length || this.loadMarks()]);
    this.panel.plainForm(!part, ms);
    this.note = part ? null : this.texts.noForm;
    // What was pressed last is what is told.
    if (!part) this.problem = null;
    this.update();
    if (!part) return;
    const { id, language } = this.known;
    const token = (fresh) => this.feedbackToken(fresh);
    this.reporting ||= new part.Report(this.box);
    const { marks, texts } = this;
    this.reporting.open({ clip: id, revision: this.loaded.revision, marks, texts, language, token }, ms);
  }
}

/** An address a link may have; nothing that is code. */
export function webAddress(given) {
  try {
    const url = new URL(given, document.baseURI);
    return given && /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Lock screen, headphones, keyboards. */
export function mediaSession(player) {
  const session = navigator.mediaSession;
  if (!session) return;
  session.metadata = new MediaMetadata({ title: player.known.title || player.texts.title, artist: location.hostname });
  const acts = {
    play: () => player.play(), pause: () => player.pause(),
    seekbackward: (given) => player.leap(-(given.seekOffset || LEAP)), seekforward: (given) => player.leap(given.seekOffset || LEAP),
    seekto: (given) => player.goTo(given.seekTime),
  };
  for (const [name, act] of Object.entries(acts)) {
    try { session.setActionHandler(name, act); } catch { /* unknown to this browser */ }
  }
}

/** Captions as a track of what sounds, for browsers and aids that show it. */
export function captioned(player) {
  const { known, loaded: { live, revision }, sound: { audio } } = player;
  // Elsewhere a track would ask more of the server that holds the sound.
  if (new URL(SERVER).origin !== location.origin || audio.firstChild) return;
  const src = player.signed(`${SERVER}v1/clips/${known.id}/${live ? "" : `r/${revision}/`}captions.vtt`);
  audio.append(make("track", { kind: "captions", src, srclang: known.language, label: known.language, default: true }));
}
