"""The memory of a process and all that it has started, from `/proc` (proc(5))."""

from __future__ import annotations

import os
from pathlib import Path


def tree_memory(pid: int) -> int:
    """Return the resident bytes of a process and all below it, now."""
    total, left = 0, [pid]
    while left:
        folder = Path(f"/proc/{left.pop()}")
        try:
            total += int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
            left += [int(child) for task in folder.glob("task/*/children") for child in task.read_text().split()]
        except (OSError, IndexError):
            # It has ended meanwhile.
            continue
    return total
