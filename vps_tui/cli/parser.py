"""The command line's options, each command with an example; nothing is loaded for it but argparse."""

from __future__ import annotations

import argparse
from functools import partial

from vps_tui import __version__
from vps_tui.cli import provider_words
from vps_tui.cli.lazy_argparse import Command, Help, Parser, ProviderOrBrowse, count, minutes, path, port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_CODES = (
    (0, "done"),
    (1, "failed, and nothing was ordered"),
    (2, "usage, configuration or order file wrong"),
    (3, "cancelled"),
    (4, "outcome unknown: check before ordering again"),
)

_EPILOG = """\
examples:
  vps-tui --sandbox            try everything; nothing is bought
  vps-tui                      order from {names}
  vps-tui --plain              the same in lines, for screen readers
  vps-tui quote web1.toml      price an order file
  vps-tui order web1.toml      show the quote, ask, and order
  vps-tui watch 1122-k7qf      wait until one can log in to what was ordered
  vps-tui orders browse        look through earlier orders
  {servers:<29}the servers one has; then change or cancel one
  vps-tui catalog {first} --cheapest 5 --min-ram 4G
                               where such a server costs least
  vps-tui doctor               is everything set up, are credentials accepted

exit codes:
"""

_CATALOG_EPILOG = """\
examples:
{examples}
  vps-tui catalog {first} --cheapest --min-ram 4G --json | jq '.offers[0].price'

What is sold out is marked, and is never among the cheapest. A plan of which a
size or price that matters is not known is left out, and counted; a location
that cannot be read is named. --json has, beside the catalogue's own keys:
"offers", in order, each with "location", "plan", sizes, "in_stock", "price" of
the cycle and "per_month", with --compare "difference"; "left_out"; "failed".
"""

_SORTS = ("price", "ram", "disk", "cores", "traffic", "name")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = Parser(
        prog="vps-tui",
        description=f"Order virtual servers from {provider_words.names(' and ')} from inside a terminal.",
        epilog=_epilog(),
        formatter_class=Help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vps-tui {__version__}")
    sandbox = "use the built-in sandbox of both providers; nothing is bought"
    parser.add_argument("--sandbox", action="store_true", help=sandbox)
    parser.add_argument("--config", type=path, metavar="PATH", help="read this configuration file")
    profile = "sign in as the configuration's [profile.NAME.PROVIDER] says"
    parser.add_argument("--profile", default="", metavar="NAME", help=profile)
    parser.add_argument("--order-file", type=path, metavar="FILE", help="start the wizard from a saved order")
    plain = "ask in lines, without a screen: for screen readers and dumb terminals"
    parser.add_argument("--plain", action="store_true", help=plain)
    parser.add_argument("--log", type=path, metavar="FILE", help="append requests and answers, without secrets")
    _add_faults(parser, "faults")
    parser.set_defaults(action="")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Command)
    add = partial(parser.add_command, commands)
    first = provider_words.first()
    server, new_plan = provider_words.changed_server()
    add("quote", "price an order file; buys nothing", "quote web1.toml --json", _fill_quote)
    add("order", "place an order file", "order web1.toml --yes --max-total '20 EUR' --json", _fill_order)
    add("orders", "what was ordered and what became of it", "orders --json", _fill_orders)
    add("watch", "wait until one can log in to what was ordered", "watch 1122-k7qf", _fill_watch)
    add("catalog", "what a provider offers, with prices", provider_words.catalog_command(), _fill_catalog)
    add("servers", "the servers one has, as the provider lists them", f"servers {first}", _fill_servers)
    change = "change a server one has: another plan, or add-ons; its price is shown first"
    add("change", change, f"change {server} --plan {new_plan} --dry-run", _fill_change)
    cancel = "end a server one has; what is lost is said first"
    add("cancel", cancel, f"cancel {server} --at-end-of-period --dry-run", _fill_cancel)
    add("doctor", "what is set up here and what to mend; buys nothing", "doctor --json", _add_json)
    add("sandbox", "serve the sandbox alone", "sandbox --port 8080", _fill_sandbox)
    add("completion", "print the completion script of a shell", "completion bash", _fill_completion)
    add("man", "print the manual page, for man -l -", "man", _fill_nothing)
    return parser


