"""`make house`: how the code stands, counted from the code itself, beside what landed last and what is to be reached.

`--check` (part of `make check`) fails when a figure that must not get worse did. `--record` writes the figures of today
into tests/measure/house.tsv, for the commit that lands them. `--cpu` runs the tests as `make test` does and counts the
CPU time of the whole process tree: of the fast ones as a figure, of all by group, file and test. Without it, the figure
is only shown as it landed.
"""

from __future__ import annotations

import argparse
import ast
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.measure import suite_cpu
from tests.parts.places import ROOT

RECORD = Path(__file__).with_suffix(".tsv")
NOT_WORSE = frozenset(
    {"import circles", "public names in several files", "formatter switched off", "files naming French"}
)
"""Figures that `make check` holds; the others are only shown."""
_SAME_BY_DESIGN = ("tts_service/client/", "tts_service/cms/sources/", "tts_service/db/migrations/")
"""The client mirrors the API's names; sources are adapters of one protocol; a language folder is too."""

FAST_CPU = "fast tests, CPU seconds"
_MEASURED = ("-m", "pytest", "-p", "tests.measure.suite_cpu", "-q")
FAST_TESTS = (*_MEASURED, "-n", "auto", "-m", "not slow", "--ignore", "tests/slow")
SLOW_TESTS = (*_MEASURED, "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "slow")

Modules = Mapping[str, ast.Module]


def product() -> dict[str, ast.Module]:
    """The product's modules by dotted name; a package by the name of its folder."""
    found = {}
    for folder in ("tts_service", "workers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text("utf-8"))
    return found


def imports(name: str, modules: Modules) -> Iterator[str]:
    """The product's modules that a module imports, wherever in it the import stands."""
    for node in ast.walk(modules[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in modules:
                    yield inner
                elif node.module in modules:
                    yield node.module


def room(name: str) -> str:
    """The folder or loose file of the top floor that a module belongs to."""
    first, *rest = name.split(".")
    return rest[0] if first == "tts_service" and rest else first


def rooms_and_arrows(modules: Modules) -> tuple[int, int]:
    """How many rooms there are, and how many pairs of them where one imports the other."""
    arrows = {
        (room(name), room(other)) for name in modules for other in imports(name, modules) if room(name) != room(other)
    }
    return len({room(name) for name in modules}), len(arrows)


def circles(modules: Modules) -> list[list[str]]:
    """Groups of modules that import each other in a ring (Tarjan's algorithm)."""
    graph = {name: sorted(set(imports(name, modules)) - {name}) for name in modules}
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in graph[name]:
            if other not in order:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], order[other])
        if low[name] == order[name]:
            ring = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(ring) > 1:
                found.append(sorted(ring))

    for name in graph:
        if name not in order:
            visit(name)
    return found


def names_in_several_files() -> dict[str, list[str]]:
    """Public classes and functions that several files define at their top level, adapters of one protocol aside."""
    places = defaultdict(list)
    languages = {path.parent for path in (ROOT / "tts_service/speakable").glob("*/__init__.py")}
    for path in sorted((ROOT / "tts_service").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        if where.startswith(_SAME_BY_DESIGN) or path.parent in languages:
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith(
                "_"
            ):
                places[node.name].append(where)
    return {name: files for name, files in sorted(places.items()) if len(files) > 1 and name != "main"}


def formatter_off() -> int:
    """Places where the formatter is switched off, in product, workers, tests and samples."""
    mark = "# fmt: " + "skip"
    files = [
        path for folder in ("tts_service", "workers", "tests", "samples") for path in (ROOT / folder).rglob("*.py")
    ]
    return sum(path.read_text("utf-8").count(mark) for path in files)


def files_naming_french() -> list[str]:
    """Product files outside `speakable/fr/` that name French: what a new language would have to be added to. An engine
    names the languages of its voices."""
    found = []
    for path in sorted((ROOT / "tts_service").rglob("*.py")):
        if path.parent.name in ("fr", "engines") or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        texts = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        taken = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        if texts & {"fr", "FRENCH"} or "french" in taken or path.stem == "french":
            found.append(path.relative_to(ROOT).as_posix())
    return found


def figures() -> dict[str, int]:
    """Every figure by its name."""
    modules = product()
    rooms, arrows = rooms_and_arrows(modules)
    lines = sum(
        len(path.read_text("utf-8").splitlines())
        for folder in ("tts_service", "workers")
        for path in (ROOT / folder).rglob("*.py")
    )
    return {
        "product, lines of Python": lines,
        "rooms": rooms,
        "arrows between rooms": arrows,
        "import circles": len(circles(modules)),
        "public names in several files": len(names_in_several_files()),
        "formatter switched off": formatter_off(),
        "files naming French": len(files_naming_french()),
    }


def cpu_s(tests: Sequence[str]) -> int:
    """CPU seconds (user and system) of some tests, all processes. Raises CalledProcessError if a test fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *tests], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def recorded() -> dict[str, tuple[int, str]]:
    """What landed last and what is to be reached, by figure."""
    rows = (line.split("\t") for line in RECORD.read_text("utf-8").splitlines()[1:])
    return {name: (int(landed), target) for name, landed, target in rows}


def main() -> int:
    parser = argparse.ArgumentParser(description="How the code stands")
    parser.add_argument("--check", action="store_true", help="fail when a figure got worse that must not")
    parser.add_argument("--record", action="store_true", help="write today's figures into tests/measure/house.tsv")
    parser.add_argument("--names", action="store_true", help="list circles, doubled names and files naming French")
    parser.add_argument("--cpu", action="store_true", help="run the tests and count their CPU time")
    wanted = parser.parse_args()
    before, now = recorded(), figures()
    if wanted.cpu:
        suite_cpu.RECORD.unlink(missing_ok=True)
        now[FAST_CPU] = cpu_s(FAST_TESTS)
        cpu_s(SLOW_TESTS)
        print(*suite_cpu.summary(suite_cpu.spent_by_test()), "", sep="\n")
    print(f"{'':34}{'now':>8}{'landed':>8}{'goal':>10}")
    for name, (landed, target) in before.items():
        print(f"{name:34}{now.get(name, '-'):>8}{landed:8}{target:>10}")
    if wanted.names:
        for ring in circles(product()):
            print("circle:", *ring)
        for name, files in names_in_several_files().items():
            print(f"{name}: {', '.join(files)}")
        print("French:", *files_naming_french())
    if wanted.record:
        rows = [f"{name}\t{now.get(name, landed)}\t{target}\n" for name, (landed, target) in before.items()]
        RECORD.write_text("figure\tlanded\tgoal\n" + "".join(rows), "utf-8")
    worse = [name for name in sorted(NOT_WORSE) if now[name] > before[name][0]]
    for name in worse:
        print(f"Worse than what landed last: {name} ({now[name]}, was {before[name][0]})", file=sys.stderr)
    return 1 if wanted.check and worse else 0


if __name__ == "__main__":
    sys.exit(main())
