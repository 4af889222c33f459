"""Respells letters of other scripts in letters that a voice knows: otherwise voices drop them or spell them out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable


def respelled(text: str, reads: Callable[[str], bool]) -> str:
    """The text with each letter or digit that the voice doesn't read replaced by how it sounds, in ASCII.

    A text of letters that have no sound alone becomes their Unicode names. Needs the package anyascii.
    """
    if all(reads(character) or not character.isalnum() for character in text):
        return text
    from anyascii import anyascii

    known = "".join(letter if reads(letter) or not letter.isalnum() else anyascii(letter) for letter in text)
    if any(map(str.isalnum, known)):
        return known
    return " ".join(unicodedata.name(letter, "").lower() for letter in text if letter.isalnum()) or known
