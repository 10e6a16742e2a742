"""Reading the files in which the demo is written down."""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    """Return what a file of the demo says."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))
