// How far somebody listens: told once each, without a word of who they are, when they go. Not at all where they don't want it.

import { SERVER } from "./served.js";

const MILESTONES = ["quarter", "half", "three_quarters", "end"];
const UNCOUNTED = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;

export class Listening {
  constructor(player) {
    this.player = player;
    this.known = new Set();
    this.fresh = [];
  }

  reached(what) {
    if (!this.known.has(what)) this.fresh.push(what);
    this.known.add(what);
  }

  /** An event of the sound. */
  heard(name) {
    const { sound, all, sure } = this.player;
    if (name === "playing") this.reached("start");
    const ended = name === "ended";
    const plays = name === "timeupdate" && sure && sound.playing;
    if (ended || plays) MILESTONES.forEach((what, at) => (ended || sound.time >= (all * (at + 1)) / 4) && this.reached(what));
    if (ended) this.send();
  }

  /** Tell what is new; `gone`: the page goes, whatever is playing. At which sentence, and how fast: once. */
  send(gone) {
    const { known, loaded, marks, sound, rate } = this.player;
    if (UNCOUNTED || !known?.listening || !this.known.has("start")) return;
    const said = { clip: known.id, revision: loaded.revision, clip_token: known.feedback_token, reached: this.fresh };
    if (!this.left && (gone || !sound.playing)) {
      this.left = true;
      said.speed = rate;
      const at = marks.sentenceAt(sound.time * 1000);
      if (at >= 0 && !this.known.has("end")) said.left = at;
    }
    if (said.speed || this.fresh.length) navigator.sendBeacon(`${SERVER}v1/listening`, JSON.stringify(said));
    this.fresh = [];
  }
}