def _epilog() -> str:
    """Return the examples and the exit codes."""
    first = provider_words.first()
    text = _EPILOG.format(names=provider_words.names(" or "), first=first, servers=f"vps-tui servers {first}")
    return text + "".join(f"  {code}  {words}\n" for code, words in EXIT_CODES)


def _catalog_epilog() -> str:
    return _CATALOG_EPILOG.format(examples=provider_words.catalog_examples(), first=provider_words.first())


def examples_of(command: argparse.ArgumentParser) -> tuple[str, ...]:
    """Return the examples in a command's help as whole command lines; two spaces part them from their meaning."""
    lines = (command.epilog or "").splitlines()
    return tuple(line.strip().partition("  ")[0] for line in lines if line.startswith("  vps-tui"))


def commands_below(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Yield every command with the words that lead to it, its options made; a command before those below it."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to its subcommands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, command in action.choices.items():
                command.complete()
                yield (*path, name), command
                yield from commands_below(command, (*path, name))


def _fill_quote(quote: argparse.ArgumentParser) -> None:
    quote.add_argument("file", type=path, metavar="FILE")
    _add_json(quote)


def _fill_order(order: argparse.ArgumentParser) -> None:
    order.add_argument("file", type=path, metavar="FILE")
    order.add_argument("--yes", action="store_true", help="order without showing the quote and asking")
    order.add_argument("--max-total", metavar="AMOUNT", help='order nothing above it, such as "20" or "20 EUR"')
    order.add_argument("--allow-unknown-price", action="store_true", help="order even where not every price is known")
    order.add_argument("--dry-run", action="store_true", help="do everything but order; only reads are sent")
    order.add_argument(
        "--again",
        metavar="REF",
        default="",
        help="order once more what REF has ordered or may have ordered: it may be bought twice",
    )
    _add_json(order)


def _fill_servers(servers: argparse.ArgumentParser) -> None:
    which = f"{provider_words.ids()}; none: all; browse: choose and change one on the screen"
    servers.add_argument("provider", metavar="PROVIDER", nargs="?", default="", action=ProviderOrBrowse, help=which)
    _add_json(servers)


def _fill_change(change: argparse.ArgumentParser) -> None:
    _add_server(change)
    what = change.add_mutually_exclusive_group(required=True)
    what.add_argument("--plan", metavar="ID", default="", help="give it the plan with this id")
    what.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="NAME=N",
        help=provider_words.with_notes(f"add N of {provider_words.add_on_names()}", "add"),
    )
    for name, value, text in (
        ("billing-cycle", "CYCLE", "from then on"),
        ("payment-method", "NAME", "from then on"),
        ("subscription", "ID", "the server's subscription id"),
    ):
        change.add_argument(f"--{name}", metavar=value, default="", help=provider_words.with_notes(text, name))
    change.add_argument("--max-total", metavar="AMOUNT", help='pay nothing above it, such as "20" or "20 EUR"')
    unknown = "change it even where the price is not known, or with --yes is an estimate"
    change.add_argument("--allow-unknown-price", action="store_true", help=unknown)
    _add_sending(change)


def _fill_cancel(cancel: argparse.ArgumentParser) -> None:
    _add_server(cancel)
    when = cancel.add_mutually_exclusive_group(required=True)
    when.add_argument("--immediately", action="store_true", help="end it now")
    when.add_argument("--at-end-of-period", action="store_true", help="let it run until it would be due again")
    cancel.add_argument("--max-total", metavar="AMOUNT", help="accepted as for the others; nothing is charged")
    cancel.add_argument("--allow-unknown-price", action="store_true", help="accepted as for the others")
    _add_sending(cancel)


def _add_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("provider", metavar="PROVIDER", help=provider_words.ids())
    parser.add_argument("server", metavar="SERVER", help="its id or name, as vps-tui servers shows them")


