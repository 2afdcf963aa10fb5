"""The first line of a script as the Linux kernel reads it: which interpreter starts, and with which argument.

The kernel takes the path behind `#!` and passes everything after it as one single argument. It searches no PATH,
and removes nothing but spaces and tabs. What fails there fails on the new server, and nobody sees it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from vps_tui.core.errors import InvalidValue
from vps_tui.core.text import clean

MAX_LINE_BYTES: Final = 255
"""The kernel looks for the end of the line in the first 256 bytes of a file."""
OLD_MAX_LINE_BYTES: Final = 127
"""The same before Linux 5.1."""

BEGIN: Final = "Begin it with a line such as #!/bin/bash."

_ON_EVERY_IMAGE: Final = frozenset({"/bin/sh", "/bin/bash", "/usr/bin/sh", "/usr/bin/bash", "/usr/bin/env"})
_FOLDERS: Final = frozenset({"/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr"})
_SHELLS: Final = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
_LETTERS: Final = {
    "bash": frozenset("abefhiklmpruvxBCEHPT"),
    "dash": frozenset("abefilmpuvxCEIV"),
    "sh": frozenset("abefhiklmpruvxBCEHIPTV"),
}
"""Options with which each shell runs the script. /bin/sh is dash on some systems and bash on others."""
_ENV_OPTIONS: Final = "-[iv]*|--|--ignore-environment|--debug|-[uC].+|--(?:unset|chdir)=.+"
"""Options of env that are whole in one word, and with which it starts a program."""
_STOPPING: Final = {
    "c": "takes the script's path for the command to run, so that the script starts itself without end",
    "s": "reads commands from its input and not from the script",
    "n": "reads the script without running it",
}
_LONG_OPTIONS: Final = frozenset(
    {"--login", "--posix", "--noprofile", "--norc", "--noediting", "--restricted", "--verbose"}
)


def interpreter_warnings(line: str) -> tuple[str, ...]:
    """Return what to know of the first line of a script, which begins with `#!`.

    Raises `InvalidValue` with the reason for a line with which the script cannot run.
    """
    program, argument = _split(line)
    words = (argument,) if argument else ()
    if len(line.encode()) > MAX_LINE_BYTES:
        raise InvalidValue(
            f"The first line is longer than the {MAX_LINE_BYTES} bytes of it that Linux reads.",
            hint="Shorten it: options can be set on the second line.",
        )
    found = _program_warnings(program, words)
    if len(line.encode()) > OLD_MAX_LINE_BYTES:
        found.append(f"Linux before 5.1 reads only {OLD_MAX_LINE_BYTES} bytes of its first line, which is longer.")
    return tuple(found)


def character_name(character: str) -> str:
    """Return a character by its code point and name, for one that cannot be shown."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} ({name})" if name else f"U+{ord(character):04X}"


def _split(line: str) -> tuple[str, str]:
    odd = re.search("[^\t\x20-\x7e]", line)
    if odd:
        raise InvalidValue(
            f"The first line holds {character_name(odd[0])}, which is part of no interpreter's name.",
            hint="Type the line again by hand, such as #!/bin/bash.",
        )
    program, argument = re.fullmatch(r"#![\t ]*([^\t ]*)(.*)", line).groups()  # type: ignore[union-attr]
    if not program:
        raise InvalidValue("The first line names no program after #!.", hint=BEGIN)
    shown = clean(program, 40)
    if not program.startswith("/"):
        usual = f"/bin/{program}" if program in ("sh", "bash") else f"/usr/bin/env {shown}"
        raise InvalidValue(
            f'The first line names "{shown}" without its full path, and Linux does not search for it.',
            hint=f"Write #!{usual}." if re.fullmatch(r"[\w.+-]+", program) else BEGIN,
        )
    if program.endswith("/") or program in _FOLDERS or not re.fullmatch(r"[\w./+-]+", program):
        raise InvalidValue(f'"{shown}" in the first line is not the path of a program.', hint=BEGIN)
    return program, argument.strip("\t ")


def _program_warnings(program: str, words: Sequence[str]) -> list[str]:
    """Return what to know of an interpreter that is started with `words` and then the script's path."""
    name = program.rpartition("/")[2]
    found = _env_warnings(words) if name == "env" else _argument_warnings(name, words)
    if program not in _ON_EVERY_IMAGE:
        found.append(f"Not every image has {clean(program, 60)}: without it the script does not run.")
    return found


