"""For cron, every minute: tells the audio service what is due, and finds changes that sent no signal."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from listen_to_the_article import setting
from listen_to_the_article.reconciling import mark_all, reconcile
from listen_to_the_article.sending import Report, deliver_due

ROUND_S = 50.0
PAUSE_S = 2.0


class Command(BaseCommand):
    help = (
        "Tell the audio service about pages that changed. Exit code 0: everything is told; "
        "1: something failed and waits for another try; 2: settings are missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end (as without options)")
        parser.add_argument("--for", type=float, dest="seconds", metavar="SECONDS", help="go on for so long, then end")
        parser.add_argument(
            "--queue", choices=("all", "closed"), help="tell every page anew, or all that aren't public"
        )
        parser.add_argument("--no-reconcile", action="store_true", help="only send what is marked")

    def handle(self, *args: Any, **options: Any) -> None:
        if not setting.is_complete():
            self.stderr.write("LISTEN_ADDRESS, LISTEN_SECRET and LISTEN_PAGES must be set.")
            sys.exit(2)
        if options["queue"]:
            self.stdout.write(f"{mark_all(closed_only=options['queue'] == 'closed')} pages queued")
        if not options["no_reconcile"] and (found := reconcile()):
            self.stdout.write(f"{found} pages differed from what the audio service knew: queued")
        seconds = 0.0 if options["once"] else min(options["seconds"] or 0.0, 3600.0)
        report = self._rounds(seconds)
        if report.failed:
            sys.exit(1)

    def _rounds(self, seconds: float) -> Report:
        end = time.monotonic() + seconds
        while True:
            report = deliver_due(until=max(end, time.monotonic() + (0 if seconds else ROUND_S)))
            if report.told or report.failed or not seconds:
                self.stdout.write(report.sentence())
            for error in report.errors[:20]:
                self.stderr.write(error)
            if time.monotonic() + PAUSE_S >= end:
                return report
            time.sleep(PAUSE_S)
