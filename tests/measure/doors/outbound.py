"""The doors outwards: addresses, changing names and redirects tried against the guarded client.

`python -m tests.measure.doors.outbound` prints the rows; they run in a network namespace where a canary hears every
address.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tests.measure.figures import Figure, exact
from tests.parts.outbound_namespace import CONTROLS, run_in_namespace, why_not


def figures() -> list[Figure]:
    """The rows of this part. Raises RuntimeError with the reason where namespaces are not permitted."""
    reason = why_not()
    if reason:
        raise RuntimeError(reason)
    found = run_in_namespace()
    refused = found["addresses"] - len(found["let_through"])
    again = found["rebinding_again"].get("address_refused", 0)
    return [
        _all("addresses refused", refused, found["addresses"], "spellings, networks, names, ports, schemes"),
        _all("rebinding names refused", again, found["rebindings"], "public for the first lookup, inside for the next"),
        _all("redirect chains refused", found["chains_refused"], found["chains"], "1 to 4 hops from public to inside"),
        _all("canary hits", found["canary_hits"], 0, "connections to any address that is not public"),
        _all(
            "canary hits of unguarded clients", found["control_hits"], CONTROLS, "so that its silence means something"
        ),
    ]


def _all(name: str, value: int, target: int, note: str) -> Figure:
    return exact(name=name, value=value, target=target, sense="=", note=note)


def main() -> None:
    table = Table("door", "value", "target", "", "")
    for figure in figures():
        table.add_row(figure.name, f"{figure.value:g}", f"{figure.target:g}", figure.verdict, figure.note)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
