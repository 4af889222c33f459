"""prune: delete what was kept long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, minute_of, noted, say, show_rows

if TYPE_CHECKING:
    from tts_service.parts import Parts


@app.command("prune")
def prune(
    site: Annotated[str | None, typer.Option("--site", help="Only this site's clips, jobs and texts.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="First take over a store that isn't this installation's, after asking.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Delete what was kept as long as the sites' options say, and files that nothing refers to.

    Beat does the same all the time. What a current clip, an open report, a held version, an unfinished job or a
    correction that can still be taken back needs always stays.
    """
    from tts_service.errors import PruningIncomplete
    from tts_service.retention.prune import prune_all, weigh_all
    from tts_service.retention.pruned import KINDS

    parts = built()
    if adopt:
        _adopt(parts, yes=yes, dry_run=dry_run)
    pruned = weigh_all(parts, site) if dry_run else prune_all(parts, site)
    if pruned.store_refusal is not None:
        say(pruned.store_refusal)
        raise typer.Exit(1)
    if pruned.held_until_ms is not None:
        say(
            "Nothing was deleted: the database's clock jumped, or pruning stood still for days. "
            f"It goes on at {minute_of(pruned.held_until_ms)} if the clock is right until then."
        )
        raise typer.Exit(1)
    if not dry_run:
        noted(parts, "service.pruned", site or "all sites", site, **dict(pruned.amounts))
    kinds = [kind for kind in KINDS if pruned.amounts[kind]]
    show_rows([{"kind": kind, "number": pruned.amounts[kind], "bytes": pruned.bytes[kind]} for kind in kinds], as_json)
    if not as_json:
        say(f"{pruned.total_bytes} bytes of audio {'would go' if dry_run else 'went'}")
    if pruned.failed:
        raise PruningIncomplete(
            f"{len(pruned.failed)} clips can't be pruned, all others are done. The log says why: erase their articles, "
            f"or report the fault. {', '.join(sorted(pruned.failed)[:20])}",
            clips=sorted(pruned.failed),
        )


def _adopt(parts: Parts, *, yes: bool, dry_run: bool) -> None:
    """Make this installation the store's owner, once somebody has seen what it would delete. Only says it in a dry
    run."""
    from tts_service.retention.ownership import adopt_store, claim_refusal, claim_store, unknown_objects

    refusal_of = claim_refusal if dry_run else claim_store
    if refusal_of(parts.database, parts.store) is None:
        say("The store is this installation's already.")
        return
    unknown = unknown_objects(parts)
    say(
        f"{unknown.known} objects in the store are known to this database. {unknown.number} with {unknown.bytes} bytes "
        "aren't: they would be deleted when they are a day old."
    )
    if dry_run:
        return
    if not yes and not typer.confirm("Take the store over from its owner?", default=False, err=True):
        raise typer.Exit(1)
    # First: the store is no part of the transaction, and a takeover that nobody can trace must not be left.
    noted(parts, "store.adopted", "the store", None, unknown=unknown.number, unknown_bytes=unknown.bytes)
    adopt_store(parts.database, parts.store)
