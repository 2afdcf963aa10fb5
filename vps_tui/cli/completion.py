"""What a shell offers on Tab: commands and options from the parser, values from what lies on this machine.

argcomplete does it: its script runs the program with `_ARGCOMPLETE` set and the line in `COMP_LINE`, and the program
prints what could come next instead of doing anything. Nothing is asked of the network, and nothing is written.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from vps_tui.cli.parser import commands_below
from vps_tui.core import exit_codes

NEWEST = 100
"""Earlier orders that are offered."""

Completer = Callable[..., Iterable[str]]
"""Returns values that begin with the `prefix`; a mapping gives a description of each."""


def script(shell: str) -> str:
    """Return the script that teaches `shell` - bash, zsh or fish - to complete the program's command line."""
    from argcomplete.shell_integration import shellcode

    # Without a fallback to any file: where a value cannot be known, a file would be a wrong guess.
    return shellcode(["vps-tui"], shell=shell, complete_arguments=["-o", "nospace"])


def offer(parser: argparse.ArgumentParser) -> None:
    """Print what could come next on the command line in `COMP_LINE`, and end the program."""
    import argcomplete
    from argcomplete.completers import SuppressCompleter

    for command in (parser, *(command for _, command in commands_below(parser))):
        for action in command._actions:  # noqa: SLF001 - as argcomplete itself has it
            completer = _completer(action)
            if completer is not None:
                setattr(action, "completer", completer)  # noqa: B010 - argcomplete's own attribute
    try:
        argcomplete.autocomplete(parser, always_complete_options=False, default_completer=SuppressCompleter())
    except OSError:
        # The shell does not read the answer any more.
        os._exit(exit_codes.FAILED)


def _completer(action: argparse.Action) -> Completer | None:
    """Return what completes the values of `action`: by its option, else by what its help calls the value."""
    found = next((_BY_OPTION[name] for name in action.option_strings if name in _BY_OPTION), None)
    return found or (_BY_METAVAR.get(action.metavar) if isinstance(action.metavar, str) else None)


def _references(*, prefix: str, parsed_args: argparse.Namespace, **_: object) -> Mapping[str, str]:
    """Return the newest orders by reference, with what they bought."""
    from platformdirs import user_state_path

    from vps_tui.journal import FILE_NAME, Entry, Journal

    folder = user_state_path("vps-tui")
    folder = folder / "sandbox" if parsed_args.sandbox else folder
    return {
        entry.reference: f"{', '.join(name for name, _ in entry.purchase.servers)} {entry.outcome.kind}"
        for entry in map(Entry.printable, Journal(folder / FILE_NAME).entries(NEWEST))
        if entry.reference.startswith(prefix)
    }


def _providers(**_: object) -> Iterable[str]:
    from vps_tui.providers.registry import MODULES

    return MODULES


def _profiles(*, parsed_args: argparse.Namespace, **_: object) -> Iterable[str]:
    from vps_tui.credentials.config import FILE_NAME, profile_names
    from vps_tui.files.locations import config_folder

    return profile_names(parsed_args.config or config_folder() / FILE_NAME)


def _faults(**_: object) -> Mapping[str, str]:
    from vps_tui.sandbox.faults import FAULTS

    # Those with capitals stand for many, such as http-NNN.
    return {name: words for name, words in FAULTS.items() if name.islower()}


def _files(*endings: str) -> Completer:
    """Return what completes paths of folders, and of files with one of `endings`; without endings of all files."""

    def found(*, prefix: str, **_: object) -> Iterator[str]:
        begun = prefix.rpartition("/")[2]
        folder = prefix.removesuffix(begun)
        try:
            entries = sorted(os.scandir(Path(folder or ".").expanduser()), key=lambda entry: entry.name)
        except OSError:
            return  # There is no such folder, so nothing in it.
        for entry in entries:
            hidden = entry.name.startswith(".") and not begun.startswith(".")
            if entry.name.startswith(begun) and not hidden:
                if entry.is_dir():
                    yield f"{folder}{entry.name}/"
                elif entry.name.endswith(endings or ""):
                    yield f"{folder}{entry.name}"

    return found


_BY_OPTION: Mapping[str, Completer] = {
    "--profile": _profiles,
    "--fault": _faults,
    "--log": _files(),
}
_BY_METAVAR: Mapping[str, Completer] = {
    "REF": _references,
    "PROVIDER": _providers,
    "FILE": _files(".toml"),
    "PATH": _files(".toml"),
}