def _add_sending(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do it without asking")
    parser.add_argument("--dry-run", action="store_true", help="do everything but that; only reads are sent")
    again = "do once more what REF has done or may have done to the server"
    parser.add_argument("--again", metavar="REF", default="", help=again)
    _add_json(parser)


def _fill_orders(orders: Parser) -> None:
    orders.set_defaults(action="list")
    _add_json(orders)
    actions = orders.add_subparsers(dest="action", metavar="ACTION", parser_class=Command)
    add = partial(orders.add_command, actions)
    add("list", "list all, newest first", "orders list", _fill_any_action)
    add("browse", "look through them on the screen", "orders browse", _fill_nothing)
    add("show", "show one order in full", "orders show 1122-k7qf", _fill_action)
    add("check", "look at the provider for what became of an order", "orders check 1122-k7qf", _fill_check)
    settle = "say what became of an order, with what you see in the provider's panel"
    add("settle", settle, "orders settle 1122-k7qf --ordered", _fill_settle)
    repair = "make a new record from a damaged one, which is kept"
    add("repair", repair, "orders repair", _fill_repair)


def _fill_nothing(_: argparse.ArgumentParser) -> None:
    """Leave a command without options of its own."""


def _fill_check(check: argparse.ArgumentParser) -> None:
    _fill_action(check)
    check.add_argument(
        "--wait", type=float, default=0.0, metavar="MINUTES", help="look again until then (default: once)"
    )


def _fill_settle(settle: argparse.ArgumentParser) -> None:
    _fill_action(settle)
    seen = settle.add_mutually_exclusive_group(required=True)
    seen.add_argument("--ordered", "--taken", action="store_true", help="it is there")
    seen.add_argument("--not-ordered", "--not-taken", action="store_true", help="it is not there")
    settle.add_argument("--order-id", metavar="ID", default="", help="the provider's number of the order")


def _fill_repair(repair: argparse.ArgumentParser) -> None:
    repair.add_argument("--yes", action="store_true", help="do it without asking")
    _fill_any_action(repair)


def _fill_action(action: argparse.ArgumentParser) -> None:
    action.add_argument("reference", metavar="REF")
    _fill_any_action(action)


def _fill_any_action(action: argparse.ArgumentParser) -> None:
    action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")


def _fill_watch(watch: argparse.ArgumentParser) -> None:
    watch.add_argument("reference", metavar="REF")
    watch.add_argument(
        "--timeout",
        type=minutes,
        default=60.0,
        metavar="MINUTES",
        help="give up after that; 0 never does (default: 60)",
    )
    watch.add_argument(
        "--address",
        action="append",
        default=[],
        metavar="[NAME=]IP",
        help="where the server is, if you know it by mail; with NAME where there are several (repeatable)",
    )
    _add_json(watch)


def _fill_catalog(catalog: argparse.ArgumentParser) -> None:
    """Add the options; values are read by the command, so that the help loads none of the rules."""
    catalog.epilog = _catalog_epilog()
    where = provider_words.with_notes("of this location alone", "location", "{}; {}")
    catalog.add_argument("provider", metavar="PROVIDER", help=provider_words.ids())
    catalog.add_argument("--location", metavar="ID", default="", help=where)
    catalog.add_argument("--all-locations", action="store_true", help="the plans of all locations")
    least = catalog.add_argument_group("what fits (without --location all locations are read)")
    least.add_argument("--min-ram", metavar="SIZE", dest="ram_mb", help="such as 4G or 512M")
    least.add_argument("--min-disk", metavar="SIZE", dest="disk_gb", help="such as 40, which is 40 GB, or 1T")
    least.add_argument("--min-cores", metavar="N", dest="vcpu", help="vCPU")
    least.add_argument("--min-traffic", metavar="SIZE", dest="traffic_tb", help="per month, such as 2, which is 2 TB")
    least.add_argument("--country", help="code or name, such as de, gb, us-mia or Germany")
    least.add_argument("--max-price", metavar="AMOUNT", help='at most this per month, such as "20" or "20 EUR"')
    least.add_argument("--in-stock", action="store_true", help="nothing of locations that are sold out")
    cycles = provider_words.cycles()
    order = catalog.add_argument_group("which of it, and how")
    order.add_argument(
        "--cheapest", nargs="?", type=count, const=1, default=0, metavar="N", help="the cheapest N (1)"
    )
    order.add_argument("--compare", metavar="PLAN", default="", help="this plan alone, with the difference in price")
    order.add_argument("--cycle", choices=cycles, default="", help="prices for this billing cycle (monthly)")
    order.add_argument("--sort", choices=_SORTS, default="", help="the least first (price)")
    _add_json(catalog)


def _fill_sandbox(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--port", type=port, default=0, help="port on 127.0.0.1 (default: a free one)")
    _add_faults(serve, "served_faults")


def _fill_completion(completion: argparse.ArgumentParser) -> None:
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="bash, zsh or fish")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _add_faults(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        dest=name,
        help="switch a fault of the sandbox on (repeatable)",
    )
