"""Every CMS of `make closed` as its documentation describes it, by the name of its source."""

from __future__ import annotations

from tests.measure.closed.articles import Paper
from tests.measure.closed.papers_headless import Contentful, Directus, Sanity, Strapi
from tests.measure.closed.papers_pages import Drupal, Ghost, WooCommerce
from tests.measure.closed.papers_standard import Generic, Wagtail, WordPress


def papers() -> dict[str, Paper]:
    """Fresh ones, with ids from the start."""
    made: tuple[Paper, ...] = (
        Ghost(),
        WordPress(),
        Contentful(),
        Sanity(),
        Strapi(),
        Directus(),
        Drupal(),
        Wagtail(),
        WooCommerce(),
        Generic(),
    )
    return {paper.source: paper for paper in made}
