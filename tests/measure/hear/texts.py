"""Texts to be heard: plain words that are in every dictionary, no digits, so that an aligner can follow them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HearText:
    """A short article and how it is to be spoken."""

    name: str
    title: str
    body: str
    language: str = "en-US"
    voice: str = "hibari:heart"
    form: str = "mp3"
    aligned: bool = True
    """PocketSphinx's model is English and wants a human-like voice."""


TEXTS = (
    HearText(
        name="garden",
        title="Letter from the garden",
        body="The old garden behind the house was quiet this morning. A small bird sat on the wall and looked at the "
        "water. Nobody had opened the gate for many years, but today a young woman came with a heavy key.\n\n"
        "She said nothing. Then she began to clean the path, stone by stone, until the evening.",
    ),
    HearText(
        name="market",
        title="The market moves to the river",
        body="From next month the weekly market will be held beside the river. The council wants to give the farmers "
        "more room, and the people of the town a place to sit down.\n\n"
        "Not everyone is happy about it. Some say that the new place is too far from the station, others fear the "
        "wind. The first market opens on Saturday.",
        form="m4a",
    ),
    HearText(
        name="night",
        title="A light in the window",
        body="Late at night there is still a light in the window of the bakery. Inside, two brothers make bread for "
        "the whole valley. They work slowly and speak very little.\n\n"
        "When the sun comes up, the shelves are full, the floor is clean, and the brothers go home to sleep.",
        voice="piper:en_US-joe-medium",
        form="opus",
    ),
    HearText(
        name="ferry",
        title="The last ferry",
        body="The old ferry across the bay will make its last journey on Sunday evening. A new bridge opened in March, "
        "and since then hardly anybody has bought a ticket.\n\n"
        "The captain wants to keep the brass bell. Perhaps he will take the heavy wooden wheel as well.",
        language="en-GB",
        voice="kokoro:bf_emma",
    ),
    HearText(
        name="brief",
        title="Ein Brief aus dem Garten",
        body="Der alte Garten hinter dem Haus war heute still. Ein kleiner Vogel saß auf der Mauer und sah ins Wasser. "
        "Dann kam eine junge Frau mit einem schweren Schlüssel.",
        language="de-DE",
        voice="pyttsx3:de",
        aligned=False,
    ),
)
