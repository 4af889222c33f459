"""Reads values from inside an ONNX model: names one of them as another output, in the model's bytes.

Protobuf merges a message field that occurs twice (encoding guide, "Last One Wins"), so appending another `graph` adds
an output: no ONNX package, no second copy of the weights.
"""

from __future__ import annotations

import re


def with_output(model: bytes, name: bytes) -> bytes:
    """The model with the value `name` as its last output; unchanged if it is an output already."""
    value_info = field(1, name)
    if re.search(rb"\x62[\x00-\xff]{1,2}" + re.escape(value_info), model):
        return model
    return model + field(7, field(12, value_info))


def field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field (wire type 2)."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number: int) -> bytes:
    """Protobuf varint: base 128, least significant 7 bits first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
