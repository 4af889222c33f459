"""Connects the app to Wagtail's and Django's signals."""

from django.apps import AppConfig
from django.core.checks import register


class ListenConfig(AppConfig):
    name = "listen_to_the_article"
    verbose_name = "Listen to the article"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from listen_to_the_article import receivers, wake
        from listen_to_the_article.system_checks import check_settings

        receivers.connect()
        wake.connect()
        register(check_settings)
