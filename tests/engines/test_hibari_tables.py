"""hibari's tables as text give the answers of the dicts that they stand for, in less memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("hibari", reason="the extra hibari isn't installed")

from hibari.g2p import G2P

from tests.parts.samples import said_of_sample
from tts_service.engines.hibari_tables import PackedReader, PackedTable

ODD = {
    'a"b': "quotes",
    "a\nb": "two lines",
    "c": 'x\n"a":y',
    "\ud800": "ˈlone",
    "": "empty",
    "w=ˈa,b": {"NN": -2.3, "``": 1e-9, ":": 3.0},
    "\\": None,
    "d:": "colon",
}


def test_a_table_answers_as_its_dict() -> None:
    table = PackedTable(ODD)
    for name in (*ODD, "unknown", "a", 'x\n"a"', "d", "b"):
        assert table.get(name) == ODD.get(name), name


def test_a_table_takes_less_memory() -> None:
    def made(kind: Callable[[dict[str, Any]], Any]) -> int:
        tracemalloc.start()
        kept = kind({f"word{n}": {"NN": n / 10, "VB": -n / 10, "JJ": n / 20} for n in range(5_000)})
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert kept.get("word7")
        return size

    assert made(PackedTable) < made(dict) / 4


@pytest.mark.parametrize("british", [False, True])
def test_words_are_read_as_the_package_reads_them(british: bool) -> None:
    """Also German ones, which are unknown."""
    text = said_of_sample("harbour-reopens", "en") + said_of_sample("bergbahn-faehrt-wieder", "de")[:500]
    ours, theirs = PackedReader(british=british), G2P(british=british)
    assert ours(text) == theirs(text)
