"""The spoken text: what an anonymous reader sees, without field names, addresses and identifiers."""

from __future__ import annotations

from blog.models import ArticlePage
from django.contrib.auth import get_user_model
from django.test import override_settings
from listen_to_the_article.article_text import article_html
from listen_to_the_article.state import language_of
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from tests.measure.cms.wagtail_world import World

FACTS = {
    "heading": "Fares & times",
    "text": "<p>An adult pays <b>4 crowns</b>.</p>",
    "link_url": "https://ferry.example/fares",
    "contact": "desk@ferry.example",
    "anchor": "fares-2026",
    "tone": "loud",
}


def _article(world: World, *body: tuple[str, object], **more: object) -> ArticlePage:
    page = ArticlePage(title="Ferry", slug=f"ferry-{len(body)}-{id(body)}", **more)
    page.body = list(body)
    Page.objects.get(pk=world.front).add_child(instance=page)
    return ArticlePage.objects.get(pk=page.pk)


def a_struct_block_without_a_template_speaks_its_texts_alone(world: World) -> None:
    html = article_html(_article(world, ("fact_box", FACTS)))
    assert "<h3>Fares &amp; times</h3>" in html
    assert "An adult pays <b>4 crowns</b>." in html
    for silent in ("<dt>", "heading", "link_url", "ferry.example", "fares-2026", "loud", "None"):
        assert silent not in html, silent


def a_block_with_a_template_is_rendered_as_for_nobody(world: World) -> None:
    html = article_html(_article(world, ("greeting", {"text": "Good morning, Elmsworth."})))
    assert "Good morning, Elmsworth." in html
    assert "Log out" not in html


def several_fields_in_their_order(world: World) -> None:
    page = _article(world, ("paragraph", "<p>The text.</p>"), standfirst="The lead & more.\n\nSecond lead.")
    html = article_html(page)
    assert html.index("<p>The lead &amp; more.</p>") < html.index("<p>Second lead.</p>") < html.index("The text.")
    with override_settings(LISTEN_PAGES={"blog.ArticlePage": "standfirst"}):
        assert "The text." not in article_html(page)


def a_function_may_give_the_text(world: World) -> None:
    page = _article(world, standfirst="Lead.")
    asked = []

    def text(page: Page, request: object) -> str:
        asked.append(request.user.is_authenticated)
        return f"<p>About {page.title}.</p>"

    with override_settings(LISTEN_PAGES={"blog.ArticlePage": ["standfirst", text]}):
        assert "<p>About Ferry.</p>" in article_html(page)
    assert asked == [False]
    with override_settings(LISTEN_PAGES={"blog.ArticlePage": "tests.measure.cms.wagtail_parts.given_text"}):
        assert article_html(page) == "<p>Given by name for Ferry.</p>"


def lists_quotes_and_addresses(world: World) -> None:
    html = article_html(
        _article(
            world,
            ("points", ["First point", "https://ferry.example/", "Second point"]),
            ("quote", "It sails."),
            ("web_address", "https://ferry.example/timetable"),
        )
    )
    assert "First point" in html
    assert "Second point" in html
    assert "<blockquote>It sails.</blockquote>" in html
    assert "ferry.example" not in html


def pictures_speak_only_a_written_description(world: World) -> None:
    from listen_to_the_article.blocks_text import _html
    from wagtail.images.blocks import ImageChooserBlock

    image = get_image_model()(title="IMG_2041.jpg", width=1, height=1)
    block = ImageChooserBlock()
    assert _html(block, image, {}) == ""
    image.contextual_alt_text = "The ferry in the harbour"
    assert "The ferry in the harbour" in _html(block, image, {})
    image.contextual_alt_text = "IMG_2041"
    assert _html(block, image, {}) == ""


def a_block_class_of_the_sites_own_shows_itself(world: World) -> None:
    from listen_to_the_article.blocks_text import _html

    class Recipe(blocks.StructBlock):
        name = blocks.CharBlock()

        def render_basic(self, value: object, context: object = None) -> str:
            return f"<p>Cook {value['name']}.</p>"

    block = Recipe()
    assert _html(block, block.to_python({"name": "soup"}), {}) == "<p>Cook soup.</p>"


def nested_blocks(world: World) -> None:
    from listen_to_the_article.blocks_text import _html

    class Card(blocks.StructBlock):
        headline = blocks.CharBlock()
        url = blocks.CharBlock()

    class Row(blocks.StructBlock):
        css_class = blocks.CharBlock()
        cards = blocks.ListBlock(Card())
        more = blocks.StreamBlock([("note", blocks.TextBlock()), ("page", blocks.PageChooserBlock())])

    value = {
        "css_class": "two columns wide",
        "cards": [{"headline": "Tickets", "url": "here we go"}],
        "more": [{"type": "note", "value": "Bring <cash>."}],
    }
    html = _html(Row(), Row().to_python(value), {})
    assert "<h3>Tickets</h3>" in html
    assert "Bring &lt;cash&gt;." in html
    assert "columns" not in html
    assert "here we go" not in html


def the_language_is_the_pages(world: World) -> None:
    page = _article(world)
    assert language_of(page) == "en-GB"
    page.locale = Locale(language_code="de")
    assert language_of(page) == "de"
    with override_settings(LANGUAGES=[("en-gb", "English"), ("de-at", "Austrian German")]):
        assert language_of(page) == "de-AT"
    with override_settings(LANGUAGES=[("de", "German"), ("de-at", "Austrian German")]):
        assert language_of(page) == "de"
    with override_settings(LISTEN_LANGUAGE=lambda page: "de-CH"):
        assert language_of(page) == "de-CH"


def the_author_is_a_name_never_a_user_name(world: World) -> None:
    from listen_to_the_article.article_text import author_of

    user, _ = get_user_model().objects.get_or_create(username="editor7")
    page = _article(world, owner=user)
    assert author_of(page) is None
    user.first_name, user.last_name = "Edda", "Lind"
    user.save()
    assert author_of(ArticlePage.objects.get(pk=page.pk)) == "Edda Lind"
    with override_settings(LISTEN_AUTHOR="standfirst"):
        page.standfirst = "By Ola Berg"
        assert author_of(page) == "By Ola Berg"
