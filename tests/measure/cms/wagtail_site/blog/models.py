"""An article with a standfirst and a StreamField, and a section that holds articles."""

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page


class FactBox(blocks.StructBlock):
    """Without a template: Wagtail would show it as a list of its field names."""

    heading = blocks.CharBlock()
    text = blocks.RichTextBlock()
    link_url = blocks.URLBlock(required=False)
    contact = blocks.EmailBlock(required=False)
    anchor = blocks.CharBlock(required=False)
    tone = blocks.ChoiceBlock(choices=[("calm", "Calm"), ("loud", "Loud")], required=False)
    picture = ImageChooserBlock(required=False)


class Greeting(blocks.StructBlock):
    """With a template that asks who is reading."""

    text = blocks.CharBlock()

    class Meta:
        template = "blog/greeting.html"


class ArticlePage(Page):
    standfirst = models.TextField(blank=True)
    body = StreamField(
        [
            ("paragraph", blocks.RichTextBlock()),
            ("fact_box", FactBox()),
            ("greeting", Greeting()),
            ("points", blocks.ListBlock(blocks.CharBlock())),
            ("quote", blocks.BlockQuoteBlock()),
            ("web_address", blocks.URLBlock()),
        ],
        use_json_field=True,
        blank=True,
    )
    content_panels = (*Page.content_panels, FieldPanel("standfirst"), FieldPanel("body"))


class SectionPage(Page):
    pass