def _env_warnings(words: Sequence[str]) -> list[str]:
    """Return what to know of `env`, which the kernel gives at most one word."""
    word = words[0] if words else ""
    split = re.fullmatch(r"-[iv]*S(.*)|--split-string=(.*)", word)
    if split:
        inner = _split_string(split[1] or split[2] or "")
    elif word.startswith("-"):
        raise InvalidValue(
            "env in the first line takes its options only behind -S, because Linux passes all of them as one word.",
            hint="Write them as in #!/usr/bin/env -S -i bash.",
        )
    elif re.search("[\t =]", word):
        what = "sets a variable and starts the script itself without end" if "=" in word else "finds no such program"
        raise InvalidValue(
            f'Linux passes "{clean(word, 40)}" in the first line to env as one word, with which env {what}.',
            hint=f"Write #!/usr/bin/env -S {clean(word, 60)}" if re.search("[\t ]", word) else BEGIN,
        )
    else:
        inner = [word] if word else []
    if not inner:
        raise InvalidValue(
            "The first line gives env no program, so that the script would start itself without end.",
            hint="Name one, as in #!/usr/bin/env bash.",
        )
    program, *rest = inner
    if not re.fullmatch(r"[\w./][\w./+-]*", program):
        raise InvalidValue(f'"{clean(program, 40)}" in the first line is no program that env could find.', hint=BEGIN)
    name = program.rpartition("/")[2]
    found = _argument_warnings(name, rest)
    if name not in ("sh", "bash"):
        found.append(f"Not every image has {clean(program, 60)}: without it the script does not run.")
    return found


def _split_string(text: str) -> list[str]:
    """Return the program and its arguments in what `env -S` splits; env's own options and variables are left out."""
    import shlex

    try:
        words = shlex.split(text)
    except ValueError:
        raise InvalidValue("A quote is not closed in the first line.", hint="Close it.") from None
    while words and (words[0].startswith("-") or "=" in words[0]):
        option = words.pop(0)
        if option in ("-u", "-C", "--unset", "--chdir"):
            words = words[1:]
        elif option.startswith("-") and not re.fullmatch(_ENV_OPTIONS, option):
            raise _find_stop("env", clean(option, 40), "does not run the script")
    return words


def _argument_warnings(name: str, words: Sequence[str]) -> list[str]:
    if name in _SHELLS:
        return _shell_warnings(name, words)
    if re.fullmatch(r"python[0-9.]*", name):
        _refuse_python_arguments(name, words)
    elif name != "perl" and any(re.search("[\t ]", word) for word in words):
        # Perl reads the line once more by itself and splits it there.
        return [f"Linux passes everything after {clean(name, 40)} in the first line as one argument."]
    return []


def _shell_warnings(name: str, words: Sequence[str]) -> list[str]:
    """Return what to know of a shell's arguments; refuses those with which it does not run the script after them."""
    left, doubtful = list(words), ""
    while left:
        word = left.pop(0)
        if word in ("-", "--") and not left:
            break
        if word[:1] not in ("-", "+") or word in ("-", "--"):
            raise _other_file(name)
        _refuse_spaces(name, word)
        if word.startswith("--"):
            if name == "dash" or (name in ("bash", "sh") and word not in _LONG_OPTIONS):
                raise _find_stop(name, clean(word, 40), "does not run the script")
            doubtful = word
            continue
        for letter in word[1:]:
            if _names_option(name, letter) and left and left[0][:1].isalpha():
                left.pop(0)
            else:
                _refuse_letter(name, word[0], letter)
            if letter in _LETTERS["bash"] ^ _LETTERS["dash"]:
                doubtful = f"{word[0]}{letter}"
    return [f"On some images sh does not take {doubtful}."] if name == "sh" and doubtful else []


def _names_option(name: str, letter: str) -> bool:
    """Tell whether `letter` takes the next argument for the name of an option."""
    return letter == "o" or (letter == "O" and name == "bash")


def _refuse_letter(name: str, sign: str, letter: str) -> None:
    if letter == "n" and sign == "+":
        return
    if _names_option(name, letter):
        raise _find_stop(name, f"{sign}{letter}", "takes what follows for the name of an option")
    if letter in _STOPPING:
        raise _find_stop(name, f"{sign}{letter}", _STOPPING[letter])
    if name in _LETTERS and letter not in _LETTERS[name]:
        raise _find_stop(name, f"{sign}{letter}", "does not run the script")


def _refuse_python_arguments(name: str, words: Sequence[str]) -> None:
    left = list(words)
    while left:
        word = left.pop(0)
        if not word.startswith("-"):
            raise _other_file(name)
        takes_value = re.match("-[A-Za-z]*?[WX](.*)", word)
        if takes_value:
            left = left[0 if takes_value[1] else 1 :]
            continue
        _refuse_spaces(name, word)
        if re.match("-[A-Za-z]*[cm]|-$", word):
            raise _find_stop(name, clean(word, 40), "does not run the script")


def _refuse_spaces(name: str, word: str) -> None:
    if not re.search("[\t ]", word):
        return
    together = "Write the options together, as in #!/bin/bash -eu, or set them on the second line: set -eu"
    raise InvalidValue(
        f'Linux passes "{clean(word, 40)}" in the first line as one argument, which {name} refuses.',
        hint=together if name in _SHELLS else f"Write #!/usr/bin/env -S {name} {clean(word, 60)}",
    )


def _find_stop(name: str, option: str, what: str) -> InvalidValue:
    return InvalidValue(f"With {option} in the first line, {name} {what}.", hint=f"Leave {option} out.")


def _other_file(name: str) -> InvalidValue:
    return InvalidValue(
        f"{name} takes what follows it in the first line for another file, and does not run the script.",
        hint="Leave it out: comments and commands begin on the second line.",
    )
