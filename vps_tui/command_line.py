"""The command line's options, each command with an example; nothing is loaded for it but argparse."""

from __future__ import annotations

import argparse
import os

from vps_tui import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

EPILOG = """\
examples:
  vps-tui --sandbox                   try everything; nothing is bought
  vps-tui                             order from EDIS Global or LayerStack
  vps-tui --plain                     the same in lines, for screen readers
  vps-tui quote web1.toml             price an order file
  vps-tui order web1.toml             show the quote, ask, and order
  vps-tui orders                      what was ordered and what became of it
  vps-tui servers edis                the servers one has; see also change and cancel
  vps-tui doctor                      is everything set up, and are the credentials accepted
  vps-tui sandbox --port 8080         serve the sandbox alone, for scripts and tests

exit codes:
  0 done   1 failed, nothing was ordered   2 usage, configuration or order file wrong
  3 cancelled   4 outcome unknown: check before ordering again
"""


class _Help(argparse.RawDescriptionHelpFormatter):
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


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="vps-tui",
        description="Order virtual servers from EDIS Global and LayerStack from inside a terminal.",
        epilog=EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vps-tui {__version__}")
    parser.add_argument(
        "--sandbox", action="store_true", help="use the built-in sandbox of both providers; nothing is bought"
    )
    parser.add_argument("--config", type=_path, metavar="PATH", help="read this configuration file")
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="sign in as the configuration's [profile.NAME.PROVIDER] says"
    )
    parser.add_argument("--order-file", type=_path, metavar="FILE", help="start the wizard from a saved order")
    parser.add_argument(
        "--plain", action="store_true", help="ask in lines, without a screen: for screen readers and dumb terminals"
    )
    parser.add_argument("--log", type=_path, metavar="FILE", help="append requests and answers, without secrets")
    _add_faults(parser, "faults")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Command)
    _add(commands, "quote", "price an order file; buys nothing", "quote web1.toml --json", _fill_quote)
    _add(commands, "order", "place an order file", "order web1.toml --yes --max-total '20 EUR' --json", _fill_order)
    _add(commands, "orders", "what was ordered and what became of it", "orders --json", _fill_orders)
    _add(commands, "catalog", "what a provider offers, with prices", "catalog edis --location 122", _fill_catalog)
    _add(commands, "servers", "the servers one has, as the provider lists them", "servers edis", _fill_servers)
    change = "change a server one has: another plan, or add-ons; its price is shown first"
    _add(commands, "change", change, "change edis kvm_112234_312845 --plan 6846", _fill_change)
    cancel = "end a server one has; what is lost is said first"
    _add(commands, "cancel", cancel, "cancel edis kvm_112234_312845 --at-end-of-period", _fill_cancel)
    _add(commands, "doctor", "what is set up here and what to mend; buys nothing", "doctor --json", _add_json)
    _add(commands, "sandbox", "serve the sandbox alone", "sandbox --port 8080", _fill_sandbox)
    return parser


class _Command(argparse.ArgumentParser):
    """A command whose options are made when it is used: `--help` and the wizard need none of them."""

    def __init__(self, fill: Callable[[argparse.ArgumentParser], None], **settings: Any) -> None:
        self._waiting: tuple[Callable[[argparse.ArgumentParser], None], dict[str, Any]] | None = (fill, settings)

    def complete(self) -> None:
        """Make the options, unless that has been done."""
        if self._waiting is not None:
            (fill, settings), self._waiting = self._waiting, None
            super().__init__(**settings)
            fill(self)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Make the options, then read them."""
        self.complete()
        return super().parse_known_args(args, namespace)


def _add(
    commands: argparse._SubParsersAction[_Command],
    name: str,
    help_text: str,
    example: str,
    fill: Callable[[argparse.ArgumentParser], None],
) -> None:
    commands.add_parser(
        name,
        fill=fill,
        help=help_text,
        description=f"{help_text[:1].upper()}{help_text[1:]}.",
        epilog=f"example:\n  vps-tui {example}",
        formatter_class=_Help,
        allow_abbrev=False,
    )


def _fill_quote(quote: argparse.ArgumentParser) -> None:
    quote.add_argument("file", type=_path, metavar="FILE")
    _add_json(quote)


def _fill_order(order: argparse.ArgumentParser) -> None:
    order.add_argument("file", type=_path, metavar="FILE")
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
    which = "edis or layerstack; none: all; browse: choose and change one on the screen"
    servers.add_argument("provider", metavar="PROVIDER", nargs="?", default="", help=which)
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
        help="add N of vm_backup, china_route or vm_antiddos (LayerStack, repeatable)",
    )
    change.add_argument("--billing-cycle", metavar="CYCLE", default="", help="from then on (EDIS; default: as now)")
    change.add_argument("--payment-method", metavar="NAME", default="", help="from then on (EDIS; default: as now)")
    change.add_argument("--subscription", metavar="ID", default="", help="the server's subscription id (LayerStack)")
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
    parser.add_argument("provider", metavar="PROVIDER", help="edis or layerstack")
    parser.add_argument("server", metavar="SERVER", help="its id or name, as vps-tui servers shows them")


def _add_sending(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do it without asking")
    parser.add_argument("--dry-run", action="store_true", help="do everything but that; only reads are sent")
    parser.add_argument(
        "--again", metavar="REF", default="", help="do once more what REF has done or may have done to the server"
    )
    _add_json(parser)


def _fill_orders(orders: argparse.ArgumentParser) -> None:
    orders.set_defaults(action="list")
    _add_json(orders)
    actions = orders.add_subparsers(dest="action", metavar="ACTION", parser_class=_Command)
    _add(actions, "list", "list all, newest first", "orders list", _fill_any_action)
    _add(actions, "show", "show one order in full", "orders show 1122-k7qf", _fill_action)
    _add(actions, "check", "look at the provider for what became of an order", "orders check 1122-k7qf", _fill_check)
    settle = "say what became of an order, with what you see in the provider's panel"
    _add(actions, "settle", settle, "orders settle 1122-k7qf --ordered", _fill_settle)


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


def _fill_action(action: argparse.ArgumentParser) -> None:
    action.add_argument("reference", metavar="REF")
    _fill_any_action(action)


def _fill_any_action(action: argparse.ArgumentParser) -> None:
    action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")


def _fill_catalog(catalog: argparse.ArgumentParser) -> None:
    catalog.add_argument("provider", metavar="PROVIDER", help="edis or layerstack")
    catalog.add_argument("--location", metavar="ID", default="", help="show the plans of this location")
    _add_json(catalog)


def _fill_sandbox(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (default: a free one)")
    _add_faults(serve, "served_faults")


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


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port
