"""`make voice-samples`: a sentence in each shipped voice for docs/voices/, and the table of them in docs/voices.md.

Needs all of these voices (`make kokoro-styles`). A voice that isn't installed keeps its file and its row, and is named;
the command then ends with 1.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from tests.parts.places import ROOT
from tts_service.commands.audition import audition
from tts_service.engines.voices.registry import Registry
from tts_service.settings import Settings
from tts_service.values import Article, SourceFormat, Voice
from tts_service.web.pages.voice_names import language_name

PAGE = ROOT / "docs/voices.md"
FOLDER = ROOT / "docs/voices"
MAX_BYTES = 60_000
BEGIN, END = "<!-- voice-samples -->", "<!-- /voice-samples -->"
HEAD = ("| voice | language | sample |", "|---|---|---|")
SENTENCES = {
    "en": "Two dogs and a wedding cake were on board when the first ferry left at 6:45.",
    "de": "Am 1. Oktober um 9.30 Uhr fährt die Bahn wieder, ganz ohne Schaffner.",
    "fr": "Le phare se rallume vendredi, et il cherche encore son gardien.",
    "es": "El bibliobús vuelve el 3 de junio con 4.500 libros a bordo.",
    "it": "La prima cabina parte l'8 marzo alle 9.30, e i cani viaggiano gratis.",
}
"""What the voices of a language say."""
VOICES = (
    "hibari:heart",
    "piper:en_US-joe-medium",
    "kokoro:bf_emma",
    "kokoro:bm_george",
    "kokoro:df_sara_siwis",
    "kokoro:dm_nicola_alex",
    "pyttsx3:de",
    "kokoro:ff_siwis",
    "pyttsx3:fr",
    "kokoro:ef_dora",
    "kokoro:em_alex",
    "pyttsx3:es",
    "kokoro:if_sara",
    "kokoro:im_nicola",
    "pyttsx3:it",
)
"""In the order of the table."""
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def main() -> int:
    argparse.ArgumentParser(description="Speak the samples of docs/voices.md").parse_args()
    settings = Settings()
    installed = {voice.id: voice for voice in Registry(settings).voices()}
    rows = rows_of(PAGE.read_text("utf-8"))
    wrong = [f"{name} is not installed: its row stays as it was" for name in VOICES if name not in installed]
    for name in VOICES:
        if name not in installed:
            continue
        fault = _spoken(installed[name], settings)
        if fault:
            wrong.append(f"{name}: {fault}")
        else:
            rows[name] = _row(installed[name])
    PAGE.write_text(with_rows(PAGE.read_text("utf-8"), [rows[name] for name in VOICES if name in rows]), "utf-8")
    print(f"{len(rows)} of {len(VOICES)} voices have a sample in {FOLDER.relative_to(ROOT)}")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def rows_of(page: str) -> dict[str, str]:
    """The lines of the table by voice id."""
    table = page.partition(BEGIN)[2].partition(END)[0]
    return {found[1]: line for line in table.splitlines() if (found := _ROW.match(line))}


def with_rows(page: str, rows: list[str]) -> str:
    """The page with another table."""
    before, _, rest = page.partition(BEGIN)
    return "\n".join([before + BEGIN, *HEAD, *rows, END + rest.partition(END)[2]])


def file_of(voice_id: str) -> Path:
    return FOLDER / f"{voice_id.replace(':', '-')}.mp3"


def _row(voice: Voice) -> str:
    language = language_name(voice.language, "en")
    return f"| `{voice.id}` | {language} | [listen](voices/{file_of(voice.id).name}) |"


def _spoken(voice: Voice, settings: Settings) -> str:
    """Put the voice's sample in its place; else, why not."""
    language = voice.language.partition("-")[0]
    article = Article(
        site="local",
        external_id=voice.id,
        source=SENTENCES[language],
        source_format=SourceFormat.TEXT,
        title=None,
        language=language,
    )
    with tempfile.TemporaryDirectory() as folder:
        (one,) = audition(article, (voice,), Path(folder), settings, quiet=True)
        if one.file is None:
            return one.error
        data = one.file.read_bytes()
    if len(data) > MAX_BYTES:
        return f"its sample has {len(data)} bytes, more than {MAX_BYTES}"
    FOLDER.mkdir(exist_ok=True)
    file_of(voice.id).write_bytes(data)
    return ""


if __name__ == "__main__":
    sys.exit(main())
