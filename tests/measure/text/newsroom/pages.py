"""Generated pages: a story in a container, with boxes at the places where real pages have them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from random import Random

from tests.measure.text.newsroom.boxes import BEHIND, BOXES, END, FRONT, MID, NOT_IN_A_FIELD, SHORTCODES, TOP, box
from tests.measure.text.newsroom.containers import CONTAINERS, Container, body_parts, with_two_elements
from tests.measure.text.newsroom.stories import LANGUAGES, Story, stories, wordings
from tts_service.values import Article, SourceFormat

Wordings = Mapping[str, Sequence[Sequence[str]]]
"""Kind of box -> its wordings."""
PAPER = "Arkona Post"
MIN_BOXES, MAX_BOXES = 3, 7
KNOWN_AUTHOR, LINKED_DATA = 0.6, 0.5
"""Share of the pages that name their author, and that have JSON-LD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePage:
    """A page and what should be read of it."""

    name: str
    article: Article
    wanted: tuple[str, ...]
    """Every line of the story, in order; the headline first."""


def made_pages(count: int, seed: int, *, unknown: bool = False) -> list[MadePage]:
    """So many pages, the languages in turn; the same ones for the same seed. `unknown`: with boxes in words that no
    phrase was written after."""
    languages = [LANGUAGES[number % len(LANGUAGES)] for number in range(count)]
    return [
        _page(language, number, Random(f"{seed}/{number}"), wordings(language, unknown=unknown))
        for number, language in enumerate(languages)
    ]


def _page(language: str, number: int, random: Random, words: Wordings) -> MadePage:
    place = random.randrange(len(stories(language)))
    story = stories(language)[place]
    container = random.choice(CONTAINERS)
    is_field = container.name == "field"
    kinds = sorted(set(BOXES) - NOT_IN_A_FIELD if is_field else BOXES)
    chosen = random.sample(kinds, random.randint(MIN_BOXES, MAX_BOXES))
    set_boxes: dict[str, list[str]] = {TOP: [], MID: [], END: [], BEHIND: [], FRONT: []}
    for kind in chosen:
        texts = words.get(kind, SHORTCODES)
        wording = texts[place % len(texts)] if kind == "author" else random.choice(texts)
        places = [at for at in BOXES[kind].places if not (is_field and at in (BEHIND, FRONT))]
        set_boxes[random.choice(places or [END])].append(box(kind, wording, random))
    source = container.page.format(
        headline=escape(story.headline),
        standfirst=escape(story.standfirst),
        body=_body(story, container, set_boxes, random),
        behind="".join(set_boxes[BEHIND]),
        **_chrome(language, story, words),
    )
    if not is_field:
        head = _head(story, random)
        body = "".join(set_boxes[FRONT]) + source
        source = f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'
    article = Article(
        site="s",
        external_id=str(number),
        source=source,
        source_format=SourceFormat.HTML,
        language=language,
        title=story.headline if is_field else None,
    )
    name = f"{number} {language}, {container.name}: {', '.join(chosen)}"
    return MadePage(
        name=name,
        article=article,
        wanted=(story.headline, story.standfirst, *(line.text for line in story.lines)),
    )


def _body(story: Story, container: Container, set_boxes: dict[str, list[str]], random: Random) -> str:
    parts = body_parts(story, container.markup)
    if container.between:
        parts = with_two_elements(parts, container.between)
    for one in set_boxes[MID]:
        parts.insert(random.randrange(1, len(parts)), one)
    return "\n".join((*set_boxes[TOP], *parts, *set_boxes[END]))


def _head(story: Story, random: Random) -> str:
    head = f"<meta charset='utf-8'><title>{escape(story.headline)} | {PAPER}</title>"
    if random.random() < KNOWN_AUTHOR:
        head += f"<meta name='author' content='{escape(story.author)}'>"
    if random.random() < LINKED_DATA:
        data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.headline}
        head += f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    return head


def _chrome(language: str, story: Story, words: Wordings) -> dict[str, str]:
    """Menu, side column and foot of a page; other stories are its teasers."""
    lists, topics = words["related_list"], words["topics"]
    below = _links(topics[1 % len(topics)][1:])
    others = [one for one in stories(language) if one is not story]
    return {
        "menu": _links(topics[0][1:]),
        "aside": f"<div class='side'><h3>{escape(lists[2 % len(lists)][0])}</h3>{_teasers(others)}</div>",
        "footer": f"<div class='foot'><p>{escape(words['rights'][0][0])}</p>{below}</div>",
    }


def _links(texts: Sequence[str]) -> str:
    items = "".join(f"<li><a href='/{place}'>{escape(text)}</a></li>" for place, text in enumerate(texts))
    return f"<div class='bar'><ul>{items}</ul></div>"


def _teasers(others: Sequence[Story]) -> str:
    return "".join(
        f"<div><a href='/s/{place}'><h4>{escape(one.headline)}</h4></a><p>{escape(one.standfirst)}</p></div>"
        for place, one in enumerate(others)
    )
