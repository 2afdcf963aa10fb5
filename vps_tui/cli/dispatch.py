"""From parsed arguments to the command that they name; what a command needs is imported for it alone."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from vps_tui.core import exit_codes
from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.services.backend_factory import backend_for, check_faults
from vps_tui.terminal import streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from vps_tui.cli.commands.paid_command import PaidOptions
    from vps_tui.services.backend import Backend


def run(options: argparse.Namespace) -> int:
    """Do what the options say; returns the exit code and raises `VpsTuiError`."""
    if options.command == "sandbox":
        return _serve(options.port, [*options.faults, *options.served_faults])
    if options.command in ("completion", "man"):
        sys.stdout.write(_shell_text(options))
        return exit_codes.DONE
    if options.faults and not options.sandbox:
        raise UsageError("--fault works on the sandbox only.", hint="Add --sandbox.")
    if options.command is None or options.action == "browse":
        return _wizard(options)
    for option, given in (("--order-file", options.order_file is not None), ("--plain", options.plain)):
        if given:
            raise UsageError(f"{option} starts the wizard.", hint=f"Leave it out, or leave out {options.command}.")
    if options.command == "doctor":
        return _doctor(options)
    backend = backend_for(options)
    from vps_tui.cli.commands.output import PROGRAM

    PROGRAM.set("vps-tui --sandbox" if options.sandbox else "vps-tui")
    try:
        code = _COMMANDS[options.command](options, backend)
    except BaseException:
        backend.close()
        raise
    with suppress(KeyboardInterrupt):
        # The outcome is known and printed: a late Ctrl+C may not call it stopped.
        backend.close()
    return code


def _shell_text(options: argparse.Namespace) -> str:
    """Return the man page as roff, or the script that teaches a shell to complete the command line."""
    if options.command == "man":
        from importlib.resources import files

        return files("vps_tui").joinpath("vps-tui.1").read_text(encoding="ascii")
    from vps_tui.cli.completion import script

    return script(options.shell)


def _wizard(options: argparse.Namespace) -> int:
    command = options.command
    if command is not None and (options.order_file is not None or options.json):
        raise UsageError(
            f"{command} browse is a screen, and takes neither --order-file nor --json.",
            hint=f"For a script there is vps-tui {command} --json.",
        )
    from vps_tui.cli.run_wizard import Opening, wizard

    return wizard(options, lambda: backend_for(options), Opening(command))


def _quote(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import order

    return order.quote(backend, options.file, as_json=options.json)


def _catalog(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import catalog

    typed = {name: getattr(options, name) for name in catalog.OPTIONS}
    asked = catalog.Asked(
        options.provider,
        options.location,
        {name: text for name, text in typed.items() if text is not None},
        options.cycle,
        options.sort,
        in_stock=options.in_stock,
        cheapest=options.cheapest,
        compare=options.compare,
        all_locations=options.all_locations,
        json=options.json,
    )
    return catalog.show_catalog(backend, asked)


def _orders(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import orders

    if options.action == "repair":
        from vps_tui.cli.commands import repair

        return repair.repair_journal(backend, yes=options.yes, as_json=options.json)
    if options.action == "show":
        return orders.show_order(backend, options.reference, as_json=options.json)
    if options.action == "check":
        return orders.check_order(backend, options.reference, wait_minutes=options.wait, as_json=options.json)
    if options.action == "settle":
        return orders.settle_order(
            backend, options.reference, there=options.ordered, order_id=options.order_id, as_json=options.json
        )
    return orders.list_orders(backend, as_json=options.json)


def _watch(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import watch

    return watch.watch_order(
        backend, options.reference, minutes=options.timeout, addresses=options.address, as_json=options.json
    )


def _servers(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import servers

    return servers.show_servers(backend, options.provider, as_json=options.json)


def _change(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import change

    request = change.Request(
        options.provider,
        options.server,
        plan=options.plan,
        billing_cycle=options.billing_cycle,
        payment_method=options.payment_method,
        subscription=options.subscription,
        add=tuple(options.add),
    )
    return change.change(backend, request, _paid(options))


def _cancel(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import change
    from vps_tui.core.server_change import CancelWhen

    when = CancelWhen.IMMEDIATELY if options.immediately else CancelWhen.AT_END_OF_PERIOD
    return change.change(backend, change.Request(options.provider, options.server, when=when), _paid(options))


def _order(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.cli.commands import order

    return order.order(backend, options.file, _paid(options), os.environ)


def _paid(options: argparse.Namespace) -> PaidOptions:
    """Return the options that all commands have which send a paid call."""
    from vps_tui.cli.commands.paid_command import PaidOptions
    from vps_tui.core.money import SpendingLimit
    from vps_tui.credentials.config import load_config

    given = options.max_total
    configured = load_config(options.config, options.profile).max_total if given is None else None
    return PaidOptions(
        yes=options.yes,
        max_total=configured if given is None else SpendingLimit.parse(given),
        allow_unknown_price=options.allow_unknown_price,
        dry_run=options.dry_run,
        again=options.again,
        json=options.json,
    )


def _doctor(options: argparse.Namespace) -> int:
    from vps_tui.cli.commands import doctor

    backend, failure = None, None
    try:
        backend = backend_for(options)
    except VpsTuiError as error:
        failure = error
    try:
        return doctor.run_doctor(backend, failure, os.environ, options.config, as_json=options.json)
    finally:
        if backend is not None:
            backend.close()


def _serve(port: int, faults: Sequence[str]) -> int:
    from vps_tui.files.locations import state_folder
    from vps_tui.sandbox.server import serve

    check_faults(faults)
    try:
        ledger = state_folder() / "sandbox" / "ledger.sqlite"
        return serve(port, ledger=ledger, faults=faults, announce=lambda text: _announce(text, port))
    except OSError as error:
        raise UsageError(
            f"The sandbox cannot serve on port {port}: {error.strerror}.", hint="Choose another port."
        ) from error


def _announce(text: str, port: int) -> None:
    """Print where the sandbox serves; raises `VpsTuiError` where that fails and nobody could find the port."""
    sys.stdout.write(text)
    if not streams.failure(streams.OUT):
        return
    if not port:
        raise VpsTuiError("Nobody would learn which port it serves on.", hint="Name one with --port.")
    streams.settle(f"The sandbox serves on port {port} all the same.")


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Backend], int]] = {
    "quote": _quote,
    "order": _order,
    "orders": _orders,
    "watch": _watch,
    "catalog": _catalog,
    "servers": _servers,
    "change": _change,
    "cancel": _cancel,
}
