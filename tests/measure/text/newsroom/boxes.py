"""The boxes that newsrooms set around and among their text, in the markup of real pages.

`{0}`, `{1}` … are the texts of a wording, `{c}` is the name of the box's element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from random import Random

TOP, MID, END, BEHIND, FRONT = "top", "mid", "end", "behind", "front"
"""Below the standfirst, among the text, last in its element, behind its element, before the whole page."""
NAMES = ("css-1q2w3e", "sc-fzXy", "mt-8 p-4 rounded bg-blue-50", "flex gap-2", "block", "my-6 border-y", "c-box_x9", "")
"""Names that tell nothing."""


@dataclass(frozen=True, slots=True)
class BoxKind:
    """Where a kind of box stands, and the ways it is marked up."""

    places: tuple[str, ...]
    layouts: tuple[str, ...]


_LINE = ("<p>{0}</p>", "<p><em>{0}</em></p>", '<div class="{c}"><span>{0}</span></div>', '<div class="{c}">{0}</div>')
_IMG = '<img src="i.jpg" alt="">'

BOXES: dict[str, BoxKind] = {
    "newsletter": BoxKind(
        (MID, END, BEHIND),
        (
            '<div class="{c}"><h3>{0}</h3><p>{1}</p><form><input type="email"><button>{2}</button></form>'
            "<p>{3}</p></div>",
            '<div class="{c}"><div>{0}</div><div>{1}</div><input placeholder="name@mail.example">'
            '<button>{2}</button><div class="text-xs">{3}</div></div>',
            '<section class="{c}"><p><strong>{0}</strong></p><p>{1}</p><p><a class="btn" href="/letter">{2}</a></p>'
            "</section>",
            '<div class="{c}"><div><p>{0}</p></div><div><p>{1}</p></div><iframe src="/letter"></iframe></div>',
        ),
    ),
    "author": BoxKind(
        (END, BEHIND),
        (
            f'<div class="{{c}}">{_IMG}<div>{{0}}</div><div>{{1}}</div></div>',
            f'<div class="{{c}}">{_IMG}<div><p>{{0}}</p><p>{{1}}</p><a href="/author">{{2}}</a></div></div>',
            '<section class="{c}"><h4>{0}</h4><p>{1}</p></section>',
            '<p class="{c}"><strong><a href="/author">{0}</a></strong> {1}</p>',
        ),
    ),
    "credit": BoxKind((END,), _LINE),
    "consent": BoxKind(
        (MID,),
        (
            '<div class="{c}"><div><p>{0}</p><p>{1}</p><button>{2}</button></div></div>',
            '<div class="{c}"><div>{0}</div><div>{1}</div><label><input type="checkbox">{2}</label></div>',
            '<div class="{c}"><iframe src="/v"></iframe><p>{1}</p><a href="#" role="button">{2}</a></div>',
        ),
    ),
    "related_line": BoxKind(
        (MID, END),
        (
            '<p><strong>{0}</strong> <a href="/r">{1}</a></p>',
            '<div class="{c}"><div class="text-xs">{0}</div><a href="/r"><div>{1}</div></a></div>',
            '<p><a href="/r">{0} {1}</a></p>',
            '<p class="{c}"><b>{0} <a href="/r">{1}</a></b></p>',
        ),
    ),
    "related_list": BoxKind(
        (MID, END, BEHIND),
        (
            '<div class="{c}"><h3>{0}</h3><ul><li><a href="/1">{1}</a></li><li><a href="/2">{2}</a></li>'
            '<li><a href="/3">{3}</a></li></ul></div>',
            f'<section class="{{c}}"><h2>{{0}}</h2><div><a href="/1">{_IMG}<span>{{1}}</span></a></div>'
            f'<div><a href="/2">{_IMG}<span>{{2}}</span></a></div><div><a href="/3">{_IMG}<span>{{3}}</span></a></div>'
            "</section>",
            '<p><strong>{0}</strong></p><ul><li><a href="/1">{1}</a></li><li><a href="/2">{2}</a></li></ul>',
            '<div class="{c}"><div>{0}</div><a href="/1"><div>{1}</div></a><a href="/2"><div>{2}</div></a></div>',
        ),
    ),
    "player": BoxKind(
        (TOP,),
        (
            '<div class="{c}"><button>▶</button><span>{0}</span> <span>{1}</span> <span>{2}</span></div>',
            '<div class="{c}"><div>{0}</div><div>{1}</div></div>',
            '<div class="{c}">{0}<br>{1}<br>{2}</div>',
            "<p>{0} ({1})</p>",
            '<div class="{c}"><p>{0}</p><audio src="a.mp3" controls></audio><p>{2}</p></div>',
        ),
    ),
    "ad": BoxKind(
        (TOP, MID, END, BEHIND),
        (
            *_LINE,
            '<div class="{c}">{0}<div id="gpt-slot-1"></div></div>',
            "<aside>{0}</aside>",
            '<amp-ad width="300" height="250"><div>{0}</div></amp-ad>',
        ),
    ),
    "poll": BoxKind(
        (MID, END),
        (
            '<div class="{c}"><p>{0}</p><ul><li>{1} 45%</li><li>{2} 55%</li></ul><p>{3}</p></div>',
            '<div class="{c}"><h3>{0}</h3><form><label><input type="radio">{1}</label><label><input type="radio">{2}'
            "</label><button>{4}</button></form><p>{3}</p></div>",
            '<div class="{c}"><div>{0}</div><button>{1}</button><button>{2}</button><div>{3}</div></div>',
        ),
    ),
    "share": BoxKind(
        (TOP, END, BEHIND),
        (
            '<div class="{c}"><span>{0}</span><ul><li><a href="https://social.example/sharer?u=1">{1}</a></li>'
            '<li><a href="mailto:?">{2}</a></li><li><a href="https://social.example/intent">{3}</a></li></ul></div>',
            '<p>{0}</p><p><a href="#">{1}</a> | <a href="#">{2}</a> | <a href="#">{3}</a></p>',
            '<div class="{c}"><button>{0}</button><button>{1}</button><button>{2}</button></div>',
            '<div class="{c}"><span>{0}</span> <span>{1}</span> <span>{2}</span> <span>{3}</span></div>',
        ),
    ),
    "gallery": BoxKind(
        (MID,),
        (
            f'<div class="{{c}}">{_IMG}<span>{{0}}</span><button>{{2}}</button><a href="/g">{{1}}</a></div>',
            f"<figure>{_IMG}<div>{{0}}</div><div>{{1}}</div></figure>",
            f'<div class="{{c}}"><div>{_IMG}</div><div>{{0}}</div><div>{{1}}</div></div>',
        ),
    ),
    "podcast": BoxKind(
        (MID, END),
        (
            f'<div class="{{c}}">{_IMG}<p>{{0}}</p><p>{{1}}</p><p>{{2}}</p><p>{{3}}</p></div>',
            f'<div class="{{c}}"><a href="/pod">{_IMG}<div>{{0}}</div></a><div>{{1}}</div><ul>'
            '<li><a href="/2">{2}</a></li><li><a href="/3">{3}</a></li></ul></div>',
            '<div class="{c}"><h3>{0}</h3><p>{1}</p><iframe src="/pod"></iframe></div>',
        ),
    ),
    "live": BoxKind(
        (TOP, END),
        (
            '<div class="{c}"><a href="?order=new">{0}</a> <a href="?order=old">{1}</a></div>',
            '<div class="{c}"><button>{2}</button></div>',
            '<div class="{c}"><span>{3}</span> <a href="?order=new">{0}</a></div>',
        ),
    ),
    "cookie": BoxKind(
        (FRONT, BEHIND),
        (
            '<div class="{c}"><p>{0}</p><button>{1}</button><button>{2}</button></div>',
            '<div class="{c}" role="dialog"><div>{0}</div><a href="#">{2}</a><a href="#">{1}</a></div>',
        ),
    ),
    "video": BoxKind(
        (TOP, MID),
        (
            '<div class="{c}"><span>{0}</span><span>{2}</span></div><p>{1}</p>',
            '<div class="{c}"><video src="v.mp4"></video><p>{1}</p><div>{0}</div></div>',
            '<div class="{c}"><div>{1}</div></div>',
        ),
    ),
    "paywall": BoxKind(
        (MID, END),
        (
            '<div class="{c}"><h3>{0}</h3><p>{1}</p><a class="btn" href="/offer">{2}</a></div>',
            '<div class="{c}"><p>{0}</p><p>{1}</p><button>{2}</button></div>',
        ),
    ),
    "comments": BoxKind(
        (BEHIND,),
        (
            '<section class="{c}"><h3>{0}</h3><div><div>{1}</div><div>{2}</div><p>{3}</p><a href="#">{4}</a></div>'
            "<form><textarea></textarea><button>OK</button></form></section>",
            '<div id="comments" class="{c}"><div>{0}</div><ol><li><b>{1}</b> <span>{2}</span><p>{3}</p>'
            '<a href="#r">{4}</a></li></ol></div>',
        ),
    ),
    "topics": BoxKind(
        (END, BEHIND),
        (
            '<div class="{c}"><span>{0}</span> <a href="/t/1">{1}</a> <a href="/t/2">{2}</a> <a href="/t/3">{3}</a>'
            "</div>",
            '<div class="{c}"><div>{0}</div><ul><li><a href="/t/1">{1}</a></li><li><a href="/t/2">{2}</a></li>'
            '<li><a href="/t/3">{3}</a></li></ul></div>',
            '<p>{0} <a href="/t/1">{1}</a>, <a href="/t/2">{2}</a>, <a href="/t/3">{3}</a></p>',
        ),
    ),
    "byline": BoxKind(
        (TOP,),
        (
            "<p>{0}</p><p>{1}</p>",
            '<div class="{c}"><span>{0}</span> · <time>{1}</time> · <span>{2}</span></div>',
            '<div class="{c}"><div>{0}</div><div>{1}</div><div>{2}</div></div>',
            '<div class="{c}"><a href="/author">{0}</a></div><p>{1} | {2}</p>',
        ),
    ),
    "photo": BoxKind(
        (TOP, MID),
        (
            "<p><em>{0} {1}</em></p>",
            f"<figure>{_IMG}<figcaption>{{0}} <span>{{1}}</span></figcaption></figure>",
            f'<div class="{{c}}">{_IMG}<p>{{0}} {{1}}</p></div>',
            f'<div class="{{c}}">{_IMG}<div>{{0}}</div><div>{{1}}</div></div>',
        ),
    ),
    "follow": BoxKind((MID, END), (*_LINE, '<p><a href="https://social.example/post">{0}</a></p>')),
    "app": BoxKind((END, BEHIND), (*_LINE, '<p><a href="https://apps.example/post">{0}</a></p>')),
    "tip": BoxKind((END,), _LINE),
    "rights": BoxKind((END, BEHIND), _LINE),
    "donate": BoxKind(
        (MID, END),
        (
            '<div class="{c}"><h3>{0}</h3><p>{1}</p><a class="btn" href="/give">{2}</a></div>',
            '<div class="{c}"><div>{0}</div><div>{1}</div><button>{2}</button></div>',
        ),
    ),
    "print": BoxKind((END,), _LINE),
    "affiliate": BoxKind((TOP, END), _LINE),
    "shortcode": BoxKind((MID, END), ("<p>{0}</p>", "{0}")),
}
SHORTCODES = [
    ['[gallery ids="12,13,14"]'],
    ["{{ad}}"],
    ["%%EMBED%%"],
    ['[ad name="mid"]'],
    ["{{< figure 3 >}}"],
    ["{% include letter.html %}"],
    ["[[video:8812]]"],
    ['[contact-form-7 id="4"]'],
]
NOT_IN_A_FIELD = frozenset(("cookie", "comments", "live", "topics"))
"""Boxes that a template adds, never the text field of a CMS."""


def box(kind: str, texts: Sequence[str], random: Random) -> str:
    """A box's HTML in one of its layouts."""
    layout = random.choice(BOXES[kind].layouts)
    return layout.format(*map(escape, texts), c=random.choice(NAMES))
