// Finds sentences in a page by their text, changing nothing in it. Whitespace, quotes, soft hyphens and markup in
// between don't count. What can't be placed without doubt is passed over: a wrong mark is worse than none.

const INLINE = new Set(("A ABBR B BDI BDO CITE CODE DEL DFN EM FONT I INS KBD MARK Q S SAMP SMALL SPAN STRONG SUB SUP TIME U VAR WBR").split(" "));
const UNREAD = "script,style,noscript,template,svg,button,select,textarea,iframe,audio,video,object,article-audio,nav," +
  "s,del,strike,rt,rp,[hidden],[aria-hidden=true],.sr-only,.visually-hidden,.screen-reader-text,sup:has(a)";
const STRUCK = new Set(["S", "DEL", "STRIKE"]);
// Behind these, struck words are spoken (article/html.py): "costs £4 instead of <s>£5</s>".
const COMPARES = /(^|[^\p{L}])(instead of|rather than|(an)?statt|au lieu de?['’]?|en (vez|lugar) de|invece di|anziché)\s*$/iu;
const IGNORED = /[\s\p{Cf}\p{M}"'`´\u2018-\u201f\u2039\u203a\u00ab\u00bb\u02bc\u2032\u2033]/u;
const QUOTE = /["'\u2018-\u201f\u2039\u203a\u00ab\u00bb]/;
const LETTER = /[\p{L}\p{N}]/u;

/** The comparable part of a text: [characters, the place of each in the text]. */
export function comparable(text) {
  let letters = "";
  const from = [];
  let at = 0;
  for (const character of text) {
    for (const part of character.normalize("NFKD")) {
      if (IGNORED.test(part)) continue;
      const plain = /\p{Pd}|\u2212/u.test(part) ? "-" : part;
      letters += plain;
      for (let unit = 0; unit < plain.length; unit += 1) from.push(at);
    }
    at += character.length;
  }
  return [letters, from];
}

function isCompared(node) {
  const before = node.previousSibling;
  return STRUCK.has(node.tagName) && before?.nodeType === Node.TEXT_NODE && COMPARES.test(before.data.slice(-30));
}

/** All text below some elements, as one comparable string that knows its nodes. */
export class PageText {
  constructor(roots) {
    this.letters = "";
    // {node, first}: text nodes, by their first letter
    this.nodes = [];
    // place of each letter in its node
    this.from = [];
    // letters that begin something new
    this.breaks = new Set();
    this.fresh = true;
    const parts = [];
    this.length = 0;
    roots.forEach((root) => this.take(root, parts));
    this.letters = parts.join("");
  }

  take(node, parts) {
    if (node.nodeType === Node.TEXT_NODE) this.takeText(node, parts);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches(UNREAD) && !isCompared(node)) return;
    const block = !INLINE.has(node.tagName);
    this.fresh ||= block;
    node.childNodes.forEach((child) => this.take(child, parts));
    this.fresh ||= block;
  }

  takeText(node, parts) {
    const [letters, from] = comparable(node.data);
    const begins = this.length;
    let before = -1;
    for (let i = 0; i < letters.length; i += 1) {
      const between = node.data.slice(before + 1, from[i]);
      if (this.fresh || /[^\p{Cf}\p{M}]/u.test(between)) this.breaks.add(begins + i);
      this.fresh = false;
      before = from[i];
    }
    // Only what isn't letters is left behind the last one, and soft hyphens break nothing.
    if (/[^\p{Cf}\p{M}]/u.test(node.data.slice(before + 1))) this.fresh = true;
    if (!letters) return;
    this.nodes.push({ node, first: begins });
    for (const place of from) this.from.push(place);
    parts.push(letters);
    this.length += letters.length;
  }

  /** Whether letters a to b stand for themselves: neither cut out of a word at the front nor at the end. */
  whole(a, b) {
    const edge = (at) => at <= 0 || at >= this.length || this.breaks.has(at) ||
      !LETTER.test(this.letters[at - 1]) || !LETTER.test(this.letters[at]);
    return edge(a) && edge(b);
  }

  /** Where a text stands wholly within letters `low` to `high`; two places are enough to know that it is not one. */
  find(letters, low, high, most = 2) {
    const found = [];
    for (let at = this.letters.indexOf(letters, low); at >= 0 && at + letters.length <= high && found.length < most;
      at = this.letters.indexOf(letters, at + 1)) {
      if (this.whole(at, at + letters.length)) found.push(at);
    }
    return found;
  }

  /** A DOM range over letters a (included) to b (not); quotes that touch it belong to it. */
  range(a, b) {
    const [first, end] = [this.spot(a), this.spot(b - 1)];
    let [start, stop] = [first.at, end.at + 1];
    const character = end.node.data.codePointAt(end.at);
    if (character > 0xffff) stop += 1;
    while (start > 0 && QUOTE.test(first.node.data[start - 1])) start -= 1;
    while (stop < end.node.data.length && QUOTE.test(end.node.data[stop])) stop += 1;
    const range = document.createRange();
    range.setStart(first.node, start);
    range.setEnd(end.node, stop);
    return range;
  }

  spot(letter) {
    let [low, high] = [0, this.nodes.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.nodes[middle].first <= letter) low = middle;
      else high = middle;
    }
    return { node: this.nodes[low].node, at: this.from[letter] };
  }
}

/** Places of sentences, in order: [first letter, one past the last] each, null where it isn't (surely) there. */
export function placesOf(page, sentences) {
  const texts = sentences.map((sentence) => comparable(sentence.text)[0]);
  const places = texts.map(() => null);
  const put = (i, at) => { places[i] = [at, at + texts[i].length]; };
  const anchors = [];
  texts.forEach((text, i) => {
    const found = text.length >= 12 ? page.find(text, 0, page.length) : [];
    if (found.length === 1) anchors.push({ i, at: found[0], weight: text.length });
  });
  heaviestChain(anchors).forEach(({ i, at }) => put(i, at));
  // Between two sure places: what follows on the one before, then what leads up to the one behind.
  for (let i = 0; i < texts.length; i += 1) {
    const at = i ? places[i - 1]?.[1] : undefined;
    if (!places[i] && texts[i] && at !== undefined && page.letters.startsWith(texts[i], at) &&
      page.whole(at, at + texts[i].length)) put(i, at);
  }
  for (let i = texts.length - 1; i >= 0; i -= 1) {
    const at = (places[i + 1]?.[0] ?? -1) - texts[i].length;
    if (!places[i] && texts[i] && at >= 0 && page.letters.startsWith(texts[i], at) &&
      page.whole(at, at + texts[i].length)) put(i, at);
  }
  for (let i = 0; i < texts.length; i += 1) {
    if (places[i] || !texts[i]) continue;
    const low = places.slice(0, i).findLast(Boolean)?.[1] ?? 0;
    const high = places.slice(i + 1).find(Boolean)?.[0] ?? page.length;
    const found = page.find(texts[i], low, high);
    if (found.length === 1) put(i, found[0]);
  }
  return places;
}

/** The heaviest selection of anchors whose places are in the order of the sentences. */
function heaviestChain(anchors) {
  const best = anchors.map((anchor) => anchor.weight);
  const link = anchors.map(() => -1);
  anchors.forEach((anchor, i) => {
    for (let j = 0; j < i; j += 1) {
      if (anchors[j].at + anchors[j].weight <= anchor.at && best[j] + anchor.weight > best[i]) {
        [best[i], link[i]] = [best[j] + anchor.weight, j];
      }
    }
  });
  const chain = [];
  for (let i = best.indexOf(Math.max(...best)); i >= 0; i = link[i]) chain.unshift(anchors[i]);
  return chain;
}
