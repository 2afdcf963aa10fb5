"""A process that starts the program in forks of itself, so that one start costs no second of imports.

It reads one JSON document a line: `start` forks a process per job, which run once all of them are there;
`end` waits for one to end, and kills it after so many seconds if that is said. Each is answered with a line.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from vps_tui import credentials  # noqa: F401 - loaded once, for all forks
from vps_tui.cli import main as cli
from vps_tui.cli.commands import change, order, orders  # noqa: F401
from vps_tui.journal import Journal, rows
from vps_tui.journal.second_copy import SecondCopy
from vps_tui.providers.edis import client as edis_client  # noqa: F401
from vps_tui.providers.http import Transport
from vps_tui.providers.layerstack.client import LayerStackClient

PLACES: dict[str, tuple[Any, str]] = {
    "prepare": (Journal, "prepare"),
    "the row of prepare": (rows, "insert"),
    "cart": (LayerStackClient, "_add_to_cart"),
    "sending": (Journal, "begin_sending"),
    "the row of sending": (rows, "mark_sending"),
    "the second copy": (SecondCopy, "append"),
    "paid call": (Transport, "send_once"),
    "finish": (Journal, "finish"),
    "the row of finish": (rows, "write_outcome"),
}
"""Where a fork can stop: before and after the call of each."""


outputs: dict[int, tuple[int, int]] = {}
"""Where the standard output and standard error of each process come out."""


def die() -> NoReturn:
    """End this process as the kernel ends one."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives this")


def stop_at(point: str, stop: Callable[[], Any]) -> None:
    """Have `stop` called at `point`, which is "before" or "after" and one of `PLACES`."""
    when, _, place = point.partition(" ")
    owner, name = PLACES[place]
    call = getattr(owner, name)

    def concerned(arguments: tuple[Any, ...]) -> bool:
        return place != "paid call" or "cart" not in arguments[2]

    def stopping(*arguments: Any, **options: Any) -> Any:
        if when == "before" and concerned(arguments):
            stop()
        result = call(*arguments, **options)
        if when == "after":
            stop()
        return result

    async def stopping_later(*arguments: Any, **options: Any) -> Any:
        if when == "before" and concerned(arguments):
            stop()
        result = await call(*arguments, **options)
        if when == "after" and concerned(arguments):
            stop()
        return result

    setattr(owner, name, stopping_later if place in ("paid call", "cart") else stopping)


def run(job: dict[str, Any]) -> NoReturn:
    """Be the program of `job`."""
    os.environ.update(job["environment"])
    os.dup2(job["out"], sys.stdout.fileno())
    os.dup2(job["err"], sys.stderr.fileno())
    if job.get("point"):
        stop_at(job["point"], die)
    prepare: Callable[[], None] = PREPARATIONS[job.get("prepare", "")]
    prepare()
    try:
        code = cli.main(job["arguments"])
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - ends as the interpreter would let it end
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(code)


def spoil(point: str) -> Callable[[], None]:
    """Return what lets no file grow from `point` on, as on a full disk."""
    import resource

    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        stop_at(point, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)))

    return prepare


def give_up_rights() -> None:
    """Have permissions hold for root, too, who may else do all: give up every capability (capset(2))."""
    version_3 = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if ctypes.CDLL(None, use_errno=True).capset(version_3, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "the capabilities cannot be given up")


PREPARATIONS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "no rights": give_up_rights,
    "no room before prepare": spoil("before prepare"),
    "no room before sending": spoil("before sending"),
    "no room before finish": spoil("before finish"),
}


def start(jobs: list[dict[str, Any]]) -> list[int]:
    """Fork one process per job, let them run at the same moment, and return their ids."""
    ready, go = os.pipe()
    pids = []
    for job in jobs:
        # Pipes, for a file could not be written either by a process whose disk is full.
        (out, job["out"]), (err, job["err"]) = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(go)
            os.read(ready, 1)
            os.close(ready)
            run(job)
        os.close(job["out"])
        os.close(job["err"])
        outputs[pid] = out, err
        pids.append(pid)
    os.close(ready)
    os.close(go)
    return pids


def end(pids: list[int], kill_after: float | None) -> tuple[int, int, str, str]:
    """Return the first of `pids` that ends, its exit code, negative for a signal, and what it printed."""
    descriptors = {os.pidfd_open(pid): pid for pid in pids}
    ended, _, _ = select.select(list(descriptors), [], [], kill_after)
    pid = descriptors[ended[0]] if ended else pids[0]
    if not ended:
        os.kill(pid, signal.SIGKILL)
    for descriptor in descriptors:
        os.close(descriptor)
    _, status = os.waitpid(pid, 0)
    out, err = map(drained, outputs.pop(pid))
    return pid, os.waitstatus_to_exitcode(status), out, err


def drained(pipe: int) -> str:
    """Return what a process that has ended wrote into `pipe`; others may hold its other end still."""
    os.set_blocking(pipe, False)
    with open(pipe, "rb", buffering=0) as file:
        return (file.read() or b"").decode()


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" in asked:
            answer: Any = start(asked["start"])
        else:
            answer = end(asked["end"], asked.get("kill_after"))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
