"""Celery's command, started without searches for garbage in what it loads: celery_app turns them on again."""

from __future__ import annotations

import gc


def main() -> None:
    gc.disable()
    from celery.__main__ import main as celery

    celery()


if __name__ == "__main__":
    main()
