"""An article with a trap of each kind that newsrooms write, in English (each engine) and German (espeak-ng).

The kinds, in order: dashes, the first utterance, furniture, text between boxes, sentence ends, short forms, lists,
numbers by context, units, a country's way, markup, wrapped lines, names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.measure.bench.texts import PIPER
from tests.parts.factories import make_article
from tts_service.article.blocks import read_blocks
from tts_service.audio.decode import decoded_ms
from tts_service.commands.to_file import speak_to_file
from tts_service.settings import Settings
from tts_service.values import SourceFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Trapped:
    """An article, its voices, and what is said for what is written."""

    language: str
    source: str
    voices: tuple[str, ...]
    said: dict[str, str]
    skipped: tuple[str, ...]
    """Words of furniture: none is heard."""
    heard: tuple[str, ...] = field(default=())
    """Sentences that have to be whole."""


ENGLISH = Trapped(
    language="en-GB",
    voices=("pyttsx3:en-gb-x-rp", PIPER, "hibari:heart"),
    source="""
<p>Rodenau – the council met on Monday and gave the old pier, which had been shut for 12,500 days, to Dr. Lena Holt.</p>
<div class="newsletter-signup"><form><p>Our best stories by mail</p><input type="email"><button>Go</button></form></div>
<p>Why did it take so long?</p>
<p>He lived in the U.S. Analysts use Yahoo! Mail there.</p>
<p>Acme Inc. (founded 1902) paid Sgt. Kim Doyle of Sta. 12.</p>
<ul><li>1. Wash the rice.</li><li>2. Add 1½ tbsp oil.</li></ul>
<p>Winds SW 15 mph on the A38(M), with lows in the mid-40s and vitamin A for all.</p>
<p>It opened on 3.4.23? No: it opened on 3 April, at 7.30pm sharp.</p>
<p>It costs £12<sup>50</sup> instead of <s>£15</s>.</p>
<p>The lines of this text were wrapped at
seventy-two characters, as mail does it.</p>
<p>Man Utd asked NATO and Szymański.</p>
""",
    said={
        "12,500": "twelve thousand five hundred",
        "Dr.": "Doctor",
        "Inc.": "Incorporated",
        "Sgt.": "Sergeant",
        "Sta.": "Station",
        "SW": "southwest",
        "7.30pm": "seven thirty P M",
        "3 April": "the third of April",
        "£12.50": "twelve pounds fifty",
        "£15": "fifteen pounds",
        "NATO": "Nato",
    },
    skipped=("mail Go",),
    heard=("Why did it take so long?", "He lived in the U S."),
)
GERMAN = Trapped(
    language="de-CH",
    voices=("pyttsx3:de",),
    source="""
<p>Rodenau – der Rat traf sich am Montag und gab die alte Brücke, die 12'500 Tage gesperrt war, an Dr. Lena Holt.</p>
<div class="newsletter-signup"><form><p>Das Beste per Mail</p><input type="email"><button>Los</button></form></div>
<p>Warum dauerte es so lange?</p>
<p>Er hatte einen Plan A. Alle kannten ihn.</p>
<p>Die Müller GmbH &amp; Co. KG zahlte lt. Urt. v. 3.2.2020 nichts.</p>
<ul><li>1. Reis waschen.</li><li>2. 1½ EL Öl zugeben.</li></ul>
<p>Wind aus SW mit 15 km/h, im 3. Stock waren es 5°C, zu 3 J. Haft verurteilt.</p>
<p>Die Busse beträgt Fr. 250.–, zahlbar am 30.4.</p>
<p>Es kostet 10<sup>6</sup> Franken statt <s>5</s> Rappen.</p>
<p>Die Zeilen dieses Textes waren umgebrochen nach
Zeichen, wie es Post macht.</p>
<p>Der FC St. Gallen fragte die Nato und Szymański.</p>
""",
    said={
        "12'500": "zwölftausendfünfhundert",
        "Dr.": "Doktor",
        "lt.": "laut",
        "v.": "vom",
        "SW": "Südwest",
        "15 km/h": "fünfzehn Kilometer pro Stunde",
        "3.": "dritten",
        "3 J.": "drei Jahren",
        "Fr. 250.–": "zweihundertfünfzig Franken",
        "St.": "Sankt",
    },
    skipped=("Mail Los",),
    heard=("Warum dauerte es so lange?", "Er hatte einen Plan A.", "Alle kannten ihn."),
)
CASES = [(trapped, voice) for trapped in (ENGLISH, GERMAN) for voice in trapped.voices]


@pytest.mark.slow
@pytest.mark.parametrize(("trapped", "voice"), CASES, ids=[voice for _, voice in CASES])
def test_a_trap_of_each_kind_leads_back_to_what_was_written(tmp_path: Path, trapped: Trapped, voice: str) -> None:
    article = replace(
        make_article(source=trapped.source, source_format=SourceFormat.HTML, title="A bridge"),
        language=trapped.language,
    )
    speak_to_file(article, tmp_path / "clip.mp3", voice, Settings(data_dir=tmp_path), marks=tmp_path / "marks.json")
    marks = json.loads((tmp_path / "marks.json").read_text("utf-8"))
    blocks = read_blocks(article).blocks
    words = [(sentence["block"], word) for sentence in marks["sentences"] for word in sentence["words"]]

    for block, word in words:
        assert blocks[block].spoken
        assert blocks[block].text[word["start"] : word["end"]] == word["text"]
    said = {word["text"]: word["spoken"] for _, word in words}
    assert {written: said.get(written) for written in trapped.said} == trapped.said
    sentences = [" ".join(word["spoken"] for word in sentence["words"]) for sentence in marks["sentences"]]
    assert not [line for line in trapped.skipped if any(line in sentence for sentence in sentences)]
    assert not [line for line in trapped.heard if line.rstrip(".?") not in sentences]

    times = [(word["start_ms"], word["end_ms"]) for _, word in words]
    assert all(start < end for start, end in times)
    assert all(before[0] <= behind[0] for before, behind in pairwise(times))
    assert times[-1][1] <= marks["end_ms"]
    assert abs(decoded_ms(tmp_path / "clip.mp3") - marks["end_ms"]) <= 1
