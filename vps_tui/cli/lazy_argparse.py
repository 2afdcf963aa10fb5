"""How the command line is read: commands that make their options when they are used, and the kinds of values."""

from __future__ import annotations

import argparse
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Any


class Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; argparse finds that out with modules that cost more than all its parsing."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


def path(text: str) -> Path:
    """Return the path that is typed; what loads the module is an option that takes one."""
    from pathlib import Path

    return Path(text)


class Parser(argparse.ArgumentParser):
    """A parser that names the nearest right word for a wrong one."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return what was given; ends the program where something of it is not known."""
        options, unknown = self.parse_known_args(args, namespace)
        self._refuse(unknown)
        return options

    def add_command(
        self,
        commands: argparse._SubParsersAction[Command],
        name: str,
        help_text: str,
        example: str,
        fill: Callable[[Command], None],
    ) -> None:
        """Add a command whose options `fill` makes; `example` is its command line without the program's name."""
        commands.add_parser(
            name,
            fill=fill,
            outer=self,
            help=help_text,
            description=f"{help_text[:1].upper()}{help_text[1:]}.",
            epilog=f"example:\n  vps-tui {example}",
            formatter_class=Help,
            allow_abbrev=False,
        )

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            there_are = f"there are {', '.join(map(str, action.choices))}"
            kind = (action.metavar or action.dest) if isinstance(action.metavar, str | None) else action.dest
            hint = _nearest(str(value), map(str, action.choices)) or there_are
            raise argparse.ArgumentError(None, f"there is no {kind.lower()} {value!r}: {hint}")

    def _refuse(self, unknown: list[str]) -> None:
        """End the program because of `unknown` words, if any; they are quoted, for a terminal might obey them."""
        option = next((word.partition("=")[0] for word in unknown if word.startswith("-")), "")
        if option:
            self.error(f"there is no option {option!r} here: {self._hint(option)}")
        elif unknown:
            self.error(f"{unknown[0]!r} is one too many")

    def _hint(self, option: str) -> str:
        return _nearest(option, self._option_string_actions) or "see --help"


def _nearest(word: str, known: Iterable[str]) -> str:
    from vps_tui.core.nearest import nearest

    near = nearest(word, known)
    return f"did you mean {near}?" if near else ""


class Command(Parser):
    """A command whose options are made when it is used: `--help` and the wizard need none of them."""

    def __init__(self, fill: Callable[[Command], None], outer: Parser, **settings: Any) -> None:
        self.outer = outer
        self._waiting: tuple[Callable[[Command], None], dict[str, Any]] | None = (fill, settings)

    def complete(self) -> None:
        """Make the options, unless that has been done."""
        if self._waiting is not None:
            (fill, settings), self._waiting = self._waiting, None
            super().__init__(**settings)
            fill(self)

    def _check_help(self, action: argparse.Action) -> None:
        """Check nothing: Python 3.14 asks this of a command when it is added, before it is a parser at all."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Make the options, then read them; a mistake is reported with the command's own usage."""
        self.complete()
        options, unknown = super().parse_known_args(args, namespace)
        self._refuse(unknown)
        return options, unknown

    def _hint(self, option: str) -> str:
        program = self.outer
        while isinstance(program, Command):
            program = program.outer
        if option in program._option_string_actions:  # noqa: SLF001 - argparse has no other way to ask
            return f"it stands before the command, as in vps-tui {option} {self.prog.removeprefix('vps-tui ')}"
        return super()._hint(option)


class ProviderOrBrowse(argparse.Action):
    """The word after `servers`: a provider, or the action `browse`."""

    def __call__(self, _parser: Any, namespace: argparse.Namespace, values: Any, _option: Any = None) -> None:
        browse = values == "browse"
        namespace.action, namespace.provider = ("browse", "") if browse else ("", values)


def minutes(text: str) -> float:
    """Return a number of minutes; raises ValueError, `ArgumentTypeError`."""
    found = float(text)
    if not 0 <= found < 1e6:
        raise argparse.ArgumentTypeError("minutes are a number from 0 on")
    return found


def count(text: str) -> int:
    """Return how many; raises ValueError, `ArgumentTypeError`."""
    found = int(text)
    if found < 1:
        raise argparse.ArgumentTypeError("a count is a number from 1")
    return found


def port(text: str) -> int:
    """Return the number of a port, 0 for any free one; raises ValueError, `ArgumentTypeError`."""
    found = int(text)
    if not 0 <= found <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return found
