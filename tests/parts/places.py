"""Where the checkout and the tests' data lie."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"


def operations_sections() -> set[str]:
    """Anchors of the sections of docs/operations.md, as GitHub makes them of headings."""
    headings = re.findall(r"^#{2,3} (.+)$", (ROOT / "docs" / "operations.md").read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
