"""What must still be told to the audio service, and what it was told last: a row for each page."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class PendingPage(models.Model):
    """A page whose state must be told. The row says nothing of the state: that is read when the delivery is sent."""

    page_id = models.BigIntegerField(primary_key=True)
    mark = models.CharField(max_length=32)
    """Changes with every change of the page, so that a delivery on its way doesn't remove a newer wish."""
    first_marked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    closes = models.BooleanField(default=False)
    """The page may be closed or gone: it goes before all others."""
    attempts = models.PositiveIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"page {self.page_id}"


class ToldPage(models.Model):
    """The state of a page that the audio service accepted last."""

    page_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20, blank=True, default="")
    """published, closed, unpublished or deleted; empty: nothing was told, or a delivery's answer never came."""
    visibility = models.CharField(max_length=40, blank=True, default="")
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    as_of = models.DateTimeField(null=True)
    """The moment at which the told state was read."""
    checked_at = models.DateTimeField(null=True, db_index=True)
    """When the reconciliation last compared it with the page."""

    def __str__(self) -> str:
        return f"page {self.page_id}: {self.kind or 'unknown'}"
