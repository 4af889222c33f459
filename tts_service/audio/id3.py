"""ID3v2.4 tags for MP3: title and origin, the AI disclosure, and chapters.

Sources: "ID3 tag version 2.4.0 - Main Structure" and "ID3v2 Chapter Frame Addendum 1.0". Text is UTF-8.

Kept because mutagen is GPL-2.0-or-later, and this project is Apache-2.0.
"""

from __future__ import annotations

from collections.abc import Sequence

from tts_service.values import Chapter, ClipTags

_UTF8 = b"\x03"
_LONGEST_LIST = 255
"""Maximum entries of a CTOC frame (one byte)."""


def id3_tag(tags: ClipTags, chapters: Sequence[Chapter] = ()) -> bytes:
    """The complete tag, to precede the first frame."""
    frames = [
        _text("TIT2", tags.title),
        _text("TPE1", tags.author),
        _text("TDRC", tags.date),
        _text("TLAN", tags.language),
        _text("TSSE", tags.encoder),
        _frame("WOAS", tags.url.encode("ascii")) if tags.url else b"",
        _frame("COMM", _UTF8 + b"und" + b"\0" + tags.notice.encode()),
        _frame("TXXX", _UTF8 + b"digitalSourceType\0" + tags.digital_source_type.uri.encode()),
        _frame("TXXX", _UTF8 + b"credit\0" + tags.credit.encode()) if tags.credit else b"",
        *_chapters(chapters[:_LONGEST_LIST]),
    ]
    body = b"".join(frames)
    return b"ID3\x04\x00\x00" + _synchsafe(len(body)) + body


def _chapters(chapters: Sequence[Chapter]) -> list[bytes]:
    if not chapters:
        return []
    names = [f"chp{number}".encode() + b"\0" for number in range(len(chapters))]
    # Flags: top level, ordered. Then the names of the chapters.
    contents = _frame("CTOC", b"toc\0" + bytes((0b11, len(names))) + b"".join(names))
    return [contents, *(_chapter(name, chapter) for name, chapter in zip(names, chapters, strict=True))]


def _chapter(name: bytes, chapter: Chapter) -> bytes:
    times = chapter.start_ms.to_bytes(4, "big") + chapter.end_ms.to_bytes(4, "big")
    # Byte offsets all ones: unused, times apply.
    return _frame("CHAP", name + times + b"\xff" * 8 + _text("TIT2", chapter.title))


def _text(name: str, text: str | None) -> bytes:
    return _frame(name, _UTF8 + text.replace("\0", "").encode()) if text else b""


def _frame(name: str, body: bytes) -> bytes:
    return name.encode("ascii") + _synchsafe(len(body)) + b"\0\0" + body


def _synchsafe(size: int) -> bytes:
    """28 bits in 4 bytes of 7 bits, so that no byte looks like a frame sync."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
