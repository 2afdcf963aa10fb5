"""Where the program keeps its files, as the platform has it."""

from __future__ import annotations

from pathlib import Path

from vps_tui.core.errors import UsageError, VpsTuiError


def config_folder() -> Path:
    """Return the folder of the configuration and the LayerStack catalogue; it may not exist."""
    from platformdirs import user_config_path

    return user_config_path("vps-tui")


def state_folder() -> Path:
    """Return the folder of what the program records, made if missing; raises `VpsTuiError`, `UsageError`."""
    from platformdirs import user_state_path

    from vps_tui.files.private import own_folder, private_folder

    folder = user_state_path("vps-tui")
    try:
        private_folder(folder)
    except UsageError as error:
        raise VpsTuiError(error.message, hint=error.hint, title="No record can be kept") from None
    own_folder(folder)
    return folder
