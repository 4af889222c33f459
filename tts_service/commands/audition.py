"""audition: the same text in each installed voice of a language, with the cost, loudness and licence of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tts_service.commands.app import JsonFlag, app, say, settings, show_rows
from tts_service.commands.speak import ReadAs, Source, read_article
from tts_service.errors import InputRefused, ServiceError

if TYPE_CHECKING:
    from tts_service.engines.voices.catalogue import VoiceLicence
    from tts_service.narration.audition import VoiceFigures
    from tts_service.settings import Settings
    from tts_service.values import Article, Voice

PAGE = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditionedVoice:
    """One voice in an audition."""

    voice: Voice
    licence: VoiceLicence | None
    """None: nothing is known of it beside `Voice.licence`."""
    file: Path | None = None
    """Its clip; None: it couldn't speak the text."""
    figures: VoiceFigures | None = None
    cer: float | None = None
    """Share of letters that the recogniser got wrong; None: not measured."""
    error: str = ""
    """Why it couldn't."""


@app.command("audition")
def hold_audition(
    source: Source,
    out: Annotated[Path, typer.Option("--out", help="Folder for the clips and the page.")] = Path("audition"),
    lang: Annotated[str | None, typer.Option(help="Language of the article (BCP 47); default: the article's.")] = None,
    read_as: ReadAs = None,
    json_: JsonFlag = False,
) -> None:
    """Speak an article in each installed voice of its language, and write a page to compare them."""
    from tts_service.article.blocks import read_blocks
    from tts_service.ears.model_files import missing
    from tts_service.engines.voices.registry import Registry
    from tts_service.narration.audition import voices_to_audition

    article = read_article(source, lang, read_as)
    language = lang or read_blocks(article).language
    voices = voices_to_audition(Registry(settings()), language)
    _require_folder(out)
    found = audition(article, voices, out, settings())
    page = out / PAGE
    page.write_text(comparison_page(found, article.title or source, language), "utf-8")
    show_rows([_row(one) for one in found], json_)
    for one in found:
        if one.error:
            say(f"{one.voice.id} could not speak it: {one.error}")
    if reason := missing():
        say(f"Character errors are not measured: {reason}")
    say(f"Compare the voices: {page}")
    if any(one.error for one in found):
        raise typer.Exit(1)


def audition(
    article: Article, voices: tuple[Voice, ...], out: Path, settings: Settings, *, quiet: bool = False
) -> list[AuditionedVoice]:
    """Write one MP3 for each voice into a folder. A voice that fails has an error in place of a file.

    `quiet`: no progress is shown.
    """
    from tts_service.commands.to_file import speak_to_file
    from tts_service.ears.listener import Listener
    from tts_service.ears.model_files import missing
    from tts_service.ears.understood import HeardSpeaker
    from tts_service.engines.child.speak import EngineChild
    from tts_service.engines.voices.licences import VOICE_LICENCES
    from tts_service.narration.audition import VoiceMeter

    found = []
    can_hear = not missing()
    with EngineChild(settings) as engine, Listener(settings) as ears:
        for voice in voices:
            one = partial(AuditionedVoice, voice=voice, licence=VOICE_LICENCES.get(voice.id))
            file = out / f"{voice.id.replace(':', '-')}.mp3"
            meter = VoiceMeter(engine, voice)
            heard = HeardSpeaker(meter, ears, voice) if can_hear else None
            try:
                speak_to_file(article, file, voice.id, settings, quiet=quiet, engine=heard or meter)
            except ServiceError as error:
                found.append(one(error=error.message))
            else:
                found.append(one(file=file, figures=meter.read(), cer=heard.cer if heard else None))
                if heard and heard.failure:
                    say(f"{voice.id} was not heard: {heard.failure}")
    return found


def comparison_page(found: list[AuditionedVoice], title: str, language: str) -> str:
    """An HTML document that needs nothing but the clips beside it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from tts_service.web.pages.voice_names import language_name, voice_name

    made = Environment(
        loader=PackageLoader("tts_service.commands", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rows = [_row(one) | {"name": voice_name(one.voice.id, "en"), "error": one.error} for one in found]
    values = {"title": title, "language": language_name(language, "en"), "rows": rows}
    return made.get_template("audition.html").render(values)


def _require_folder(out: Path) -> None:
    """Raises InputRefused."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputRefused(
            f"The folder {out} can't be created ({error.strerror}): choose another one with --out."
        ) from error


def _row(one: AuditionedVoice) -> dict[str, Any]:
    """One line of the table; None: not known or not measured."""
    figures = one.figures
    cost = figures.cpu_s_per_minute if figures else None
    return {
        "voice": one.voice.id,
        "language": one.voice.language,
        "file": one.file.name if one.file else None,
        "seconds": round(figures.seconds, 1) if figures else None,
        "cpu_s_per_minute": round(cost, 2) if cost is not None else None,
        "lufs": round(figures.lufs, 1) if figures else None,
        "dbtp": round(figures.dbtp, 1) if figures else None,
        "licence": one.voice.licence,
        "commercial": one.licence.commercial.value if one.licence else None,
        "cer": round(one.cer, 4) if one.cer is not None else None,
    }
