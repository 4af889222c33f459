"""The player's ES modules in web/player, joined into one text: a page loads one file, and the service needs no build.

What is joined is what `import` and `export` say, in the only forms that are allowed here; anything else is refused, so
that the parts stay modules that any tool understands.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SERVED = "served"
"""A module that the server writes: where the player comes from, its version, its languages, the English texts."""
SERVED_NAMES = frozenset(["SERVER", "VERSION", "LANGUAGES", "ENGLISH"])
_IMPORT = re.compile(r'import \{ (\w+(?:, \w+)*) \} from "\./(\w+)\.js";')
_EXPORT = re.compile(r"export (?=(?:async )?(?:const|let|function|class) )")
_DEFINED = re.compile(r"(?:export )?(?:async )?(?:const|let|function|class) (\w+)")
_REMARK = re.compile(r"//.*|/\*\*.*\*/|")
"""A line that says something to people only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerPart:
    """One module of web/player."""

    text: str
    """Without imports, `export`, remarks and indentation."""
    imports: dict[str, tuple[str, ...]]
    """Names by the module they come from."""
    defined: tuple[str, ...]
    exported: frozenset[str]


def joined_parts(entry: str, *, others: Collection[str] = ()) -> str:
    """A module and all it imports, each after what it imports. `others`: modules that are joined elsewhere.

    Raises ValueError for a name that isn't exported where it is imported from, or that two modules define."""
    order = parts_of(entry, others=others)
    home: dict[str, str] = {}
    for name in order:
        for defined in part(name).defined:
            if home.setdefault(defined, name) != name:
                raise ValueError(f"{defined} is defined in {home[defined]}.js and in {name}.js")
    return "".join(part(name).text for name in order)


def parts_of(entry: str, *, others: Collection[str] = ()) -> tuple[str, ...]:
    """The modules that make up `entry`, in the order in which a browser runs them."""
    order: dict[str, None] = {}
    begun = {SERVED, *others}

    def visit(name: str) -> None:
        begun.add(name)
        for source, names in part(name).imports.items():
            missing = set(names) - (SERVED_NAMES if source == SERVED else part(source).exported)
            if missing:
                raise ValueError(f"{name}.js imports {', '.join(sorted(missing))}, which {source}.js does not export")
            if source not in begun:
                visit(source)
        order[name] = None

    visit(entry)
    return tuple(order)


def imported_from(entry: str, others: Collection[str]) -> tuple[str, ...]:
    """Names that a module and all it imports take from `others`, sorted."""
    used = {
        name
        for module in parts_of(entry, others=others)
        for source, names in part(module).imports.items()
        if source in others or source == SERVED
        for name in names
    }
    return tuple(sorted(used))


@cache
def part(name: str) -> PlayerPart:
    """A module of web/player. Raises ValueError for an import or export in another form than the parts' own."""
    imports: dict[str, tuple[str, ...]] = {}
    defined, exported, kept = [], [], []
    for line in (files("tts_service.web") / "player" / f"{name}.js").read_text("utf-8").splitlines():
        if found := _DEFINED.match(line):
            defined.append(found[1])
            if line.startswith("export "):
                exported.append(found[1])
        if named := _IMPORT.fullmatch(line):
            imports[named[2]] = tuple(named[1].split(", "))
            continue
        bare = _EXPORT.sub("", line.strip(), count=1)
        if re.match(r"(?:import|export)\b(?!\()", bare):
            raise ValueError(f"{name}.js: {line}")
        if not _REMARK.fullmatch(bare):
            kept.append(f"{bare}\n")
    return PlayerPart(text="".join(kept), imports=imports, defined=tuple(defined), exported=frozenset(exported))
