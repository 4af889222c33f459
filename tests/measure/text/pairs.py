"""Written/spoken pairs: our golden tables, and collections of others given by their folder; how many are said right."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.parts.places import DATA
from tests.speakable.said import spoken_form
from tts_service.speakable.language import codes

OWN = DATA / "speakable"
_WRITTEN = ("written", "input", "source", "text", "before")
_SPOKEN = ("spoken", "output", "expected", "target", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One written form and what may be said for it."""

    language: str
    kind: str
    """Class of non-standard word; "" when the collection names none."""
    written: str
    spoken: tuple[str, ...]
    """Readings that are equally right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a collection was said."""

    pairs: int
    right: int
    wrong: tuple[tuple[Pair, str], ...]
    """(pair, what was said) of each that was said otherwise."""
    by_kind: Mapping[str, tuple[int, int]]
    """Class -> (right, all)."""


def own_pairs() -> dict[str, list[Pair]]:
    """Our golden tables by language: written, tab, spoken."""
    return {path.stem: list(_of_table(path)) for path in sorted(OWN.glob("*.tsv"))}


def outside_pairs(folder: Path) -> dict[str, list[Pair]]:
    """Collections by language from a folder: files named by language (en.tsv, de_pairs.csv, en.jsonl, de.json).

    A table has two columns (written, spoken) or three (class, written, spoken), with or without a heading; JSON has
    objects with written and spoken (or input/output, before/after). Readings that are equally right: a list, or "|".
    Raises FileNotFoundError when nothing there is named by a language.
    """
    found: dict[str, list[Pair]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        language = _language(path)
        if path.suffix in (".tsv", ".csv", ".json", ".jsonl", ".txt") and language:
            found[language] += _of_json(path) if path.suffix.startswith(".json") else _of_table(path)
    if not found:
        raise FileNotFoundError(f"{folder} holds no en.tsv, de.tsv, en.jsonl …")
    return dict(found)


def score(pairs: list[Pair], *, exact: bool) -> Score:
    """How many pairs are said right: to the letter, or without marks, hyphens and capitals."""
    wrong = []
    kinds: dict[str, list[bool]] = defaultdict(list)
    for pair in pairs:
        said = spoken_form(pair.written, pair.language)
        fine = said in pair.spoken if exact else bare(said) in map(bare, pair.spoken)
        kinds[pair.kind].append(fine)
        if not fine:
            wrong.append((pair, said))
    by_kind = {kind: (sum(found), len(found)) for kind, found in sorted(kinds.items())}
    return Score(pairs=len(pairs), right=len(pairs) - len(wrong), wrong=tuple(wrong), by_kind=by_kind)


def bare(text: str) -> str:
    """Words only: no marks, hyphens or capitals."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold().replace("'", "").replace("’", "")).split())


def _language(path: Path) -> str | None:
    """The language a file is named by: en.tsv, en-GB.tsv, de_pairs.csv."""
    match = re.match(rf"({'|'.join(codes())})(-[A-Z]{{2}})?(?![a-z])", path.name)
    return match.group() if match else None


def _of_table(path: Path) -> Iterator[Pair]:
    lines = [line for line in path.read_text("utf-8-sig").splitlines() if line.strip() and not line.startswith("# ")]
    rows = list(csv.reader(lines)) if path.suffix == ".csv" else [line.split("\t") for line in lines]
    if rows and {cell.strip().lower() for cell in rows[0]} & {*_WRITTEN, *_SPOKEN}:
        names = [cell.strip().lower() for cell in rows[0]]
        yield from (_of_fields(path, dict(zip(names, row, strict=False))) for row in rows[1:])
        return
    for row in rows:
        kind, written, spoken = ("", *row[:2]) if len(row) == 2 else row[:3]
        yield _pair(path, kind, written, spoken)


def _of_json(path: Path) -> Iterator[Pair]:
    text = path.read_text("utf-8-sig")
    rows = [json.loads(line) for line in text.splitlines() if line.strip()] if path.suffix == ".jsonl" else None
    document = rows if rows is not None else json.loads(text)
    if isinstance(document, dict):
        document = next((value for value in document.values() if isinstance(value, list)), [document])
    for row in document:
        yield _of_fields(path, row) if isinstance(row, dict) else _pair(path, "", *row[-2:])


def _of_fields(path: Path, row: Mapping[str, object]) -> Pair:
    written = next(row[name] for name in _WRITTEN if name in row)
    spoken = next(row[name] for name in _SPOKEN if name in row)
    return _pair(path, str(row.get("class") or row.get("kind") or row.get("category") or ""), str(written), spoken)


def _pair(path: Path, kind: str, written: str, said: object) -> Pair:
    readings = said if isinstance(said, list) else str(said).split("|")
    return Pair(
        language=_language(path) or "en", kind=kind, written=written, spoken=tuple(str(one).strip() for one in readings)
    )
