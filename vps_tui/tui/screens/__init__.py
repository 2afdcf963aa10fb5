"""One screen per step, imported when its step is reached."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from vps_tui.core.steps import Step

if TYPE_CHECKING:
    from vps_tui.tui.screens.step import StepScreen
    from vps_tui.wizard.state import WizardState

_TEXT = ("fields", "TextScreen")
_OPTIONS = ("options", "OptionsScreen")
_LIST = ("choice", "ChoiceScreen")

SCREENS = {
    Step.PROVIDER: ("provider", "ProviderScreen"),
    Step.SIGN_IN: ("sign_in", "SignInScreen"),
    Step.SAVED_ORDER: ("saved_order", "SavedOrderScreen"),
    Step.LOCATION: ("fitting", "LocationScreen"),
    Step.PLAN: ("fitting", "PlanScreen"),
    Step.NAME: _TEXT,
    Step.ADD_ONS: _OPTIONS,
    Step.SSH_KEY: ("ssh_key", "SshKeyScreen"),
    Step.ROOT_PASSWORD: ("root_password", "RootPasswordScreen"),
    Step.START_UP_SCRIPT: ("startup_script", "StartupScriptScreen"),
    Step.QUANTITY: _TEXT,
    Step.SERVERS: ("servers", "ServersScreen"),
    Step.SERVER: ("servers", "ServerScreen"),
    Step.COST: ("cost", "CostScreen"),
    Step.REPEAT: ("paid_step", "RepeatScreen"),
    Step.CONFIRM: ("paid_step", "ConfirmScreen"),
    Step.RECEIPT: ("receipt", "ReceiptScreen"),
    Step.MORE_ADD_ONS: _OPTIONS,
    Step.SUBSCRIPTION: _TEXT,
    Step.CHANGE_COST: ("cost", "ChangeCostScreen"),
    Step.CHANGE_REPEAT: ("paid_step", "RepeatScreen"),
    Step.CHANGE_CONFIRM: ("paid_step", "ConfirmScreen"),
    Step.CHANGE_RECEIPT: ("receipt", "ReceiptScreen"),
}
"""Step to the module in this package and the class in it; every other step is a list question and nothing more."""

MODULES = tuple(dict.fromkeys(f"{__name__}.{module}" for module, _ in (_LIST, *SCREENS.values())))
"""The modules of all screens for steps."""


def screen_for(state: WizardState) -> StepScreen:
    """Return a fresh screen for the present step of `state`."""
    module, name = SCREENS.get(state.step, _LIST)
    screen: StepScreen = getattr(import_module(f"{__name__}.{module}"), name)(state)
    return screen
