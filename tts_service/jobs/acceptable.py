"""Checks an article before it is accepted: text, size, markup, voice, formats, address of the callback."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.article.ssml import read_ssml
from tts_service.audio.encode import FORMATS
from tts_service.callbacks.endpoints import check_address
from tts_service.engines.pronunciation.ipa_check import IpaCheck
from tts_service.errors import EmptyArticle, FormatNotKnown, TooLarge
from tts_service.parts import Parts
from tts_service.values import Article, SourceFormat
from tts_service.values.article import MAX_ARTICLE_CHARACTERS, MAX_HTML_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the audio is wanted."""

    voice: str | None = None
    formats: tuple[str, ...] = ("mp3",)
    """Each once; MP3 is always among them: players, feeds and previews ask for it by name."""
    queue: str = "normal"
    callback_url: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "formats", tuple(dict.fromkeys(("mp3", *self.formats))))


def require_acceptable(parts: Parts, article: Article, wish: Wish) -> None:
    """Raises EmptyArticle, TooLarge, VoiceNotFound, LanguageNotSpoken, FormatNotKnown, MarkupRefused,
    AddressRefused."""
    if not article.source.strip() and not (article.title or "").strip():
        raise EmptyArticle("The article has no text: send it as text, html, markdown or ssml.")
    if not article.source.strip():
        raise EmptyArticle("The article has a title but no text.")
    size = len(article.source)
    if article.source_format is SourceFormat.HTML:
        size = len(article.source.encode("utf-8", "surrogatepass"))
        if size > MAX_HTML_BYTES:
            raise TooLarge(f"The HTML has {size} bytes; the limit is {MAX_HTML_BYTES}.")
    elif size > MAX_ARTICLE_CHARACTERS:
        raise TooLarge(f"The text has {size} characters; the limit is {MAX_ARTICLE_CHARACTERS}.")
    if article.source_format is SourceFormat.SSML:
        _check_ssml(parts, article)
    if wish.voice:
        parts.voices.find(wish.voice)
    elif article.language:
        parts.voices.default_voice(article.language)
    if wish.callback_url:
        check_address(parts.settings, wish.callback_url)
    for name in wish.formats:
        if name not in FORMATS:
            raise FormatNotKnown(f"Unknown audio format {name!r}.", known=list(FORMATS))


def _check_ssml(parts: Parts, article: Article) -> None:
    """Refuse markup outside the subset, and a pronunciation that no voice of its language can say."""
    document = read_ssml(article.source)
    for item in document.pieces:
        language = item.language or article.language or document.language
        for direction in item.directions:
            if direction.ipa and language:
                IpaCheck(parts.voices, language).spelled_by(direction.ipa)
