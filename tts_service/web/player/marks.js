// When each sentence and word sounds: marks.json, and where one is in it.

export class Marks {
  /** `document`: marks.json; null: nothing is known yet. */
  constructor(document) {
    this.revision = document?.revision;
    this.sentences = document?.sentences || [];
    this.chapters = document?.chapters || [];
    this.endMs = document?.end_ms ?? this.sentences.at(-1)?.end_ms ?? 0;
  }

  /** Index of the sentence heard at a time: the last one that had begun; before the first, the first. -1: none. */
  sentenceAt(ms) {
    return this.sentences.length ? Math.max(0, last(this.sentences, ms)) : -1;
  }

  /** Index of the word that sounds; it stays until the next one begins, or its sentence ends. -1: none. */
  wordAt(sentence, ms) {
    const found = this.sentences[sentence];
    return found && ms < found.end_ms ? last(found.words, ms) : -1;
  }

  /** The next silence between two sentences, from a time on: {from, to} in ms, 300 ms at least; undefined: none. */
  silenceAfter(ms) {
    for (let at = Math.max(0, last(this.sentences, ms)); at + 1 < this.sentences.length; at += 1) {
      const [from, to] = [this.sentences[at].end_ms, this.sentences[at + 1].start_ms];
      if (from >= ms && to - from >= 300) return { from, to };
    }
    return undefined;
  }
}

/** Index of the last item that begins at `ms` or before; -1: none. */
export function last(items, ms) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].start_ms <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
