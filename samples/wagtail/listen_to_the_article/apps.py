"""Connects to Wagtail's signals."""

from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "listen_to_the_article"

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from wagtail.models import Page
        from wagtail.signals import page_published, page_unpublished

        from listen_to_the_article import events

        page_published.connect(events.published, dispatch_uid="listen_published")
        page_unpublished.connect(events.unpublished, dispatch_uid="listen_unpublished")
        post_delete.connect(events.deleted, sender=Page, dispatch_uid="listen_deleted")
