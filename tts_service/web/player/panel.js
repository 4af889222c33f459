// What is seen and pressed. It knows nothing of sound: the player tells it what to show, it tells what was pressed.

import { icon, make } from "./look.js";
import { last } from "./marks.js";
import { SERVER } from "./served.js";
import { clock, fill } from "./texts.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
export const LEAP = 15;
const KEYS = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30 };

export class Panel {
  /** `player` answers to toggle, leap, goTo, faster, louder, share, report, playNew, resume. */
  constructor(player, texts) {
    this.player = player;
    this.texts = texts;
    this.dragging = false;
    this.section = make("section", { part: "player", lang: texts.lang, dir: "ltr", "aria-label": texts.title },
      this.head(), this.status = make("p", { role: "status", part: "status", class: "quiet" }),
      this.elsewhere = make("a", { part: "elsewhere", hidden: true }, texts.elsewhere),
      this.renew = make("button", { type: "button", hidden: true, onclick: () => player.playNew() }, texts.playNew),
      this.controls = make("div", { part: "controls", class: "unheard" }, this.bar(), this.buttons(), this.list()),
      this.foot = this.footer());
  }

  button(name, act, ...shown) {
    return make("button", { type: "button", part: name, "aria-label": this.texts[name], title: this.texts[name], onclick: act },
      ...shown);
  }

  head() {
    this.play = this.button("play", () => this.player.toggle(), icon("play"));
    this.play.className = "play";
    this.minutes = make("span", { class: "quiet" });
    return make("div", { class: "head" }, this.play,
      make("p", { class: "title", part: "title" }, this.texts.title, " ", this.minutes));
  }

  bar() {
    const { player, texts } = this;
    this.seek = make("input", { type: "range", part: "seek", min: 0, max: 1, step: "any", value: 0, "aria-label": texts.position });
    this.seek.addEventListener("input", () => {
      this.dragging = true;
      this.tell(Number(this.seek.value));
    });
    this.seek.addEventListener("change", () => {
      this.dragging = false;
      player.goTo(Number(this.seek.value));
    });
    this.seek.addEventListener("keydown", (event) => {
      const by = KEYS[event.key];
      if (!by) return;
      event.preventDefault();
      player.leap(by);
    });
    this.there = make("span", { class: "there", part: "rendered" });
    this.ticks = make("span", {});
    this.time = make("span", { class: "time", part: "time" });
    return make("div", { class: "bar" }, make("span", { class: "track" }, this.seek, this.there, this.ticks), this.time);
  }

