"""The man page: names, options and examples from the parser, everything else from `text`, in man(7)'s macros."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from textwrap import wrap

from vps_tui import __version__
from vps_tui.cli.parser import EXIT_CODES, build_parser, commands_below, examples_of

from . import text as man_text

MAX_LETTERS = 78
"""Letters in a line of the source, which mandoc wants short; it is the reader's terminal that sets the page."""


def page() -> str:
    """Return the whole page as roff, in plain ASCII."""
    parser = build_parser()
    return "\n".join([*_head(parser), *_commands(parser), *_sections(), ""])


def _head(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f'.TH VPS\\-TUI 1 "{man_text.DATE}" "vps\\-tui {__version__}" "User Commands"'
    yield ".\\\" Made from the program's own options by: python -m tests.manual"
    yield ".SH NAME"
    yield from wrap(f"vps\\-tui \\- {_prose(man_text.NAME)}", MAX_LETTERS)
    yield ".SH SYNOPSIS"
    for number, line in enumerate(man_text.SYNOPSIS):
        yield from ([".br"] if number else [])
        yield f".B {_code(line)}"
    yield ".SH DESCRIPTION"
    yield from _text(man_text.DESCRIPTION)
    yield ".SH OPTIONS"
    yield "They stand before the command; every command has \\-\\-help besides its own."
    yield from _options(parser)


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield ".SH COMMANDS"
    yield from _text("Without a command the wizard starts.")
    for path, command in commands_below(parser):
        yield f'.SS "{_code(_usage(path, command))}"'
        yield from _text(command.description or "")
        yield from _options(command)
        yield from _example(examples_of(command))


def _sections() -> Iterator[str]:
    for title, parts in man_text.SECTIONS:
        yield f".SH {title}"
        for number, part in enumerate(parts):
            yield from _part(part, first=number == 0)
    yield ".SH EXIT STATUS"
    for code, words in EXIT_CODES:
        yield from _entry(str(code), words)
    yield ".PP"
    yield from _text(man_text.EXIT_CODES_NOTE)
    yield ".SH SEE ALSO"
    yield ".BR ssh (1),\n.BR ssh\\-keygen (1)"


def _part(part: man_text.Part, *, first: bool) -> Iterator[str]:
    if isinstance(part, str):
        yield from ([] if first else [".PP"])
        yield from _text(part)
    elif isinstance(part, man_text.Example):
        yield from _example(part.lines)
    else:
        for term, words in part:
            yield from _entry(term, words)


def _usage(path: tuple[str, ...], command: argparse.ArgumentParser) -> str:
    """Return how a command is written: what has to be given, and that there are options."""
    parts = ["vps-tui", *path]
    groups = [group._group_actions for group in command._mutually_exclusive_groups if group.required]
    for action in _actions(command):
        if not action.option_strings:
            parts.append(_value(action) if action.required else f"[{_value(action)}]")
    parts += [f"({' | '.join(_long(one) for one in group)})" for group in groups]
    chosen = [action for group in groups for action in group]
    optional = any(action.option_strings and action not in chosen for action in _actions(command))
    return " ".join([*parts, *(["[OPTIONS]"] if optional else [])])


def _actions(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what can be given, but for `--help`, which is the same everywhere, and what is hidden."""
    actions = command._actions
    return [action for action in actions if action.dest != "help" and action.help != argparse.SUPPRESS]


def _options(command: argparse.ArgumentParser) -> Iterator[str]:
    for action in _actions(command):
        words = action.help or ""
        if action.option_strings:
            value = f" {_value(action)}" if action.nargs != 0 else ""
            # As sentences they begin with a capital; what explains a value may begin with the value itself.
            yield from _entry(", ".join(action.option_strings) + value, words[:1].upper() + words[1:])
        elif words and not isinstance(action, argparse._SubParsersAction):
            yield from _entry(_value(action), words)


def _long(action: argparse.Action) -> str:
    """Return the first long name of an option."""
    return next(name for name in action.option_strings if name.startswith("--"))


def _value(action: argparse.Action) -> str:
    """Return what help calls the value of an option or a positional argument."""
    if isinstance(action.metavar, str):
        return action.metavar
    return "|".join(map(str, action.choices)) if action.choices is not None else action.dest.upper()


def _entry(term: str, words: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_code(term)}"
    yield from _text(words if words.endswith((".", ":", "?")) else f"{words}.")


def _example(lines: tuple[str, ...]) -> Iterator[str]:
    yield from (".PP", ".RS 4", ".EX", *map(_code, lines), ".EE", ".RE")


def _text(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        yield from ([".PP"] if number else [])
        lines = wrap(_prose(" ".join(paragraph.split())), MAX_LETTERS, break_long_words=False, break_on_hyphens=False)
        yield from map(_guarded, lines)


def _prose(text: str) -> str:
    """Return a sentence as roff, its dashes as one would type them where they begin an option."""
    return _escaped(text).replace(" --", " \\-\\-").replace(" -l -", " \\-l \\-")


def _code(text: str) -> str:
    """Return what is typed as roff, every character as one would type it."""
    return _guarded(_escaped(text).replace("-", "\\-"))


def _escaped(text: str) -> str:
    for character, written in (("\\", "\\e"), ('"', "\\(dq"), ("'", "\\(aq"), ("`", "\\(ga"), ("~", "\\(ti")):
        text = text.replace(character, written)
    return text.replace("^", "\\(ha")


def _guarded(line: str) -> str:
    """Return `line` so that no dot at its beginning is taken for a request."""
    return f"\\&{line}" if line.startswith(".") else line
