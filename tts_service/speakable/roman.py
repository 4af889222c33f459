"""Roman numerals: their value, and rulers that have one in any language."""

from __future__ import annotations

import re

from tts_service.speakable.rules import listed

REGNAL = listed(
    "Elizabeth Charles Henry George William Edward James Richard Louis Philip Benedict Paul Pius Leo Francis "
    "Felipe Carl Harald Gustaf Gustav Frederick Friedrich Wilhelm Ludwig Karl Heinrich Otto Benedikt Johannes "
    "Franz Leopold Albert Nicholas Alexander Catherine Katharina Elisabeth Margrethe Beatrix Mary Napoleon Ramses "
    "Xerxes Darius Mohammed Abdullah Hussein Clement Gregory Gregor Urban Innocent Boniface John Innozenz Clemens "
    "Maximilian Juan Alfonso Georg Peter Ivan Pope Edmund Stephen Robert Haakon Olav Christian Baudouin Umberto "
    "Victor Emmanuel Hassan Faisal Farouk Naruhito Rama Ptolemy Cleopatra Artaxerxes Cyrus Constantine Theodosius "
    "Justinian Ferdinand Isabella Manuel Pedro Joseph Sigismund Rudolf Matthias Charlemagne Celestine Sixtus "
    "Julius Adrian Alexius Ramesses Thutmose Amenhotep Seti Selim Murad Mehmed Suleiman Akbar Haile Menelik "
    "Moshoeshoe Shaka Michael Theodore Feodor Vladimir Yaroslav Stanislaus Casimir Ladislaus Bela Andrew "
    "Kamehameha Tutankhamun Edgar Ethelred Harold Canute"
)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def roman_value(written: str) -> int | None:
    """`XVI` -> 16, `MMXXIV` -> 2024; None for letters that are no roman number up to 3999."""
    if not written or not _ROMAN.fullmatch(written):
        return None
    values = [_VALUES[letter] for letter in written]
    return sum(-v if v < n else v for v, n in zip(values, [*values[1:], 0], strict=True))