  buttons() {
    const { player, texts } = this;
    const hears = (event) => player.louder(Number(event.target.value));
    this.speed = make("select", { part: "speed", "aria-label": texts.speed, title: texts.speed,
      onchange: () => player.faster(Number(this.speed.value)) }, SPEEDS.map((speed) => make("option", { value: speed }, `${speed} ×`)));
    this.volume = make("label", { class: "volume", part: "volume", title: texts.volume }, icon("volume"),
      make("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1, "aria-label": texts.volume, oninput: hears }));
    // Phones have keys for it, and let no page change it.
    this.volume.hidden = !matchMedia("(hover: hover) and (pointer: fine)").matches;
    this.download = make("a", { part: "download", hidden: true, download: "" }, texts.download);
    const leap = (name, by) => this.button(name, () => player.leap(by), make("span", { class: "step" }, icon(name), String(LEAP)));
    return make("div", { class: "row" }, leap("back", -LEAP), leap("forward", LEAP), this.speed, this.volume,
      make("button", { type: "button", part: "share", onclick: () => player.share() }, texts.share), this.download);
  }

  list() {
    this.entries = make("ol", {});
    this.follow = make("button", { type: "button", part: "follow", hidden: true, onclick: () => this.player.resume() }, this.texts.follow);
    this.chapters = make("details", { part: "chapters", hidden: true }, make("summary", {}, this.texts.chapters), this.entries);
    return make("div", {}, this.chapters, this.follow);
  }

  footer() {
    const { texts, player } = this;
    this.about = make("a", { part: "more" }, texts.more);
    this.feedback = make("a", { part: "feedback" }, texts.feedback);
    this.feedback.addEventListener("click", (event) => {
      if (this.plain || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      player.report();
    });
    this.following = make("p", { hidden: true, part: "next" });
    this.notice = make("p", { class: "notice", part: "notice" }, texts.notice);
    return make("div", { class: "foot" }, this.notice,
      make("p", { class: "links" }, this.about, this.feedback), this.following);
  }

  /** Addresses of a clip; `next`: {href, title}; `recorded`: whether a person reads it. */
  link(clip, { revision, download, next, recorded }) {
    this.notice.textContent = recorded ? this.texts.noticePerson : this.texts.notice;
    // Another tab for those in a frame: our pages refuse to be framed.
    const target = window.top === window ? {} : { target: "_blank" };
    Object.assign(this.about, { href: this.player.signed(`${SERVER}about/${clip}`), ...target });
    Object.assign(this.elsewhere, { href: this.player.signed(`${SERVER}listen/${clip}`), ...target });
    Object.assign(this.feedback, { href: this.player.signed(`${SERVER}feedback?clip=${clip}&r=${revision || ""}`), ...target });
    this.download.hidden = !download;
    // Browsers heed the attribute on the service's own pages only; elsewhere the answer has to say it.
    if (download) this.download.href = this.player.signed(`${this.player.file({ id: clip }, revision)}?download=true`);
    this.following.hidden = !next.href;
    if (next.href) {
      const said = next.title ? fill(this.texts.next, { title: next.title }) : this.texts.nextPlain;
      this.following.replaceChildren(make("a", { href: next.href, dir: "auto" }, said));
    }
  }

  /** Whether feedback opens as a page, at a place, since its form could not be had here. */
  plainForm(plain, ms) {
    this.plain = plain;
    if (plain) this.feedback.href += `&t=${Math.round(ms / 1000)}`;
  }

  /** Chapters: [{title, start_ms}]. */
  list_chapters(chapters, endMs) {
    const shown = chapters.length > 1 && endMs ? chapters : [];
    this.chapters.hidden = !shown.length;
    const held = [...this.entries.children].indexOf(this.focused?.parentNode);
    this.entries.replaceChildren(...shown.map((chapter) => make("li", {}, make("button", {
      type: "button", dir: "auto", onclick: () => this.player.goTo(chapter.start_ms / 1000),
    }, `${clock(chapter.start_ms / 1000)} ${chapter.title}`))));
    this.entries.children[held]?.firstChild.focus();
    this.ticks.replaceChildren(...shown.slice(1).map((chapter) => {
      const tick = make("span", { class: "tick" });
      tick.style.insetInlineStart = `${(chapter.start_ms / endMs) * 100}%`;
      return tick;
    }));
    this.starts = shown;
  }

  /** The place: seconds, of all; `sure`: whether `all` is final; `reach`: up to where there is sound. */
  at(seconds, all, sure, reach) {
    this.all = all;
    this.sure = sure;
    this.seek.max = Math.max(all, 1);
    this.there.hidden = sure;
    this.there.style.inlineSize = `${Math.min(100, (reach / Math.max(all, 1)) * 100)}%`;
    if (this.dragging) return;
    this.seek.value = seconds;
    this.tell(seconds);
  }

  tell(seconds) {
    const all = this.all ? `${this.sure ? "" : "~"}${clock(this.all)}` : "…";
    const shown = `${clock(seconds)} / ${all}`;
    if (this.time.textContent === shown) return;
    this.time.textContent = shown;
    const chapter = this.starts?.length ? last(this.starts, seconds * 1000) : -1;
    [...this.entries.children].forEach((one, i) => one.firstChild.setAttribute("aria-current", String(i === chapter)));
    const name = chapter < 0 ? "" : `, ${this.starts[chapter].title}`;
    this.seek.setAttribute("aria-valuetext", fill(this.texts.of, { at: clock(seconds), all }) + name);
  }

  plays(playing) {
    if (playing) this.controls.className = "";
    const name = playing ? "pause" : "play";
    if (this.shown === name) return;
    this.shown = name;
    this.play.replaceChildren(icon(name));
    this.play.title = this.texts[name];
    this.play.setAttribute("aria-label", this.texts[name]);
  }

  get focused() { return this.section.getRootNode().activeElement; }

  /** Give the focus to a part; to the whole where it isn't shown. */
  take(part) {
    this.section.tabIndex = -1;
    (part.checkVisibility() ? part : this.section).focus();
  }

  /** Show or hide a part: the focus doesn't go with it. */
  show(part, shown) {
    const held = !shown && part === this.focused;
    part.hidden = !shown;
    if (held) this.take(this.play);
  }

  /** One line that tells how things stand; said to those who don't see it when it changes. */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** Without sound there is nothing to press, and nothing to disclose. `elsewhere`: it can be heard on our page only. */
  usable(usable, elsewhere) {
    for (const one of [this.play, this.controls]) one.hidden = !usable || elsewhere;
    this.elsewhere.hidden = !usable || !elsewhere;
    this.foot.hidden = !usable;
  }
}
