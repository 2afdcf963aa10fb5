"""Which backend the options ask for: the live providers, or the built-in sandbox."""

from __future__ import annotations

import os

from vps_tui.core.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vps_tui.services.backend import Backend


def backend_for(options: argparse.Namespace) -> Backend:
    """Return the backend, with its debug log; raises `UsageError` for a configuration or fault that is wrong."""
    backend = _chosen_backend(options)
    if options.log is not None:
        from vps_tui.files.debug_log import DebugLog

        backend.log = DebugLog(options.log).write
    return backend


def _chosen_backend(options: argparse.Namespace) -> Backend:
    from vps_tui.files.locations import config_folder, state_folder

    if options.sandbox:
        from vps_tui.services.sandbox_backend import SandboxBackend

        if options.faults:
            check_faults(options.faults)
        return SandboxBackend(state_folder() / "sandbox", tuple(options.faults))
    from vps_tui.credentials.config import load_config
    from vps_tui.services.live_backend import LiveBackend

    config = load_config(options.config, options.profile)
    return LiveBackend(os.environ, config_folder(), state_folder(), config)


def check_faults(faults: Sequence[str]) -> None:
    """Raise `UsageError` for a name that is none of the sandbox's faults."""
    from vps_tui.sandbox.faults import parse

    for fault in faults:
        try:
            parse(fault)
        except ValueError as error:
            raise UsageError(str(error)) from error
