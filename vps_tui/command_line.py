"""The command line's options, each command with an example; nothing is loaded for it but argparse."""

from __future__ import annotations

import argparse
from pathlib import Path

from vps_tui import __version__

EPILOG = """\
examples:
  vps-tui --sandbox                   try everything; nothing is bought
  vps-tui                             order from EDIS Global or LayerStack
  vps-tui --plain                     the same in lines, for screen readers
  vps-tui quote web1.toml             price an order file
  vps-tui order web1.toml             show the quote, ask, and order
  vps-tui orders                      what was ordered and what became of it
  vps-tui doctor                      is everything set up, and are the credentials accepted
  vps-tui sandbox --port 8080         serve the sandbox alone, for scripts and tests

exit codes:
  0 done   1 failed, nothing was ordered   2 usage, configuration or order file wrong
  3 cancelled   4 outcome unknown: check before ordering again
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="vps-tui",
        description="Order virtual servers from EDIS Global and LayerStack from inside a terminal.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vps-tui {__version__}")
    parser.add_argument(
        "--sandbox", action="store_true", help="use the built-in sandbox of both providers; nothing is bought"
    )
    parser.add_argument("--config", type=Path, metavar="PATH", help="read this configuration file")
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="sign in as the configuration's [profile.NAME.PROVIDER] says"
    )
    parser.add_argument("--order-file", type=Path, metavar="FILE", help="start the wizard from a saved order")
    parser.add_argument(
        "--plain", action="store_true", help="ask in lines, without a screen: for screen readers and dumb terminals"
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="append requests and answers, without secrets")
    _add_faults(parser, "faults")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_quote(commands)
    _add_order(commands)
    _add_orders(commands)
    _add_catalog(commands)
    doctor = _command(
        commands, "doctor", "what is set up here and what to mend; buys nothing", "vps-tui doctor --json"
    )
    _add_json(doctor)
    serve = _command(commands, "sandbox", "serve the sandbox alone", "vps-tui sandbox --port 8080")
    serve.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (default: a free one)")
    _add_faults(serve, "served_faults")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help_text: str, example: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=help_text,
        description=f"{help_text[:1].upper()}{help_text[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _add_quote(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    quote = _command(commands, "quote", "price an order file; buys nothing", "vps-tui quote web1.toml --json")
    quote.add_argument("file", type=Path, metavar="FILE")
    _add_json(quote)


def _add_order(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    order = _command(
        commands, "order", "place an order file", "vps-tui order web1.toml --yes --max-total '20 EUR' --json"
    )
    order.add_argument("file", type=Path, metavar="FILE")
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


def _add_orders(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    orders = _command(commands, "orders", "what was ordered and what became of it", "vps-tui orders --json")
    orders.set_defaults(action="list")
    _add_json(orders)
    actions = orders.add_subparsers(dest="action", metavar="ACTION")
    for name, help_text in (
        ("list", "list all, newest first"),
        ("show", "show one order in full"),
        ("check", "look at the provider for what became of an order"),
        ("settle", "say what became of an order, with what you see in the provider's panel"),
    ):
        action = _command(actions, name, help_text, f"vps-tui orders {name}{'' if name == 'list' else ' 1122-k7qf'}")
        if name != "list":
            action.add_argument("reference", metavar="REF")
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
        if name == "check":
            action.add_argument(
                "--wait", type=float, default=0.0, metavar="MINUTES", help="look again until then (default: once)"
            )
        if name == "settle":
            seen = action.add_mutually_exclusive_group(required=True)
            seen.add_argument("--ordered", action="store_true", help="it is there")
            seen.add_argument("--not-ordered", action="store_true", help="it is not there")
            action.add_argument("--order-id", metavar="ID", default="", help="the provider's number of the order")


def _add_catalog(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    catalog = _command(
        commands, "catalog", "what a provider offers, with prices", "vps-tui catalog edis --location 122"
    )
    catalog.add_argument("provider", metavar="PROVIDER", help="edis or layerstack")
    catalog.add_argument("--location", metavar="ID", default="", help="show the plans of this location")
    _add_json(catalog)


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
