"""A StreamField's text: blocks with a template as the page shows them, others by their texts alone.

Without a template Wagtail shows a StructBlock as a list of its field names and values, and every chooser and address by
its value. Nobody wants to hear these.
"""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks
from wagtail.blocks.field_block import BaseChoiceBlock
from wagtail.blocks.list_block import ListValue
from wagtail.blocks.stream_block import BaseStreamBlock, StreamValue
from wagtail.blocks.struct_block import BaseStructBlock

from listen_to_the_article.wording import is_heading, is_machinery, is_words

_WORDS = (blocks.CharBlock, blocks.TextBlock)
_NO_WORDS = (
    blocks.BooleanBlock,
    BaseChoiceBlock,
    blocks.ChooserBlock,
    blocks.DateBlock,
    blocks.DateTimeBlock,
    blocks.DecimalBlock,
    blocks.EmailBlock,
    blocks.FloatBlock,
    blocks.IntegerBlock,
    blocks.RegexBlock,
    blocks.StaticBlock,
    blocks.TimeBlock,
    blocks.URLBlock,
)
_WAGTAILS_IMAGE = "wagtailimages/widgets/image.html"


def stream_html(stream: StreamValue, context: dict[str, Any]) -> str:
    """The stream's blocks. `context` is what a page template would have, with a request by nobody in particular."""
    return _html(stream.stream_block, stream, context)


def _html(block: blocks.Block, value: Any, context: dict[str, Any], name: str = "") -> str:
    """One block; `name` is its name within a StructBlock."""
    if value is None or value == "":
        return ""
    template = block.get_template(value, context=dict(context))
    if _is_image(value) and template in (None, _WAGTAILS_IMAGE):
        return _image(value)
    if template or _renders_itself(block):
        return str(block.render(value, context=dict(context)))
    if isinstance(block, BaseStreamBlock):
        return _joined(_html(child.block, child.value, context) for child in value)
    if isinstance(block, BaseStructBlock):
        return _struct(block, value, context)
    if isinstance(block, blocks.ListBlock):
        return _list(block, value, context)
    return _field(block, value, context, name)


def _field(block: blocks.Block, value: Any, context: dict[str, Any], name: str) -> str:
    if isinstance(block, _NO_WORDS):
        return ""
    if isinstance(block, blocks.BlockQuoteBlock) or not isinstance(block, _WORDS):
        return str(block.render(value, context=dict(context)))
    text = str(value)
    if not is_words(text):
        return ""
    if is_heading(name):
        return format_html("<h3>{}</h3>", text)
    return str(linebreaks(text, autoescape=True))


def _struct(block: BaseStructBlock, value: Any, context: dict[str, Any]) -> str:
    children = ((name, block.child_blocks[name], value.get(name)) for name in block.child_blocks)
    return _joined(_html(child, found, context, name) for name, child, found in children if not is_machinery(name))


def _list(block: blocks.ListBlock, value: ListValue, context: dict[str, Any]) -> str:
    items = [_html(block.child_block, item, context) for item in value]
    if isinstance(block.child_block, _WORDS):
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items if item)}</ul>"
    return _joined(items)


def _renders_itself(block: blocks.Block) -> bool:
    """Whether a site's own class says how it is shown, instead of Wagtail's fallback."""
    for base in type(block).__mro__:
        if base.__module__.startswith("wagtail."):
            return False
        if "render" in vars(base) or "render_basic" in vars(base):
            return True
    return False


def _is_image(value: Any) -> bool:
    from wagtail.images.models import AbstractImage

    return isinstance(value, AbstractImage)


def _image(image: Any) -> SafeString | str:
    """Its alternative text, where an editor wrote one: a title is usually the name of a file."""
    if getattr(image, "decorative", False):
        return ""
    alt = getattr(image, "contextual_alt_text", None) or getattr(image, "description", "") or ""
    if not is_words(str(alt)) or str(alt) == image.title:
        return ""
    return format_html('<figure><img src="" alt="{}"></figure>', alt)


def _joined(parts: Any) -> str:
    return mark_safe("\n".join(part for part in parts if part.strip()))  # each part was escaped where it was made
