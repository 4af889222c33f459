"""What a listener really heard: the browser's own output recorded, and held against the sentences of the clip."""

from __future__ import annotations

import base64
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from tests.measure.hear.sound import decoded
from tests.parts.player_pages import Seat

RATE_HZ = 22_050
Wave = NDArray[np.float32]
_THIN = 4
"""A quarter of the samples tells sentences apart."""
_HEARD = 0.7
"""Least correlation of a sentence with the place where it is heard."""
_APART_S = 0.5

RECORD = """(() => {
  const heard = (window.heard = { bytes: [], pcm: [] });
  const append = SourceBuffer.prototype.appendBuffer;
  SourceBuffer.prototype.appendBuffer = function (bytes) {
    const copy = bytes.slice();
    append.call(this, bytes);
    heard.bytes.push(copy);
  };
  const recorder = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([input]) {
      this.held ??= [];
      this.held.push(input[0] ? input[0].slice() : new Float32Array(128));
      if (this.held.length === 32) this.port.postMessage(this.held.splice(0));
      return true;
    }
  });`;
  const context = new AudioContext({ sampleRate: RATE });
  const address = URL.createObjectURL(new Blob([recorder], { type: "text/javascript" }));
  const listening = context.audioWorklet.addModule(address).then(() => {
    const node = new AudioWorkletNode(context, "recorder");
    node.port.onmessage = ({ data }) => heard.pcm.push(...data);
    node.connect(context.destination);
    return node;
  });
  const Plain = window.Audio;
  window.Audio = function () {
    const audio = new Plain();
    const source = context.createMediaElementSource(audio);
    listening.then((node) => source.connect(node));
    return audio;
  };
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    context.resume();
    return play.call(this);
  };
  const text = (parts) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.readAsDataURL(new Blob(parts));
  });
  heard.told = async () => [await text(heard.bytes), await text(heard.pcm)];
})()""".replace("RATE", str(RATE_HZ))
"""Runs before the page's own scripts: every Audio it makes is recorded, and every byte it is fed is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the clip and its sound in the finished file."""

    start_s: float
    end_s: float
    wave: Wave = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sentence heard in a recording."""

    sentence: int
    at_s: float
    level_db: float
    """Above the finished file's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was wrong with what a listener heard."""

    heard: int
    """Sentences heard, those heard again after going back too."""
    missing: int
    repeated: int
    gap_ms: float
    """Most that the time between two sentences differs from the clip's."""
    gap_behind: int
    """The sentence behind which that is."""
    step_db: float
    """Greatest change of level from one sentence to the next."""


def recording(seat: Seat) -> tuple[bytes, Wave]:
    """The bytes a page fed its player while the clip grew, and what came out of it."""
    fed, pcm = seat.page.evaluate("() => window.heard.told()")
    return base64.b64decode(fed), np.frombuffer(base64.b64decode(pcm), np.float32)


def sentences_of(finished: bytes, marks: dict[str, Any]) -> list[Sentence]:
    """The clip's sentences from its finished file and its marks."""
    sound = decoded(io.BytesIO(finished))
    assert sound.rate_hz == RATE_HZ, sound.rate_hz
    found = []
    for said in marks["sentences"]:
        start_s, end_s = said["start_ms"] / 1000, said["end_ms"] / 1000
        wave = sound.wave[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)].astype(np.float32)
        found.append(Sentence(start_s=start_s, end_s=end_s, wave=wave))
    return found


def verdict(wave: Wave, sentences: Sequence[Sentence], back: tuple[float, float] | None) -> Verdict:
    """Hold a recording against the clip. `back`: the listener went from this second of the clip to that one."""
    found = sorted(
        (one for number, said in enumerate(sentences) for one in _places(wave, number, said)), key=lambda one: one.at_s
    )
    wanted, either = _wanted(sentences, back)
    heard = [one.sentence for one in found]
    missing, repeated = _differences(heard, wanted, either)
    went_s = found[0].at_s + back[0] - sentences[found[0].sentence].start_s if found and back else -1.0
    gaps, steps = [(0.0, 0)], [0.0]
    for one, following in itertools.pairwise(found):
        if following.sentence == one.sentence + 1:
            planned = sentences[following.sentence].start_s - sentences[one.sentence].start_s
            if not one.at_s <= went_s < following.at_s:  # going back is no gap
                gaps.append((abs(following.at_s - one.at_s - planned) * 1000, one.sentence))
            steps.append(abs(following.level_db - one.level_db))
    gap_ms, behind = max(gaps)
    return Verdict(
        heard=len(heard), missing=missing, repeated=repeated, gap_ms=gap_ms, gap_behind=behind, step_db=max(steps)
    )


def _wanted(sentences: Sequence[Sentence], back: tuple[float, float] | None) -> tuple[list[int], set[int]]:
    """Sentences in the order in which they should be heard, and those of which going back leaves a part."""
    every = list(range(len(sentences)))
    if back is None:
        return every, set()
    left, came = back
    before = [number for number in every if sentences[number].end_s <= left]
    behind = [number for number in every if sentences[number].start_s >= came]
    cut = {number for number in every if any(sentences[number].start_s < at < sentences[number].end_s for at in back)}
    return before + behind, cut


def _differences(heard: Sequence[int], wanted: Sequence[int], either: set[int]) -> tuple[int, int]:
    """How many sentences are missing, and how many were heard too often; order counts."""
    missing = 0
    rest = list(heard)
    for number in wanted:
        if number in rest:
            # What lies before it came too often, or in the wrong place, unless only a part of it was wanted.
            rest.remove(number)
        else:
            missing += number not in either
    in_order = [number for number in heard if number not in either] == [n for n in wanted if n not in either]
    repeated = sum(number not in either for number in rest)
    return missing, repeated if in_order or missing or repeated else 1


def _places(wave: Wave, number: int, said: Sentence) -> list[Found]:
    """Every place where a sentence is heard."""
    thin, want = _thinned(wave), _thinned(said.wave)
    if len(thin) < len(want):
        return []
    crossed = fftconvolve(thin, want[::-1], mode="valid")
    sums = np.concatenate(([0.0], np.cumsum(thin.astype(np.float64) ** 2)))
    under = np.maximum(sums[len(want) :] - sums[: -len(want)], 1e-9)
    own = float(np.dot(want, want))
    alike = crossed / np.sqrt(under * own)
    found = []
    while float(alike.max()) >= _HEARD:
        at = int(alike.argmax())
        level_db = 10 * float(np.log10(under[at] / own))
        found.append(Found(sentence=number, at_s=at * _THIN / RATE_HZ, level_db=level_db))
        reach = round(_APART_S * RATE_HZ / _THIN)
        alike[max(0, at - reach) : at + reach] = 0
    return found


def _thinned(wave: Wave) -> Wave:
    whole = len(wave) // _THIN * _THIN
    thin: Wave = wave[:whole].reshape(-1, _THIN).mean(axis=1)
    return thin
