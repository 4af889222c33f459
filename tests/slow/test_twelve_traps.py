"""An article full of traps, spoken by both engines: every spoken word leads back to the one that was written."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.measure.bench.texts import ESPEAK, PIPER
from tests.parts.factories import make_article
from tts_service.article.blocks import read_blocks
from tts_service.audio.decode import decoded_ms
from tts_service.commands.to_file import speak_to_file
from tts_service.settings import Settings
from tts_service.values import SourceFormat

TRAPS = {
    "Dr.": "Doctor",
    "$1.5 million": "one point five million dollars",
    "10 a.m.": "ten A M",
    "2023-24": "twenty twenty-three to twenty-four",
    "1990s": "nineteen nineties",
    "II": "the second",
    "FBI": "F B I",
    "3-1": "three one",
    "25°C": "twenty-five degrees Celsius",
    "No.": "number",
    "example.com/harbour": "example dot com",
    "Covid-19": "Covid nineteen",
    "U.S.": "U S",
    "½": "half",
}
SOURCE = """
<nav>Home | News</nav>
<p>Dr. Lena Holt spent $1.5 million on the pier. It opened at 10 a.m. in the 2023-24 season.</p>
<p>Nothing like it was built in the 1990s, or under Elizabeth II. NATO and the FBI sent nobody.</p>
<ul><li>The home side won 3-1 at 25°C.</li><li>No. 10 scored after ½ an hour.</li></ul>
<p>See example.com/harbour for Covid-19 rules. The U.S. Senate didn’t vote.</p>
<figure><img alt="pier"><figcaption>The pier at dawn.</figcaption></figure>
"""


@pytest.mark.slow
@pytest.mark.parametrize("voice", [PIPER, ESPEAK])
def test_twelve_traps_are_said_and_lead_back_to_what_was_written(tmp_path: Path, voice: str) -> None:
    article = make_article(source=SOURCE, source_format=SourceFormat.HTML, title="A new pier")
    speak_to_file(article, tmp_path / "clip.mp3", voice, Settings(data_dir=tmp_path), marks=tmp_path / "marks.json")
    marks = json.loads((tmp_path / "marks.json").read_text("utf-8"))
    blocks = read_blocks(article).blocks
    words = [(sentence["block"], word) for sentence in marks["sentences"] for word in sentence["words"]]

    for block, word in words:
        assert blocks[block].spoken
        assert blocks[block].text[word["start"] : word["end"]] == word["text"]
    said = {word["text"]: word["spoken"] for _, word in words}
    assert {written: said.get(written) for written in TRAPS} == TRAPS

    spoken = [block for block in blocks if block.spoken]
    written = [character for block in spoken for character in block.text if character.isalnum()]
    heard = [character for _, word in words for character in word["text"] if character.isalnum()]
    assert heard == written
    times = [(word["start_ms"], word["end_ms"]) for _, word in words]
    assert all(start < end for start, end in times)
    assert all(before[0] <= behind[0] for before, behind in pairwise(times))
    assert times[-1][1] <= marks["end_ms"]
    assert abs(decoded_ms(tmp_path / "clip.mp3") - marks["end_ms"]) <= 1
