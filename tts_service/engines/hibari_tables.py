"""hibari-tts's reader of English with its large tables as text: read into dicts, they took 100 MB of each engine child.

Import only in the engine child.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hibari.g2p import G2P, Lexicon, Tagger, Tokenizer, _load_json

_ENTRIES = 32
"""Mean number in a bucket: fewer cost memory, more cost time."""
_REMEMBERED = 2048
"""Values kept as they were read: words and features that come in every other sentence."""
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class PackedTable:
    """What a table has by name, as `dict.get` finds it. A bucket holds lines of name, colon and value in JSON, where
    neither quotes nor line ends stand for themselves: a name is found in no other place."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        buckets: list[list[str]] = [[] for _ in range(len(table) // _ENTRIES + 1)]
        for name, value in table.items():
            buckets[hash(name) % len(buckets)].append(f"{_as_json(name)}:{_as_json(value)}\n")
        self._buckets = [("\n" + "".join(lines)).encode("utf-8", "surrogatepass") for lines in buckets]
        self.get = lru_cache(_REMEMBERED)(self._get)

    def _get(self, name: str) -> Any:
        """The value; None if there is none."""
        bucket = self._buckets[hash(name) % len(self._buckets)]
        line = f"\n{_as_json(name)}:".encode("utf-8", "surrogatepass")
        at = bucket.find(line)
        if at < 0:
            return None
        start = at + len(line)
        return json.loads(bucket[start : bucket.index(b"\n", start)].decode("utf-8", "surrogatepass"))


class PackedReader(G2P):  # type: ignore[misc]
    """Reads words as the package's own reader does."""

    def __init__(self, *, british: bool) -> None:  # not the package's: it keeps what it loads
        accent = "gb" if british else "us"
        gold, silver = (PackedTable(_load_json(f"lexicon_{accent}_{kind}.json.gz")) for kind in ("gold", "silver"))
        self.lexicon = Lexicon(gold, silver, british)
        self.tokenizer = Tokenizer(_load_json("tokenizer_exceptions.json"))
        tagger = _load_json("tagger.json.gz")
        tagger["weights"] = PackedTable(tagger["weights"])
        self.tagger = Tagger(tagger)
        self._oov, self.unk, self.british = None, "", british
