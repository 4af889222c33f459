"""Overview for staff: figures of a period as charts and tables, and their export as CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from gettext import NullTranslations
from typing import Annotated, Any

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from tts_service.access.sites import Sites
from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.figures.overview import PERIODS, Overview, overview
from tts_service.listeners.listening.figures import FEW
from tts_service.newsroom.sites import list_sites
from tts_service.parts import Parts
from tts_service.values.spreadsheet import csv_text
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted, locale_of
from tts_service.web.pages.templating import page
from tts_service.web.schemas.overview import OverviewOut
from tts_service.web.staff.figures.charts import Chart, draw
from tts_service.web.staff.session import SignedIn

router = APIRouter(prefix="/staff", include_in_schema=False)
Days = Annotated[int, Query(ge=1, le=PERIODS[-1])]
SiteChoice = Annotated[str, Query(max_length=64)]


@router.get("/overview")
def show_overview(
    request: Request, person: SignedIn, parts: GivenParts, days: Days = PERIODS[0], site: SiteChoice = ""
) -> Response:
    """The figures of the person's sites, or of one of them. Raises NotAllowed for another one."""
    figures = _figures(parts, person, site, days)
    language = language_accepted(request)
    words = catalogue(language)
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "figures": figures,
        "charts": {chart.id: (chart, draw(chart, _written(language))) for chart in _charts(figures, words, language)},
        "periods": PERIODS,
        "site": site,
        "sites": sorted(one.name for one in list_sites(parts.database) if person.may_see(one.name)),
        "few": FEW,
        "age_names": _age_names(words),
    }
    return page(request, "staff_overview.html", values, language=language)


@router.get("/overview.csv")
def export_csv(person: SignedIn, parts: GivenParts, days: Days = PERIODS[0], site: SiteChoice = "") -> Response:
    """The figures as CSV: a line per figure, and per span, age and word. Raises NotAllowed for another site."""
    text = csv_text(("figure", "of", "value"), _lines(_figures(parts, person, site, days)))
    headers = {"Content-Disposition": f'attachment; filename="overview-{days}-days.csv"', "Cache-Control": "no-store"}
    data = text.encode("utf-8-sig")  # spreadsheets take a file for UTF-8 only if it begins with a byte order mark
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/overview.json")
def export_json(person: SignedIn, parts: GivenParts, days: Days = PERIODS[0], site: SiteChoice = "") -> Response:
    """The figures as JSON, as GET /v1/overview has them. Raises NotAllowed for another site."""
    found = OverviewOut.model_validate(_figures(parts, person, site, days))
    return JSONResponse(found.model_dump(), headers={"Cache-Control": "no-store"})


def _figures(parts: Parts, person: Person, site: str, days: int) -> Overview:
    """Raises NotAllowed."""
    if site:
        person.require_site(site)
    sites: Sites = (site,) if site else person.sites
    with parts.database.reading() as session:
        return overview(parts.database, session, sites, days)


def _lines(figures: Overview) -> Iterator[tuple[str, str, object]]:
    found = asdict(figures)
    for name in ("days", "reports", "listens", "heard_to_end", "corrected", "fix_median_h", "fix_p90_h", "clips"):
        yield name, "", found[name]
    yield "never_reported", "", figures.never_reported
    yield "reports_per_1000", "", figures.reports_per_1000
    yield "open", "", figures.open
    for span in figures.spans:
        for name in ("reports", "listens", "clips", "reports_per_1000"):
            yield f"{name} per {'day' if figures.span_days == 1 else 'week'}", span.day, getattr(span, name)
    for age, count in figures.open_by_age.items():
        yield "open, days", age if age == "older" else f"under {age}", count
    for word in figures.words:
        yield f"reports of a word ({word.language})", word.word, word.reports
    for name, value in found["queue"].items():
        yield f"queue, {name}", "", value


def _charts(figures: Overview, words: NullTranslations, language: str) -> Iterator[Chart]:
    """The charts in the order of the page."""
    locale, written = locale_of(language), _written(language)
    pattern = "d MMM" if figures.days <= PERIODS[1] else "d MMM yy"
    labels = tuple(format_date(date.fromisoformat(span.day), pattern, locale=locale) for span in figures.spans)
    by_span: dict[str, tuple[str, list[float | None]]] = {
        "rate": (words.gettext("Reports per 1,000 listens"), [span.reports_per_1000 for span in figures.spans]),
        "reports": (words.gettext("Reports"), [span.reports for span in figures.spans]),
        "listens": (words.gettext("Listens"), [span.listens for span in figures.spans]),
        "clips": (words.gettext("New clips"), [span.clips for span in figures.spans]),
    }
    per = words.gettext("per day") if figures.span_days == 1 else words.gettext("per week")
    for name, (title, values) in by_span.items():
        known = [value for value in values if value is not None]
        least, most = (written(bound(known, default=0)) for bound in (min, max))
        told = words.gettext("Between {least} and {most}.").format(least=least, most=most)
        yield Chart(id=name, title=f"{title}, {per}", summary=told, labels=labels, values=tuple(values))
    ages = _age_names(words)
    yield Chart(
        id="ages",
        title=words.gettext("Open cases by age"),
        summary=", ".join(f"{ages[name]}: {count}" for name, count in figures.open_by_age.items()),
        labels=tuple(ages[name] for name in figures.open_by_age),
        values=tuple(figures.open_by_age.values()),
        horizontal=True,
    )
    yield Chart(
        id="words",
        title=words.gettext("Words reported most often"),
        summary=", ".join(f"{word.word}: {word.reports}" for word in figures.words),
        labels=tuple(word.word for word in figures.words),
        values=tuple(word.reports for word in figures.words),
        horizontal=True,
    )


def _age_names(words: NullTranslations) -> dict[str, str]:
    return {
        "1": words.gettext("under a day"),
        "7": words.gettext("under a week"),
        "30": words.gettext("under a month"),
        "older": words.gettext("older"),
    }


def _written(language: str) -> Callable[[float], str]:
    locale = locale_of(language)

    def written(number: Any) -> str:
        return str(format_decimal(round(number, 2), locale=locale))

    return written
