"""Figures of `make listen`: faults axe-core finds, and controls that keyboard and accessibility tree reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from playwright.sync_api import Browser, CDPSession

from tests.measure.figures import Figure
from tests.measure.listen.setting import finished_clip, setting
from tests.parts.barriers import barriers
from tests.parts.player_pages import Seat, seated
from tests.parts.service import Running

PAGES = ("/embed/{}", "/listen/{}", "/about/{}", "/feedback?clip={}")
DIALOG = "the player's dialog"
WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_STATES = {
    "slider": "valuetext",
    "combobox": "value",
    "radio": "checked",
    "checkbox": "checked",
    "DisclosureTriangle": "expanded",
}
"""What of its state the tree must tell of a control of this role."""
_MOST_TABS = 300
_CONTROLS = """() => {
  const found = [];
  const search = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) search(one.shadowRoot);
      if (one.matches("a[href], button, input, select, textarea, summary, [tabindex='0'], [role=slider]")
        && one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.type !== "hidden"
        && !one.closest("[inert], [aria-hidden=true]")) found.push(one);
    }
  };
  const dialogs = [...document.querySelectorAll("article-audio")]
    .map((one) => one.shadowRoot?.querySelector("dialog[open]"));
  const dialog = dialogs.find(Boolean);
  search(dialog ?? document);
  window.controls = found.filter((one) => one.localName !== "article-audio");
  window.reached = new Set();
  return controls.length;
}"""
_REACHED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const before = reached.size;
  for (const one of controls) {
    const group = one === at || (one.type === "radio" && at.type === "radio" && one.name === at.name);
    if (group) reached.add(one);
  }
  return [reached.size > before, getComputedStyle(at).outlineStyle !== "none" || at === document.body];
}"""
"""Whether the focus reached something new, and is seen. Arrows reach the others of a radio group; all sentences of an
article are one control, which arrows move."""


def figures() -> Iterator[Figure]:
    """Of the player, its dialog, and the pages for readers; about a minute and a half."""
    with setting() as (browser, service):
        clip = finished_clip(service, 30)
        yield _faults(browser, service, clip)
        yield from _controls(browser, service, clip)


def _faults(browser: Browser, service: Running, clip: str) -> Figure:
    found: list[str] = []
    looks = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
    for width, scheme in looks:
        with seated(
            browser, service, viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
        ) as seat:
            for name in _shown(seat, clip):
                found += [f"{name} {width} {scheme}: {rule}" for rule, _ in barriers(seat.page)]
    pages = len(PAGES) + 1
    note = "; ".join(found[:5]) or f"{pages} pages, light and dark, {WIDTHS[0]} and {WIDTHS[1]} px"
    return _count("faults by axe-core (WCAG 2.2 AA and best practice)", len(found), 0, note, times=len(looks) * pages)


def _controls(browser: Browser, service: Running, clip: str) -> Iterator[Figure]:
    every = tabbed = unseen = 0
    wrong: list[str] = []
    with seated(browser, service) as seat:
        tree = seat.page.context.new_cdp_session(seat.page)
        for name in _shown(seat, clip):
            every += int(seat.page.evaluate(_CONTROLS))
            blind = _by_keyboard(seat)
            unseen += blind
            tabbed += int(seat.page.evaluate("() => reached.size"))
            wrong += [f"{name}: {fault}" for fault in _by_tree(tree, seat)]
    note = f"{len(PAGES) + 1} pages; {unseen} times the focus wasn't seen"
    yield _count("controls reached by keyboard alone", tabbed, every, note)
    told = every - len(wrong)
    yield _count("controls with name, role and state in the accessibility tree", told, every, "; ".join(wrong[:5]))


def _count(name: str, value: int, target: int, note: str, times: int = 1) -> Figure:
    return Figure(
        name=name, value=value, unit="", low=value, high=value, times=times, target=target, sense="=", note=note
    )


def _shown(seat: Seat, clip: str) -> Iterator[str]:
    """Each page in turn, complete; last the dialog."""
    for path in PAGES:
        seat.page.goto(seat.service.url + path.format(clip))
        if "/embed" in path or "/listen" in path:
            seat.page.locator("article-audio[state=ready]").wait_for()
            seat.ask("player.needMarks()")
            seat.wait("player.marks.sentences.length > 0")
        yield path.partition("{")[0]
    seat.open(f"/embed/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 0")
    seat.page.get_by_role("link", name="Send feedback").click()
    seat.page.get_by_role("dialog").wait_for()
    yield DIALOG


def _by_keyboard(seat: Seat) -> int:
    """Press Tab until nothing new comes for a whole round; how often the focus wasn't seen."""
    unseen = idle = 0
    for _ in range(_MOST_TABS):
        seat.page.keyboard.press("Tab")
        new, seen = seat.page.evaluate(_REACHED)
        unseen += new and not seen
        idle = 0 if new else idle + 1
        if idle > 3:
            break
    return unseen


def _by_tree(tree: CDPSession, seat: Seat) -> Iterator[str]:
    """Controls whose name, role or state the tree doesn't tell."""
    for number in range(int(seat.page.evaluate("() => controls.length"))):
        handle = tree.send("Runtime.evaluate", {"expression": f"controls[{number}]"})["result"]["objectId"]
        asked = {"objectId": handle, "fetchRelatives": False}
        node = tree.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
        if fault := _fault(node):
            markup = seat.page.evaluate("(number) => controls[number].outerHTML.slice(0, 80)", number)
            yield f"{fault}: {markup}"


def _fault(node: dict[str, Any]) -> str:
    role, name = (str(node.get(part, {}).get("value", "")) for part in ("role", "name"))
    if node.get("ignored") or role in ("", "none", "generic"):
        return "no role"
    if not name.strip():
        return f"{role} without a name"
    wanted = _STATES.get(role)
    told = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    told["value"] = node.get("value", {}).get("value")
    if wanted and told.get(wanted) in (None, ""):
        return f"{role} without {wanted}"
    return ""
