"""The seam of settings and parts, for `make seams`: which planted faults the start and `doctor` find."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.measure.figures import Figure, exact
from tests.parts.doctor_plants import PLANTS, first_failure
from tests.parts.doctor_setting import installation
from tests.parts.factories import make_settings
from tests.parts.s3_servers import s3_server, settings_of
from tests.parts.settings_faults import PLANTED, USABLE, environment, found
from tts_service.installation.check import read_settings
from tts_service.storage.store import open_store
from tts_service.storage.watch import StoreWatch

_PROBES = 1000


def rows() -> list[Figure]:
    """Each figure with its target."""
    with tempfile.TemporaryDirectory(prefix="seams-settings-") as name:
        folder = Path(name)
        named = [found(planted, folder) is not None for planted in PLANTED]
        told = [plant.says in plant.look(_made(folder / f"plant{n}")) for n, plant in enumerate(PLANTS)]
        return [
            _share("planted faults in settings, named at start with what to write", named),
            _share("planted faults of an installation, found by doctor", told),
            _count("usable settings that were refused", sum(_faults(folder, given) for given in USABLE), len(USABLE)),
            _count("healthy installations that doctor faulted", int(bool(_healthy(_made(folder / "healthy")))), 1),
            _count(f"writes to the store in {_PROBES} probes of /readyz within a minute", _writes(folder), 1, target=1),
        ]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _faults(folder: Path, given: dict[str, str]) -> int:
    with environment(given, folder):
        return int(bool(read_settings()[1]))


def _healthy(folder: Path) -> str:
    with installation(folder) as made:
        return first_failure(made.settings)


def _writes(folder: Path) -> int:
    with s3_server() as bucket:
        settings = make_settings(folder, **settings_of(bucket))
        watching = StoreWatch(open_store(settings), settings, lambda: 0.0)
        for _ in range(_PROBES):
            watching.require()
        return len(bucket.puts)


def _share(name: str, found: list[bool]) -> Figure:
    """All of them should be found."""
    total = len(found)
    return Figure(name=name, value=sum(found), unit=f"of {total}", low=sum(found), high=total, target=total, sense="=")


def _count(name: str, value: int, total: int, target: int = 0) -> Figure:
    return exact(name=name, value=value, unit=f"of {total}" if not target else "", target=target, sense="≤")
