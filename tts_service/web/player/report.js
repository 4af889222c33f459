// "That word was wrong": the sentence heard, and its words as buttons.

import { make, styled } from "./look.js";
import { stateLink, whyNot } from "./report_kept.js";
import { REPORT_STYLE } from "./report_look.js";
import { keep, newKey, sendReport, tryLater } from "./report_sending.js";
import { VERSION } from "./served.js";
import { fill } from "./texts.js";

const CATEGORIES = ["pronunciation", "number", "missing", "extra", "sound", "other"];
const MAX_COMMENT = 1000;

class Report {
  /** `about`: {clip, revision, marks, texts, language, token(): Promise} when it opens. */
  constructor(root) {
    this.root = root;
    styled(root.getRootNode(), REPORT_STYLE);
    // what was written stays when the dialog is closed by mistake
    this.draft = {};
  }

  open(about, ms) {
    Object.assign(this, { about, ms, key: newKey(), word: null, sentence: about.marks.sentenceAt(ms) });
    this.dialog?.remove();
    this.dialog = this.build(about.texts);
    this.root.append(this.dialog);
    this.showSentence();
    this.dialog.showModal();
  }

  build(texts) {
    const choice = (name) => make("label", { class: "choice" },
      make("input", { type: "radio", name: "category", value: name, checked: this.draft.category === name }), texts[name]);
    this.words = make("div", { class: "words", role: "group", "aria-labelledby": "which" });
    this.complaint = make("p", { class: "complaint", role: "alert" });
    this.comment = make("textarea", { id: "comment", rows: 3, value: this.draft.comment || "" });
    this.email = make("input", { id: "email", type: "email", autocomplete: "email", "aria-describedby": "erased", value: this.draft.email || "" });
    const step = (by) => () => this.step(by);
    this.form = make("form", { method: "dialog", novalidate: true },
      make("h2", { id: "ask" }, texts.ask),
      make("h3", { id: "which" }, texts.which), this.words,
      make("p", { class: "row" },
        this.earlier = make("button", { type: "button", onclick: step(-1) }, texts.before),
        this.later = make("button", { type: "button", onclick: step(1) }, texts.after)),
      make("fieldset", {}, make("legend", {}, texts.what), CATEGORIES.map(choice)),
      make("label", { for: "comment" }, texts.comment), this.comment,
      make("label", { for: "email" }, texts.email), this.email,
      make("p", { id: "erased", class: "hint" }, texts.emailKept), this.complaint,
      make("p", { class: "row" }, make("button", { class: "main", part: "send" }, texts.send),
        make("button", { type: "button", onclick: () => this.dialog.close() }, texts.close)));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    const dialog = make("dialog", { part: "dialog", "aria-labelledby": "ask", lang: texts.lang, dir: "ltr" }, this.form);
    dialog.addEventListener("close", () => { this.draft = this.written(); });
    return dialog;
  }

  step(by) {
    this.sentence += by;
    this.word = null;
    this.showSentence();
  }

  /** The sentence's words as buttons, what stands between them as text. */
  showSentence() {
    const { texts, marks, language } = this.about;
    const said = marks.sentences[this.sentence];
    const button = (word, text) => make("button", {
      type: "button", "aria-pressed": String(this.word === word), "data-word": word ?? "here",
      onclick: () => this.pick(word),
    }, text);
    const parts = [];
    let at = 0;
    said?.words.forEach((word, index) => {
      const start = word.start - said.start;
      if (start > at) parts.push(said.text.slice(at, start));
      parts.push(button(index, word.text));
      at = word.end - said.start;
    });
    if (said) parts.push(said.text.slice(at));
    this.words.replaceChildren(
      make("p", { class: "sentence", lang: language, dir: "auto" }, parts), make("p", {}, button(null, texts.here)));
    this.earlier.disabled = this.sentence <= 0;
    this.later.disabled = this.sentence >= marks.sentences.length - 1;
  }

  pick(word) {
    this.word = word;
    for (const one of this.words.querySelectorAll("button")) {
      one.setAttribute("aria-pressed", String(one.dataset.word === String(word ?? "here")));
    }
  }

  written() {
    return { category: this.form.elements.category?.value, comment: this.comment.value, email: this.email.value };
  }

  /** What is sent. The place lies inside of the word or sentence, so that rounding can't move it to the one before. */
  body() {
    const { clip, revision, marks, texts } = this.about;
    const { category, comment, email } = this.written();
    const said = marks.sentences[this.sentence];
    const word = said?.words[this.word];
    const within = said ? Math.min(Math.max(this.ms, said.start_ms + 2), Math.max(said.end_ms - 2, said.start_ms + 2)) : this.ms;
    const body = {
      clip, revision, category, comment: comment.trim(), player: VERSION, sent_key: this.key, language: texts.lang,
      position_ms: Math.round(word ? Math.max((word.start_ms + word.end_ms) / 2, said.start_ms + 2) : within),
    };
    if (word) body.token = word.token;
    if (email.trim()) body.email = email.trim();
    return body;
  }

  wrong() {
    const { texts } = this.about;
    const { category, comment } = this.written();
    if (!category) return [texts.choose, this.form.querySelector("[type=radio]")];
    const over = comment.trim().length - MAX_COMMENT;
    if (over > 0) return [fill(texts.long, { n: over }), this.comment];
    return this.email.validity.valid ? null : [texts.badEmail, this.email];
  }

  async send() {
    const wrong = this.wrong();
    this.complaint.textContent = wrong?.[0] || "";
    wrong?.[1].focus();
    if (wrong || this.sending) return;
    this.sending = true;
    const { texts } = this.about;
    const body = this.body();
    try {
      const { reference, why } = await sendReport(body, this.about.token);
      if (why) this.complaint.textContent = whyNot(texts, why);
      else this.done(texts.thanks, reference);
    } catch (error) {
      const said = this.about.marks.sentences[this.sentence]?.text;
      if (keep({ id: this.key, body, said })) {
        this.done(error.answered ? texts.later : texts.kept);
        tryLater();
      } else {
        this.complaint.textContent = texts.unsent;
      }
    }
    this.sending = false;
  }

  done(said, reference) {
    const { texts } = this.about;
    const close = make("button", { type: "button", class: "main", onclick: () => this.dialog.close() }, texts.close);
    this.form.reset();
    this.form.replaceChildren(
      make("h2", { id: "ask" }, said),
      reference ? make("p", {}, fill(texts.reference, { ref: reference })) : "",
      reference ? make("p", {}, stateLink(texts, reference)) : "",
      make("p", { class: "row" }, close));
    close.focus();
  }
}
