"""Sound files that are none: lists of other files, playlists of addresses, names that are instructions.

`python -m tests.measure.doors.sound` tries them against everything here that reads a sound file: the check of a
finished clip, and `verify`, which reads files that somebody brings. A listener hears every call to the outside; a
file beside them holds the sound that nobody should hear.
"""

from __future__ import annotations

import socket
import tempfile
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import av

from tests.measure.figures import Figure, exact
from tts_service.audio.decode import decoded, decoded_ms
from tts_service.audio.mixdown import mixed_down
from tts_service.audio.recording import RATE_HZ
from tts_service.errors import ServiceError
from tts_service.provenance.read_back import read_disclosure

RATE = 8000
SECRET_S = 2
OWN_S = 1
NAMES = (
    "it's.wav",
    "two\nlines.wav",
    "-i.wav",
    "concat:secret.wav|secret.wav",
    "file:secret.wav",
    "a|b.wav",
    "pipe:0",
    "http:x.wav",
    "%2e%2e.wav",
    "data:audio,x.wav",
    "😀 ü.wav",
    "secret.wav?x",
    "*.wav",
)
"""Names of a file of one second of sound; what they seem to say leads to another of two."""


def fakes(port: int, secret: Path) -> dict[str, str]:
    """Contents of files called .wav, .mp3 and .m4a by what they really are."""
    address = f"http://127.0.0.1:{port}"
    playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n"
    dash = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT5S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>'
        '<AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>{}</BaseURL>'
        "</Representation></AdaptationSet></Period></MPD>"
    )
    return {
        "HLS of an address": playlist.format(f"{address}/a.ts"),
        "HLS of a file": playlist.format(f"file://{secret}"),
        "HLS with a key's address": playlist.format(f"{secret.name}").replace(
            "#EXTINF", f'#EXT-X-KEY:METHOD=AES-128,URI="{address}/key"\n#EXTINF'
        ),
        "DASH of an address": dash.format(f"{address}/x.mp4"),
        "DASH of a file": dash.format(f"file://{secret}"),
        "list of files": f"ffconcat version 1.0\nfile {secret.name}\n",
        "list of files by their place": f"ffconcat version 1.0\nfile '{secret}'\n",
        "list of addresses": f"ffconcat version 1.0\nfile {address}/a.wav\n",
        "session description": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        f"m=audio {port} RTP/AVP 0\n",
        "stream reference": f"[Reference]\nRef1={address}/a.wma\n",
        "IMF list": f'<?xml version="1.0"?><AssetMap><Path>{secret.name}</Path></AssetMap>',
    }


@dataclass(slots=True)
class Heard:
    """What came of it."""

    calls: int = 0
    """Connections to the outside."""
    foreign: list[str] = field(default_factory=list)
    """What gave sound of another file."""
    wrong: list[str] = field(default_factory=list)
    """Genuine files under odd names that were not read to the sample."""
    tried: int = 0


READERS: dict[str, Callable[[Path], float]] = {
    "length": decoded_ms,
    "sound": lambda path: sum(len(piece) for piece in decoded(path, RATE)) * 1000 / RATE,
    "recording": lambda path: round(sum(len(piece) for piece in mixed_down(path, RATE_HZ)) * 1000 / RATE_HZ),
    "verify": lambda path: float(len(read_disclosure(path, "").tags)),
}
"""By what reads a file: the milliseconds of sound it gave; of `verify`, how many tags."""


def unguarded(path: Path) -> float:
    """How long a plain call finds a file."""
    with av.open(str(path)) as container:
        return sum(frame.samples for frame in container.decode(audio=0)) * 1000 / RATE


def tried(folder: Path, readers: dict[str, Callable[[Path], float]]) -> Heard:
    """Every fake under every ending, and every odd name."""
    heard = Heard()
    secret = _titled(_sound(folder / "secret.wav", SECRET_S))
    with _listening(heard) as port:
        for what, text in fakes(port, secret).items():
            for ending in ("wav", "mp3", "m4a"):
                path = folder / f"fake.{ending}"
                path.write_text(text)
                for name, read in readers.items():
                    heard.tried += 1
                    if _length(read, path):
                        heard.foreign.append(f"{name} of a {ending} that is a {what}")
        with chdir(folder):  # a name is an instruction only where it is the whole of the path
            for odd in NAMES:
                path = _sound(Path(odd), OWN_S)
                for name, read in readers.items():
                    heard.tried += 1
                    length = _length(read, path)
                    if name != "verify" and length != OWN_S * 1000:
                        heard.wrong.append(f"{name} of {odd!r}: {length} ms")
    return heard


def _length(read: Callable[[Path], float], path: Path) -> float:
    try:
        return read(path)
    except (ServiceError, av.error.FFmpegError, IndexError, ValueError):
        return 0.0


def _sound(path: Path, seconds: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"\x01\x02" * RATE * seconds)
    return path


def _titled(path: Path) -> Path:
    """The same file with a title: a chunk of RIFF's INFO list behind its sound."""
    chunk = b"INFO" + b"INAM" + (8).to_bytes(4, "little") + b"Secret.\x00"
    data = path.read_bytes() + b"LIST" + len(chunk).to_bytes(4, "little") + chunk
    path.write_bytes(data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:])
    return path


@contextmanager
def _listening(heard: Heard) -> Iterator[int]:
    """A listener on this machine that counts its callers. Yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def count() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                heard.calls += 1
                caller.close()

        thread = threading.Thread(target=count, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def figures() -> list[Figure]:
    """The rows of this part."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        heard = tried(Path(one), READERS)
        control = tried(Path(other), {"plain": unguarded})
    for line in heard.foreign + heard.wrong:
        print(line)
    note = f"{heard.tried} tries: lists, playlists, {len(NAMES)} odd names"
    return [
        _figure("calls to the outside for a sound file", heard.calls, "=", 0, note),
        _figure("sound of other files in what was read", len(heard.foreign), "=", 0, note),
        _figure("genuine files with odd names read wrongly", len(heard.wrong), "=", 0, f"of {len(NAMES)}"),
        _figure(
            "the same of a plain call",
            control.calls + len(control.foreign) + len(control.wrong),
            "≥",
            1,
            "so that 0 means something",
        ),
    ]


def _figure(name: str, value: int, sense: str, target: int, note: str) -> Figure:
    return exact(name=name, value=value, target=target, sense="≥" if sense == "≥" else "=", note=note)


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} ({figure.note}) {figure.verdict}")
