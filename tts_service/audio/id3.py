"""ID3v2.4 tags for MP3: what the clip is, who made it, that it is artificial, where its chapters begin.

Layout after "ID3 tag version 2.4.0 - Main Structure" and "ID3v2 Chapter Frame Addendum 1.0"; text is UTF-8.
"""

from __future__ import annotations

from collections.abc import Sequence

from tts_service.values import Chapter, ClipTags

_UTF8 = b"\x03"
_LONGEST_LIST = 255
"""Chapters a table of contents can count."""


def id3_tag(tags: ClipTags, chapters: Sequence[Chapter] = ()) -> bytes:
    """The whole tag, to be put in front of the first frame."""
    frames = [
        _text("TIT2", tags.title),
        _text("TPE1", tags.author),
        _text("TDRC", tags.date),
        _text("TLAN", tags.language),
        _text("TSSE", tags.encoder),
        _frame("WOAS", tags.url.encode("ascii")) if tags.url else b"",
        _frame("COMM", _UTF8 + b"und" + b"\0" + tags.notice.encode()),
        _frame("TXXX", _UTF8 + b"digitalSourceType\0" + tags.digital_source_type.uri.encode()),
        *_chapters(chapters[:_LONGEST_LIST]),
    ]
    body = b"".join(frames)
    return b"ID3\x04\x00\x00" + _synchsafe(len(body)) + body


def _chapters(chapters: Sequence[Chapter]) -> list[bytes]:
    if not chapters:
        return []
    names = [f"chp{number}".encode() + b"\0" for number in range(len(chapters))]
    # Top level and ordered; then each chapter's name.
    contents = _frame("CTOC", b"toc\0" + bytes((0b11, len(names))) + b"".join(names))
    return [contents, *(_chapter(name, chapter) for name, chapter in zip(names, chapters, strict=True))]


def _chapter(name: bytes, chapter: Chapter) -> bytes:
    times = chapter.start_ms.to_bytes(4, "big") + chapter.end_ms.to_bytes(4, "big")
    # All ones: no byte offsets, times decide.
    return _frame("CHAP", name + times + b"\xff" * 8 + _text("TIT2", chapter.title))


def _text(name: str, text: str | None) -> bytes:
    return _frame(name, _UTF8 + text.replace("\0", "").encode()) if text else b""


def _frame(name: str, body: bytes) -> bytes:
    return name.encode("ascii") + _synchsafe(len(body)) + b"\0\0" + body


def _synchsafe(size: int) -> bytes:
    """28 bits, 7 to the byte, so that no byte looks like the start of a frame."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
