"""Signs of Markdown that CommonMark doesn't know: `==marked==`, `H~2~O`, `x^2^`, `^[note]`, `{#id}`, `- [x]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

NOTES, LEFT_OUT = "inline notes", "attributes"
"""Keys of a parser's environment: the texts of notes, and attributes that nobody reads."""
_TASK = re.compile(r"\[[ xX]\]\s{1,4}")
_KEPT = r"(?P<ticks>`{1,9})(?!`).{1,2000}?(?<!`)(?P=ticks)(?!`)|\\.|\]\([^()\s]{0,2000}\)?|<[^<>\s][^<>]{0,2000}>"
"""Code, escaped signs, addresses and HTML: nothing in them is a sign."""
_MARKED = r"(?<!=)==(?=[^\s=])(?P<marked>[^=\n]{1,400}(?<=\S))==(?!=)"
_RAISED = r"(?<=[\w)\]])\^(?P<raised>[^\s^\[\]]{1,12})\^"
_LOWERED = r"(?<=[\w)\]])~(?P<lowered>[\w+-]{1,12})~(?!~)"
_NOTE = r"\^\[(?P<note>(?:[^\[\]]|\[[^\[\]]{0,200}\]){1,1000})\]"
_ATTRIBUTES = r"(?:(?<=[)\]*_`])|[ \t]{1,4})(?P<attributes>\{:?[ \t]?[#.][^{}\n]{1,200}\})(?=\s|$)"
_SIGNS = re.compile("|".join((_KEPT, _MARKED, _RAISED, _LOWERED, _NOTE, _ATTRIBUTES)), re.DOTALL)


def read_signs(state: StateCore) -> None:
    """A rule of markdown-it's, before a block's text is parsed: the signs become HTML or are left out."""
    for index, token in enumerate(state.tokens):
        if token.type != "inline":
            continue
        if index > 1 and state.tokens[index - 2].type == "list_item_open":
            token.content = _TASK.sub("", token.content, count=1) if _TASK.match(token.content) else token.content
        if any(sign in token.content for sign in "=^~{"):
            token.content = _SIGNS.sub(lambda found: _read(found, state.env), token.content)


def _read(found: re.Match[str], env: Any) -> str:
    if found["marked"]:
        return str(found["marked"])
    if found["raised"]:
        return f"<sup>{found['raised']}</sup>"
    if found["lowered"]:
        return f"<sub>{found['lowered']}</sub>"
    if found["note"]:
        env.setdefault(NOTES, []).append(found["note"])
        return '<sup><a href="#note">*</a></sup>'
    if found["attributes"]:
        env.setdefault(LEFT_OUT, []).append(found["attributes"])
        return ""
    return found.group()
