"""What the man page says besides the options: the parts that no parser knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from vps_tui.providers.registry import all_providers, all_words

DATE = "2026-11-22"
"""When this text was last gone through."""

_PROVIDERS = all_providers()
_WORDS = tuple(all_words().values())

NAME = f"order virtual servers from {' and '.join(words.name for words in _WORDS)} from inside a terminal"

SYNOPSIS = ("vps-tui [OPTIONS]", "vps-tui [OPTIONS] COMMAND ...")

DESCRIPTION = """\
vps-tui orders virtual servers. Without a command it is a guided wizard on the whole terminal, or in lines with
--plain, on a pipe, and with TERM=dumb. It shows the whole price before anything is bought, sends an order exactly
once, and says what became of it. The same order can be kept as a file and be ordered by a script.

With --sandbox everything happens against both providers' APIs as the program itself serves them on a loopback port:
no account is needed and nothing is bought."""


@dataclass(frozen=True, slots=True)
class Example:
    """Lines as they are typed or written."""

    lines: tuple[str, ...]


Entries: TypeAlias = tuple[tuple[str, str], ...]
"""Terms, each with its explanation."""

Part: TypeAlias = str | Example | Entries

_MONEY = """\
Nothing is bought before you type yes on the last screen, or give --yes. Price and stock are looked at once more
then; what has moved is told, and not ordered. Before an order leaves it is written into a journal on disk; without
a journal there is no order. The order is one request that is never repeated and never follows a redirect."""

_UNKNOWN = """\
When the answer is lost the outcome is unknown: it may have been ordered. The wizard opens on such an order before
anything else and looks for it at the provider, as orders check does. Until it is settled, the same server is not
ordered again unless you say so. A journal that is damaged, emptied or older than it was lets no order through until
orders repair has made a new one of all that can be read."""

EXIT_CODES_NOTE = """\
The code of a command that orders, changes or looks after an order is that of the outcome, whatever happens to the
three standard streams; when standard output cannot be written, the outcome is said on standard error. Any other
command ends with 1 when its output could not be written, and says so, except to a reader that has left, such as head.
"""

_OUTCOMES: Entries = (
    ("placed", "The provider took the order."),
    ("refused", "The provider said no; nothing was bought."),
    ("not sent", "Nothing reached the provider."),
    ("unknown", "It may have been taken: look before you order again."),
)

_DEFAULTS = '[defaults]\nmax_total = "50 EUR"'

_CONFIG = (_DEFAULTS, *(words.config for words in _WORDS), *(words.profile for words in _WORDS))


def _example(text: str) -> Example:
    return Example(tuple(text.split("\n")))


def _order_file_examples() -> Iterator[Part]:
    begin = "An order as TOML, without any secret; the wizard saves it with F2. "
    for words in _WORDS:
        if words.order_file:
            yield f"{begin}From {words.name}:"
            yield _example(words.order_file)
            begin = ""


_FILES: Entries = (
    ("~/.config/vps-tui/config.toml", "Accounts, profiles and limits, as above; for its owner alone."),
    *(
        (f"~/.config/vps-tui/{info.catalog_file}", f"{info.name}'s plans as you know them.")
        for info in _PROVIDERS
        if info.catalog_file
    ),
    ("~/.local/state/vps-tui/journal.sqlite", "Every order that was about to be sent and what became of it."),
    ("~/.local/state/vps-tui/journal.copy", "Its second copy, from which orders repair makes a new one."),
    ("~/.local/state/vps-tui/draft.toml", "The order you left unfinished; the next start offers it."),
    ("~/.local/state/vps-tui/crash-*.txt", "Reports of faults of the program itself, without personal data."),
    ("~/.local/state/vps-tui/sandbox", "The sandbox's own."),
)

_ENVIRONMENT: Entries = (
    *((", ".join(field.variable for field in info.sign_in), info.sign_in_summary) for info in _PROVIDERS),
    (
        "VPS_TUI_SERVER_PASSWORD",
        f"{' and '.join(info.name for info in _PROVIDERS if info.needs_root_password)}'s root password, for the "
        "command order. Without it a server with an SSH key gets a random one that nobody keeps.",
    ),
    (
        ", ".join((*(variable for info in _PROVIDERS for variable, _ in info.urls.values()), "VPS_TUI_KEYS_URL")),
        "Other base addresses; https, or loopback.",
    ),
    ("HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE", "As everywhere."),
    ("NO_COLOR", "Take all colours away; nothing is said by colour alone."),
)

SECTIONS: tuple[tuple[str, tuple[Part, ...]], ...] = (
    ("MONEY", (_MONEY, "An order comes to one of four things:", _OUTCOMES, _UNKNOWN)),
    (
        "ORDER FILE",
        (
            *_order_file_examples(),
            "A start-up script begins with a line such as #!/bin/bash. One that Linux cannot run is refused; what is "
            "repaired is said. What only cloud-init reads is sent with startup_script_is_cloud_init = true.",
            "Further [[server]] tables are further servers. The ids are those of vps-tui catalog.",
        ),
    ),
    (
        "CONFIGURATION",
        (
            "Secrets come from the environment, from a command, from the keyring, or are asked for; never from the "
            "command line. A command is a list of arguments, run without a shell.",
            _example("\n\n".join(filter(None, _CONFIG))),
        ),
    ),
    ("ENVIRONMENT", (_ENVIRONMENT,)),
    ("FILES", (_FILES,)),
    (
        "EXAMPLES",
        (
            "Try everything without buying:",
            Example(("vps-tui --sandbox",)),
            "Order a file, nothing above 20 EUR, without being asked:",
            Example(('vps-tui order web1.toml --yes --max-total "20 EUR" --json',)),
            "Look at earlier orders:",
            Example(("vps-tui orders browse",)),
            "Complete the command line in bash:",
            Example(('eval "$(vps-tui completion bash)"',)),
        ),
    ),
)
