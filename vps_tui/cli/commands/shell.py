"""`completion` and `man`: what a shell and man(1) are told about the program."""

from __future__ import annotations

from vps_tui.core import exit_codes


def completion(shell: str) -> int:
    """Print the script that teaches `shell` to complete the command line; returns the exit code."""
    from vps_tui.cli.completion import script

    print(script(shell), end="")
    return exit_codes.DONE


def man() -> int:
    """Print the man page as roff; returns the exit code."""
    from vps_tui.cli.man_page import page

    print(page(), end="")
    return exit_codes.DONE
