"""What a running service has used so far: CPU by role, statements, broker commands, bytes, memory, connections."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.measure.bench.processes import cpu_s, pss_mb
from tests.measure.faults.world import World
from tests.parts.service import command_of, descendants

ENGINE = "tts_service.engines.child"
_STATEMENT = re.compile(r"^\[(\S*)\] LOG:  (?:execute [^:]*|statement): ", re.MULTILINE)
PREFIX = "[%a] "
"""PostgreSQL's log_line_prefix that `_STATEMENT` reads: the application's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Sums since the start of each process."""

    cpu_s: Counter[str]
    """CPU seconds by role: api, beat, callbacks, worker, engine, database, broker."""
    transactions: int
    broker_commands: int
    rings: int
    """Messages put into the broker's lists."""
    database_bytes: int
    store_bytes: Counter[str]
    """By the first folder of the key."""
    statements: Counter[str] = field(default_factory=Counter)
    """By role; empty unless the database logs them."""


def read(world: World) -> Reading:
    """Read everything. The database's own pages are written out first, so that sizes can be compared."""
    assert world.postgres is not None
    with world.parts.database.reading() as session:
        transactions = session.scalar(
            text("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        )
        sizes = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
        database_bytes = session.scalar(text(sizes))
    log = world.postgres.log.read_text(errors="replace")
    return Reading(
        cpu_s=_cpu(world),
        transactions=int(transactions or 0),
        broker_commands=int(world.broker.client.info("stats")["total_commands_processed"]),  # type: ignore[index]
        rings=_rings(world),
        database_bytes=int(database_bytes or 0),
        store_bytes=_stored(world.settings.data_dir / "audio"),
        statements=Counter(role_of(name) for name in _STATEMENT.findall(log)),
    )


def role_of(name: str) -> str:
    """The role of a process of the world, whose name may end with a number."""
    return name.partition("-")[0] or "measuring"


def memory_mb(world: World) -> dict[str, float]:
    """MiB in RAM by process of the world, each page shared by several counted in parts (PSS)."""
    return {
        name: sum(pss_mb(pid) for pid in (world.pid(name), *descendants(world.pid(name)))) for name in world.processes
    }


def connections(world: World) -> dict[str, int]:
    """Connections at the database, by process of the world."""
    with world.parts.database.reading() as session:
        asked = (
            "SELECT application_name, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1"
        )
        rows = session.execute(text(asked)).all()
    return {name: count for name, count in rows if name in world.processes}


def log_statements(world: World) -> None:
    """Have the database log each statement with the name of the process that sent it."""
    engine = world.parts.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER SYSTEM SET log_line_prefix = '{PREFIX}'"))
        connection.execute(text("ALTER SYSTEM SET log_statement = 'all'"))
        connection.execute(text("SELECT pg_reload_conf()"))


def _cpu(world: World) -> Counter[str]:
    assert world.postgres is not None
    found: Counter[str] = Counter()
    for name in world.processes:
        for pid in (world.pid(name), *descendants(world.pid(name))):
            found["engine" if ENGINE in command_of(pid) else role_of(name)] += cpu_s(pid)  # type: ignore[assignment]
    for role, root in (("database", world.postgres.pid), ("broker", world.broker.pid)):
        found[role] = sum(cpu_s(pid) for pid in (root, *descendants(root)))  # type: ignore[assignment]
    return found


def _rings(world: World) -> int:
    stats: Any = world.broker.client.info("commandstats")
    return int(stats.get("cmdstat_lpush", {"calls": 0})["calls"])


def _stored(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file():
            found[path.relative_to(folder).parts[0]] += path.stat().st_size
    return found
