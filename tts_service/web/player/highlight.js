// Read-along: the sentence and word that sound are marked in the page, by the CSS Custom Highlight API.

import { PageText, comparable, placesOf } from "./places.js";

const MARKS = { sentence: "article-audio-sentence", word: "article-audio-word" };
const CAN_MARK = "highlights" in (self.CSS || {}) && "Highlight" in self;
const PAINT = `
::highlight(${MARKS.sentence}) { background-color: var(--article-audio-sentence, light-dark(#fff1c2, #4a3d12)); color: var(--article-audio-marked, light-dark(#1c1b19, #fff8e6)); }
::highlight(${MARKS.word}) { background-color: var(--article-audio-word, light-dark(#ffc933, #ffd666)); color: #1c1b19; text-decoration: underline; }
@media (forced-colors: active) {
  ::highlight(${MARKS.sentence}) { background-color: Canvas; color: CanvasText; text-decoration: underline; }
  ::highlight(${MARKS.word}) { background-color: Highlight; color: HighlightText; }
}`;

export class ReadAlong {
  /** Marks below the elements of `selector`. Options: follow (scrolls), pick(seconds) when a sentence is chosen. */
  constructor(selector, { follow, pick }) {
    this.selector = selector;
    this.follows = follow;
    this.follow = follow;
    this.pick = pick;
    this.at = this.sentence = this.word = -1;
    this.places = [];
    this.leave = new AbortController();
    this.listen();
  }

  /** Take new marks: the page's text is read again. */
  take(marks) {
    this.marks = marks;
    const roots = [...document.querySelectorAll(this.selector)].filter((one, i, all) =>
      !all.some((other) => other !== one && other.contains(one)));
    this.page = new PageText(roots);
    this.places = placesOf(this.page, marks.sentences);
    this.sentence = this.word = -1;
    const said = [...document.querySelectorAll(".said")];
    if (this.pick && said.length && !said.some((one) => one.tabIndex === 0)) rove(said, 0);
    if (CAN_MARK && !document.adoptedStyleSheets.includes(ReadAlong.sheet)) {
      ReadAlong.sheet.replaceSync(PAINT);
      document.adoptedStyleSheets.push(ReadAlong.sheet);
    }
  }

  range(sentence) {
    const place = this.places[sentence];
    return place ? this.page.range(...place) : null;
  }

  wordRange(sentence, word) {
    const [place, said] = [this.places[sentence], this.marks.sentences[sentence]];
    const [, from] = comparable(said.text);
    const [start, end] = [said.words[word].start - said.start, said.words[word].end - said.start];
    const first = from.findIndex((at) => at >= start);
    const behind = from.findLastIndex((at) => at < end) + 1;
    return place && first >= 0 && behind > first ? this.page.range(place[0] + first, place[0] + behind) : null;
  }

  /** Mark what sounds at a time, in ms; null: nothing. */
  show(ms) {
    if (!this.marks || !CAN_MARK) return;
    const sentence = ms === null ? -1 : this.marks.sentenceAt(ms);
    const word = sentence < 0 ? -1 : this.marks.wordAt(sentence, ms);
    if (sentence !== this.sentence) {
      const range = sentence < 0 ? null : this.range(sentence);
      this.paint(MARKS.sentence, range, 0);
      if (range && this.follow) this.scroll(range);
    }
    if (sentence !== this.sentence || word !== this.word) {
      this.paint(MARKS.word, word < 0 || !this.places[sentence] ? null : this.wordRange(sentence, word), 1);
    }
    [this.sentence, this.word] = [sentence, word];
  }

  paint(name, range, priority) {
    if (!range) {
      CSS.highlights.delete(name);
      return;
    }
    const mark = new Highlight(range);
    mark.priority = priority;
    CSS.highlights.set(name, mark);
  }

  scroll(range) {
    const box = range.getBoundingClientRect();
    if (box.top > innerHeight * 0.15 && box.bottom < innerHeight * 0.75) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: box.top - innerHeight * 0.35, behavior: calm ? "instant" : "smooth" });
  }

  /** Scroll to the sentence being read, and with it from now on. */
  resume() {
    this.follow = this.follows;
    const range = this.sentence >= 0 && this.range(this.sentence);
    if (range) this.scroll(range);
  }

  listen() {
    const { signal } = this.leave;
    const scrolled = () => {
      if (!this.follow) return;
      this.follow = false;
      this.left?.();
    };
    const away = (event) => {
      if (["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"].includes(event.key) &&
        !event.composedPath()[0].matches?.("input,select,textarea,.said")) scrolled();
    };
    addEventListener("wheel", scrolled, { passive: true, signal });
    addEventListener("touchmove", scrolled, { passive: true, signal });
    addEventListener("keydown", away, { signal });
    if (!this.pick) return;
    document.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("keydown", (event) => this.keyed(event), { signal });
  }

  clicked(event) {
    if (!event.target.closest?.(this.selector) || event.target.closest("a,button,input,label,summary")) return;
    if (!getSelection().isCollapsed) return;
    const spot = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const older = spot ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const [node, offset] = spot ? [spot.offsetNode, spot.offset] : [older?.startContainer, older?.startOffset];
    if (node) this.choose(this.sentenceOf(node, offset));
  }

  /** On our own page each sentence is an element: arrows go from one to the next, Enter plays from there. */
  keyed(event) {
    const said = event.target.closest?.(".said");
    if (!said) return;
    const all = [...document.querySelectorAll(".said")];
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") this.choose(this.sentenceOf(said.firstChild, 0));
    else if (step) rove(all, all.indexOf(said) + step).focus();
    else return;
    event.preventDefault();
  }

  /** Index of the sentence at a place of the page; -1: none. */
  sentenceOf(node, offset) {
    return this.places.findIndex((place) => place && this.page.range(...place).isPointInRange(node, offset));
  }

  choose(sentence) {
    if (sentence < 0) return;
    this.follow = this.follows;
    this.pick(this.marks.sentences[sentence].start_ms / 1000);
  }

  close() {
    this.leave.abort();
    this.show(null);
  }
}
ReadAlong.sheet = CAN_MARK ? new CSSStyleSheet() : null;

/** One of our page's sentences takes the keyboard; the others can be reached from it by arrows. */
function rove(all, index) {
  const next = all[Math.max(0, Math.min(all.length - 1, index))];
  for (const one of all) {
    one.tabIndex = one === next ? 0 : -1;
    if (one === next) one.setAttribute("role", "button");
    else one.removeAttribute("role");
  }
  return next;
}
