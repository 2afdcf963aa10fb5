"""When the program itself fails: one screen of words, and a report that can be shared.

The report names the fault and the places in the code, and nothing that was typed, read or received: neither
the fault's own words nor any variable, which could hold a secret.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

from vps_tui import __version__


def report_text(fault: BaseException) -> str:
    """Return what may be shared of `fault`: versions, its kind, those that led to it, and where in the code."""
    lines = [
        f"vps-tui {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "Left out on purpose: messages and variables, for they could hold personal data.",
    ]
    link: BaseException | None = fault
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        kind = type(link)
        lines += ["", f"{kind.__module__}.{kind.__qualname__}"]
        frames = extract_tb(link.__traceback__)
        lines += [f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
        link = _behind(link)
    return "\n".join(lines) + "\n"


def tell(fault: BaseException, folder: Callable[[], Path], money: str) -> list[str]:
    """Write the report into `folder`, and return what a person should read; `money` says whether money moved."""
    lines = ["vps-tui: Sorry, the program failed. This is a fault of its own, not yours.", money]
    try:
        path = _write(fault, folder())
    except Exception:  # noqa: BLE001 - whatever is wrong with the disk, the words must come
        return [*lines, f"No report could be written. The fault is {type(fault).__name__}."]
    return [*lines, f"A report without personal data is in {path}.", "Please send it in, with what you did."]


def report(fault: BaseException, money: str) -> None:
    """Say on standard error that the program failed, with `money`, and leave a report."""
    from vps_tui.files.locations import state_folder

    print("\n".join(tell(fault, state_folder, money)), file=sys.stderr)


def _write(fault: BaseException, folder: Path) -> Path:
    from vps_tui.files.private import private_folder, write_private

    private_folder(folder)
    path = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
    write_private(path, report_text(fault))
    return path


def _behind(fault: BaseException) -> BaseException | None:
    """Return what led to `fault`; Textual hands on a worker's failure as the attribute `error`."""
    inner = getattr(fault, "error", None)
    if isinstance(inner, BaseException):
        return inner
    return fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _place(filename: str) -> str:
    """Return a file's path from its package on: where the program is installed is nobody's business."""
    parts = Path(filename).parts
    for root in ("vps_tui", "site-packages"):
        if root in parts:
            index = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[index if root == "vps_tui" else index + 1 :])
    return parts[-1] if parts else filename
