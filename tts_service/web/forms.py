"""Parses form fields (application/x-www-form-urlencoded)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from tts_service.errors import InputRefused

MEDIA_TYPE = "application/x-www-form-urlencoded"
MAX_FIELDS = 20
"""Of a listener's form."""


def form_fields(body: bytes, most: int = MAX_FIELDS) -> dict[str, str]:
    """The fields, at most so many, without NULs. Raises InputRefused.

    Browsers send CR LF for each line break of a text (HTML, 4.10.22.5) and count it once against its maximal length:
    here it is one character again.
    """
    if body.count(b"&") >= most:
        raise InputRefused(f"The form has more than {most:,} fields: choose fewer.")
    try:
        text = body.decode("utf-8").replace("%00", "")
        found = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise InputRefused("The form can't be read: send UTF-8.") from error
    return {name: value.replace("\r\n", "\n") for name, value in found}
