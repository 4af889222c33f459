"""Tries the line to the audio service: exit code 0 if deliveries arrive, else 1 with what is wrong in words."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from listen_to_the_article.checking import check_line


class Command(BaseCommand):
    help = "Send a signed ping to the audio service and say what is wrong with address, secret, site or key."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = check_line()
        for finding in findings:
            self.stdout.write(f"{'ok   ' if finding.fine else 'WRONG'}  {finding.text}")
        if not all(finding.fine for finding in findings):
            sys.exit(1)
