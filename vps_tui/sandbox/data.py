"""The sandbox's data files: what the documents list, and what had to be invented (each file says which)."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"

LAYERSTACK_CATALOG: Path = _FOLDER / "layerstack-catalog.toml"
"""The invented LayerStack catalogue, in the form of the file that a user writes for the real one."""


@cache
def load_json(name: str) -> Any:
    """Return the parsed data file `name` (without `.json`); callers must not edit it."""
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))


@cache
def load_layerstack_catalog() -> Any:
    """Return the parsed invented LayerStack catalogue; callers must not edit it."""
    return tomllib.loads(LAYERSTACK_CATALOG.read_text("utf-8"))
