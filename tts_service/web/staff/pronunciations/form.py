"""A pronunciation as a form: fields to a proposal and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.db.tables import LexiconEntryRow
from tts_service.errors import InputRefused, ServiceError
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.web.pages.voice_names import language_name
from tts_service.web.staff.articles.voice_choice import voices_offered


def proposal_from(form: Mapping[str, str], row: LexiconEntryRow | None) -> LexiconProposal:
    """A form's proposal. `row`: the entry that it changes, which stays where it holds. Raises InputRefused."""
    place = place_from(form) if row is None else Place(scope=Scope(row.scope), site=row.site, article=row.article)
    lexeme = Lexeme(
        graphemes=tuple(line.strip() for line in form.get("graphemes", "").splitlines() if line.strip()),
        language=form.get("language", "").strip(),
        alias=form.get("alias", "").strip() or None,
        ipa=form.get("ipa", "").strip() or None,
        scope=place.scope,
        case_sensitive=not form.get("anycase"),
        alone=bool(form.get("alone")),
    )
    return LexiconProposal(
        place=place,
        lexeme=lexeme,
        entry_id=row.id if row else None,
        except_articles=tuple(_article(line) for line in form.get("except", "").split()),
        note=form.get("note", ""),
        seen_ms=seen_from(form),
    )


def seen_from(form: Mapping[str, str]) -> int | None:
    """When the entry that the form showed had been changed; None: the form is for a new one. Raises InputRefused."""
    sent = form.get("seen", "")
    if not sent:
        return None
    if not (sent.isascii() and sent.isdigit() and len(sent) < 18):
        raise InputRefused("The form can't be read: reload the page.")
    return int(sent)


def place_from(form: Mapping[str, str]) -> Place:
    """Where a new entry is to hold. Raises InputRefused."""
    scope = form.get("scope", "") or Scope.SITE
    if scope not in tuple(Scope):
        raise InputRefused("Choose where it holds: everywhere, in a site or in an article.", field="scope")
    place = Place(
        scope=Scope(scope),
        site=(form.get("site", "").strip() or None) if scope != Scope.GLOBAL else None,
        article=(form.get("article", "").strip() or None) if scope == Scope.ARTICLE else None,
    )
    place.check()
    return place


def fields_of_entry(row: LexiconEntryRow | None) -> defaultdict[str, str]:
    """An entry in the form's fields."""
    values = defaultdict[str, str](str)
    if row is not None:
        values |= {
            "scope": row.scope,
            "site": row.site or "",
            "article": row.article or "",
            "language": row.language,
            "graphemes": "\n".join(row.graphemes),
            "alias": row.alias or "",
            "ipa": row.ipa or "",
            "anycase": "" if row.case_sensitive else "yes",
            "alone": "yes" if row.alone else "",
            "except": "\n".join("/".join(one) for one in row.except_articles or ()),
            "note": row.note,
            "seen": str(row.updated_ms),
        }
    return values


_FIELDS = ("scope", "site", "article", "language", "graphemes", "alias", "ipa", "except", "note", "why")


def field_at_fault(error: ServiceError) -> str:
    """Id of the field that a refusal is about; the whole form's where it is none of them."""
    field = "except" if error.details.get("field") == "except_articles" else error.details.get("field")
    return field if field in _FIELDS else "pronunciation"


def languages_offered(parts: Parts, shown_in: str) -> list[tuple[str, str]]:
    """Tag and name of the languages that the voices speak, without and with their countries."""
    spoken = [voice.language.split("-") for voice in voices_offered(parts)]
    tags = {subtags[0] for subtags in spoken} | {"-".join(subtags) for subtags in spoken if len(subtags[-1]) == 2}
    return sorted(((tag, language_name(tag, shown_in)) for tag in tags), key=lambda one: one[1])


def _article(text: str) -> ArticleName:
    """`site/id`. Raises InputRefused."""
    site, slash, external_id = text.partition("/")
    if not slash or not external_id:
        raise InputRefused(
            f"{text[:80]!r} is not an article: write the site's name, a slash and the article's id.",
            field="except_articles",
        )
    return ArticleName(site, external_id)
