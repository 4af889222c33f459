"""The containers of articles: what newsrooms' templates put around the text, and how they mark it up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from tests.measure.text.newsroom.stories import Line, Story

Rendered = Callable[[Line], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """The elements of a text: `{}` is a line's own text."""

    p: str = "<p>{}</p>"
    h: str = "<h2>{}</h2>"
    quote: str = "<blockquote><p>{}</p></blockquote>"
    q: str = "<p><strong>{}</strong></p>"
    box: str = '<div class="css-77 p-4"><h3>{}</h3><p>{}</p></div>'
    li: str = "<li>{}</li>"
    items: str = "<ul>{}</ul>"


PARAGRAPHS = Markup()
DIVS = Markup(
    p='<div class="mt-4">{}</div>',
    h='<h3 class="text-xl">{}</h3>',
    quote='<blockquote class="mt-4">{}</blockquote>',
    q='<div class="mt-4"><b>{}</b></div>',
    box='<div class="mt-4 rounded bg-gray-100"><div class="font-bold">{}</div><div>{}</div></div>',
)
WRAPPED = Markup(
    p='<div class="sc-p"><p>{}</p></div>',
    h='<div class="sc-h"><h2>{}</h2></div>',
    quote='<div class="sc-q"><blockquote>{}</blockquote></div>',
    q='<div class="sc-p"><h3>{}</h3></div>',
    items='<div class="sc-l"><ul>{}</ul></div>',
)
BROKEN = Markup(
    p="{}<br><br>\n",
    h="<b>{}</b><br><br>\n",
    quote="<i>{}</i><br><br>\n",
    q="<b>{}</b><br><br>\n",
    box="<table><tr><td><b>{}</b><br>{}</td></tr></table>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An article's place on a page."""

    name: str
    page: str
    """With {headline}, {standfirst}, {body} and {behind}; {menu}, {aside} and {footer} are the page's chrome."""
    markup: Markup = PARAGRAPHS
    between: str = ""
    """What divides the body's elements where it has two."""
    chrome: dict[str, str] = field(default_factory=dict)


CONTAINERS = (
    Container(
        name="semantic",
        page="{menu}<main><article><h1>{headline}</h1><p class='standfirst'>{standfirst}</p>"
        "<div class='body'>{body}</div>{behind}</article>{aside}</main>{footer}",
    ),
    Container(
        name="utility classes",
        page="<div class='flex'>{menu}</div><div class='max-w-2xl mx-auto'><h1 class='text-3xl'>{headline}</h1>"
        "<div class='text-xl'>{standfirst}</div>{body}{behind}</div>{aside}{footer}",
        markup=DIVS,
    ),
    Container(
        name="wordpress",
        page="<div id='page'>{menu}<div id='content'><div id='primary'><article class='post hentry'>"
        "<h1 class='entry-title'>{headline}</h1><div class='entry-content'><p><strong>{standfirst}</strong></p>{body}"
        "</div>{behind}</article></div>{aside}</div>{footer}</div>",
    ),
    Container(
        name="hashed names",
        page="<div id='__next'>{menu}<div class='sc-a'><div class='sc-b'><div class='sc-hd'><h1>{headline}</h1>"
        "<h2 class='sc-sub'>{standfirst}</h2></div><div class='sc-body'>{body}</div>{behind}</div>{aside}</div>{footer}"
        "</div>",
        markup=WRAPPED,
    ),
    Container(
        name="amp",
        page="<amp-sidebar>{menu}</amp-sidebar><article class='amp-wp-article'><header class='amp-wp-article-header'>"
        "<h1 class='amp-wp-title'>{headline}</h1></header><div class='amp-wp-article-content'><p>{standfirst}</p>{body}"
        "</div>{behind}</article>{footer}",
    ),
    Container(
        name="table layout",
        page="<table width='100%'><tr><td colspan=3>{menu}</td></tr><tr><td width=120>{aside}</td><td>"
        "<h1>{headline}</h1><b>{standfirst}</b><br><br>{body}{behind}</td></tr><tr><td>{footer}</td></tr></table>",
        markup=BROKEN,
    ),
    Container(
        name="two bodies",
        page="{menu}<article><header><h1>{headline}</h1><p>{standfirst}</p></header><div class='a-body'>{body}</div>"
        "{behind}</article>{aside}{footer}",
        between="</div><div class='a-slot'><div id='gpt-mid'></div></div><div class='a-body'>",
    ),
    Container(
        name="sections",
        page="{menu}<main><header><h1>{headline}</h1><p class='dek'>{standfirst}</p></header>"
        "<section class='s-text'>{body}</section>{behind}</main>{aside}{footer}",
        between="</section><section class='s-text'>",
    ),
    Container(name="field", page="<p><strong>{standfirst}</strong></p>{body}"),
)


def body_parts(story: Story, markup: Markup) -> list[str]:
    """The story's lines as HTML; a list, and a box with its text, are one part."""
    parts: list[str] = []
    lines = list(story.lines)
    while lines:
        line = lines.pop(0)
        if line.kind == "li":
            items = [line]
            while lines and lines[0].kind == "li":
                items.append(lines.pop(0))
            parts.append(markup.items.format("".join(markup.li.format(escape(one.text)) for one in items)))
        elif line.kind == "box":
            parts.append(markup.box.format(escape(line.text), escape(lines.pop(0).text)))
        else:
            layout = {"h": markup.h, "quote": markup.quote, "q": markup.q}.get(line.kind, markup.p)
            parts.append(layout.format(escape(line.text)))
    return parts


def with_two_elements(parts: Sequence[str], between: str) -> list[str]:
    """The parts, the middle one followed by what divides two elements."""
    middle = len(parts) // 2
    return [part + between if place == middle else part for place, part in enumerate(parts)]
