"""What a process and all that it has started have used, from `/proc` (proc(5))."""

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


def tree_computing(pid: int) -> float:
    """Return the milliseconds of computing that a process and all below it have had."""
    total, left = 0, [pid]
    while left:
        for task in Path(f"/proc/{left.pop()}").glob("task/*"):
            try:
                total += int((task / "schedstat").read_text().split()[0])
                left += [int(child) for child in (task / "children").read_text().split()]
            except OSError:
                # It has ended meanwhile.
                continue
    return total / 1e6
