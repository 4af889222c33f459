"""Speech: words to speak, voices, and the resulting sound."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

SAMPLE_WIDTH = 2
"""Bytes per sample: all PCM in this service is signed 16-bit little-endian mono."""


class DigitalSourceType(StrEnum):
    """How a voice produces sound: IPTC NewsCodes, digitalsourcetype."""

    TRAINED = "trainedAlgorithmicMedia"
    """A neural voice trained on recordings."""
    RULES = "algorithmicMedia"
    """A rule-based voice without training data (espeak-ng formants)."""
    CAPTURE = "digitalCapture"
    """A person's voice, recorded."""

    @property
    def uri(self) -> str:
        return f"http://cv.iptc.org/newscodes/digitalsourcetype/{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice, identified as `engine:name`."""

    engine: str
    name: str
    language: str
    """BCP 47 tag of its language."""
    sample_rate_hz: int
    licence: str
    digital_source_type: DigitalSourceType
    gain_db: float = 0.0
    """Calibrated gain that brings its speech within 1 LU of the loudness target."""
    fingerprint: str = ""
    """Hash of the model and the engine's version; part of every segment key."""
    cpu_s_per_minute: float | None = None
    """CPU time that a minute of its speech costs, measured on one thread; None: not measured."""
    remote: bool = False
    """Whether another server speaks: never chosen unless named, and counted towards its site's budget."""
    credit: str = ""
    """The line that its licence asks for, wherever its clips are heard; empty: none."""

    @property
    def id(self) -> str:
        return f"{self.engine}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A span of a block and its spoken form."""

    start: int
    """First character in the block's text."""
    end: int
    """One past the last character."""
    spoken: tuple[str, ...]
    """Spoken words without punctuation; empty: silent (a bare symbol)."""
    before: str = ""
    """Preceding punctuation that affects prosody, such as an opening quotation mark."""
    after: str = ""
    """Following punctuation that affects prosody, such as a comma."""
    ipa: str | None = None
    """Pronunciation from the lexicon in IPA; None: the engine's own."""
    rules: tuple[str, ...] = ()
    """Names of the rules that produced `spoken`; empty: spoken as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """One word as passed to an engine, punctuation attached."""

    text: str
    ipa: str | None = None


LETTER_NAMES = {("en", "A"): "ˈeɪ"}
"""(language, letter) -> its name in IPA, where voices don't say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A sentence, or part of a long one, ready for synthesis."""

    block: int
    """Index of its block in the article."""
    start: int
    """First character in the block's text."""
    end: int
    """One past the last character."""
    tokens: tuple[Token, ...]
    language: str
    pause_after_ms: int
    """Planned silence after it in the clip."""
    voice: str | None = None
    """Voice id requested by its block; None: the article's voice, or one for its language."""
    rate: float = 1.0
    """Speed; 1.0 is the voice's own."""

    @property
    def words(self) -> tuple[SpokenWord, ...]:
        """The engine's input: one item per spoken word, in order."""
        return tuple(word for _, word in self.words_by_token)

    @property
    def words_by_token(self) -> tuple[tuple[int, SpokenWord], ...]:
        """(token index, word) per spoken word, in order. Loose punctuation is attached to a neighbour.

        A token with a pronunciation is a single word, even if it was written as several.
        """
        out: list[tuple[int, SpokenWord]] = []
        lead = ""
        for index, token in enumerate(self.tokens):
            if not token.spoken:
                mark = (token.before + token.after).strip()
                if mark and out:
                    last_index, last = out[-1]
                    out[-1] = (last_index, SpokenWord(text=last.text + mark, ipa=last.ipa))
                continue
            spoken = ("-".join(token.spoken),) if token.ipa else token.spoken
            last_word = len(spoken) - 1
            for position, word in enumerate(spoken):
                text = (lead + token.before if position == 0 else "") + word
                text += token.after if position == last_word else ""
                ipa = token.ipa or self._letter_name(token, position)
                out.append((index, SpokenWord(text=text, ipa=ipa)))
                lead = ""
        return tuple(out)

    def _letter_name(self, token: Token, position: int) -> str | None:
        """The name of a letter that is a word of its own as well: voices take an English "A" for the article.

        Where a rule has said it, it is the letter ("A C L U", "vitamin A"); an entry of a lexicon may begin with an
        article, so there another letter has to stand beside it.
        """
        name = LETTER_NAMES.get((self.language.split("-", 1)[0].lower(), token.spoken[position]))
        if name is None or not token.rules:
            return None
        beside = (*token.spoken[max(0, position - 1) : position], *token.spoken[position + 1 : position + 2])
        letters = any(len(word) == 1 and word.isupper() for word in beside)
        return name if letters or not token.rules[0].startswith("lexicon") else None

    @property
    def spoken_text(self) -> str:
        """The final spoken form as one string."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTime:
    """Time of one spoken word within its segment."""

    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechMark:
    """Time of a token within its segment."""

    token: int
    """Index among the utterance's tokens."""
    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The sound of one utterance: content-addressed, independent of its position in an article."""

    key: str
    """`segment_key(...)` of its words, voice and settings."""
    pcm: bytes = field(repr=False)
    """s16 mono."""
    sample_rate_hz: int
    words: tuple[WordTime, ...]
    """One per spoken word of the utterance, in order."""

    @property
    def samples(self) -> int:
        return len(self.pcm) // SAMPLE_WIDTH

    @property
    def duration_ms(self) -> float:
        return self.samples * 1000 / self.sample_rate_hz


def marks_of(utterance: Utterance, words: tuple[WordTime, ...]) -> tuple[SpeechMark, ...]:
    """Times of an utterance's tokens, from the times of its spoken words."""
    spans: dict[int, tuple[float, float]] = {}
    for (token, _), time in zip(utterance.words_by_token, words, strict=True):
        start = spans[token][0] if token in spans else time.start_ms
        spans[token] = (start, time.end_ms)
    return tuple(SpeechMark(token=t, start_ms=s, end_ms=e) for t, (s, e) in spans.items())


def segment_key(words: tuple[SpokenWord, ...], voice: Voice, settings: tuple[str, ...] = ()) -> str:
    """SHA-256 over length-prefixed fields: the words, the exact voice, and the settings.

    Excludes positions, so that a repeated sentence is the same segment.
    """
    digest = hashlib.sha256()
    fields = ["segment-1", voice.id, voice.fingerprint, *settings]
    for word in words:
        fields += [word.text, word.ipa or ""]
    for text in fields:
        data = text.encode("utf-8")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
