"""Units, currencies and large scales: nouns that are counted, from a language's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from tts_service.speakable.tables import rows

Gender = Literal["m", "f", "n"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A unit of measure or money."""

    one: str
    many: str
    gender: Gender = "m"
    part: Noun | None = None
    """A currency's hundredth."""

    @property
    def feminine(self) -> bool:
        """Whether the number agrees with a feminine noun."""
        return self.gender == "f"

    @property
    def alone(self) -> Noun:
        """The same without a plural: "a five million dollar deal"."""
        return Noun(one=self.one, many=self.one, gender=self.gender, part=self.part and self.part.alone)


def nouns(folder: str, name: str) -> dict[str, Noun]:
    """A table of `folder/data/name.tsv` by spelling; its columns: spellings with ", " between them, one, many, gender,
    a hundredth part, parts."""
    found = {}
    for spellings, one, many, *more in rows(folder, name):
        gender, part, parts = (*more, "", "", "")[:3]
        cents = Noun(one=part, many=parts) if part else None
        noun = Noun(one=one, many=many, gender=cast(Gender, gender or "m"), part=cents)
        found.update(dict.fromkeys(spellings.split(", "), noun))
    return found
