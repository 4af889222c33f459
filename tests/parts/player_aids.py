"""What aids are shown of the player in a real Chromium: everything that can be pressed, by role and name."""

from __future__ import annotations

from typing import Any

from tests.parts.player_pages import Seat

PRESSABLE = ("slider", "combobox", "button", "link", "checkbox", "radio", "textbox", "DisclosureTriangle")
"""Roles of what can be pressed or filled in."""
CONTROLS = {
    ("slider", "Position"),
    ("slider", "Volume"),
    ("combobox", "Speed"),
    ("button", "Play"),
    ("button", "Back 15 seconds"),
    ("button", "Forward 15 seconds"),
    ("button", "Share this moment"),
    ("link", "Download"),
    ("link", "Next: Ferries of the north"),
    ("link", "More information"),
    ("link", "Send feedback"),
    ("region", "Listen to the article"),
    ("DisclosureTriangle", "Chapters"),
}
"""(role, name) of everything that can be pressed, besides the chapters."""
DIALOG = {
    ("dialog", "What is wrong with the audio?"),
    ("group", "Which word was it?"),
    ("button", "Somewhere here"),
    ("button", "Sentence before"),
    ("button", "Sentence after"),
    ("group", "What did you hear?"),
    ("radio", "A word is pronounced wrongly"),
    ("radio", "A number, date or abbreviation is read wrongly"),
    ("radio", "Something is missing"),
    ("radio", "Something is read that should not be"),
    ("radio", "The voice or the sound is bad"),
    ("radio", "Something else"),
    ("textbox", "What should it be? (optional)"),
    ("textbox", "E-mail, if you want an answer (optional)"),
    ("button", "Send"),
    ("button", "Close"),
}


def tree(seat: Seat) -> list[dict[str, Any]]:
    """What aids see: role, name and properties of every node that they are shown."""
    line = seat.page.context.new_cdp_session(seat.page)
    nodes = line.send("Accessibility.getFullAXTree")["nodes"]
    return [
        {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "")}
        | {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        for node in nodes
        if not node.get("ignored")
    ]


def colours(seat: Seat, selector: str, *names: str) -> list[str]:
    style = "getComputedStyle(player.shadowRoot.querySelector(given[0]))"
    found: list[str] = seat.ask(f"given[1].map((name) => {style}[name])", [selector, list(names)])
    return found
