"""One screen per step, imported when its step is reached."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from vps_tui.core.steps import Step

if TYPE_CHECKING:
    from vps_tui.tui.screens.step import StepScreen
    from vps_tui.wizard.state import WizardState

SCREENS = {
    Step.PROVIDER: ("provider", "ProviderScreen"),
    Step.SIGN_IN: ("sign_in", "SignInScreen"),
    Step.SAVED_ORDER: ("saved_order", "SavedOrderScreen"),
    Step.LOCATION: ("location", "LocationScreen"),
    Step.PLAN: ("plan", "PlanScreen"),
    Step.OS_IMAGE: ("os_image", "OsImageScreen"),
    Step.NAME: ("name", "NameScreen"),
    Step.ADD_ONS: ("add_ons", "AddOnsScreen"),
    Step.SSH_KEY: ("ssh_key", "SshKeyScreen"),
    Step.ROOT_PASSWORD: ("root_password", "RootPasswordScreen"),
    Step.BILLING_CYCLE: ("billing_cycle", "BillingCycleScreen"),
    Step.PAYMENT_METHOD: ("payment_method", "PaymentMethodScreen"),
    Step.START_UP_SCRIPT: ("startup_script", "StartupScriptScreen"),
    Step.QUANTITY: ("quantity", "QuantityScreen"),
    Step.SERVERS: ("servers", "ServersScreen"),
    Step.SERVER: ("server", "ServerScreen"),
    Step.COST: ("cost", "CostScreen"),
    Step.REPEAT: ("paid_step", "RepeatScreen"),
    Step.CONFIRM: ("paid_step", "ConfirmScreen"),
    Step.RECEIPT: ("receipt", "ReceiptScreen"),
    Step.OWNED: ("owned", "OwnedScreen"),
    Step.CHANGE: ("change", "ChangeScreen"),
    Step.NEW_PLAN: ("new_plan", "NewPlanScreen"),
    Step.MORE_ADD_ONS: ("more_add_ons", "MoreAddOnsScreen"),
    Step.CANCEL_WHEN: ("change_terms", "CancelWhenScreen"),
    Step.NEW_CYCLE: ("change_terms", "NewCycleScreen"),
    Step.NEW_PAYMENT: ("change_terms", "NewPaymentScreen"),
    Step.SUBSCRIPTION: ("subscription", "SubscriptionScreen"),
    Step.CHANGE_COST: ("cost", "ChangeCostScreen"),
    Step.CHANGE_REPEAT: ("paid_step", "RepeatScreen"),
    Step.CHANGE_CONFIRM: ("paid_step", "ConfirmScreen"),
    Step.CHANGE_RECEIPT: ("receipt", "ReceiptScreen"),
}
"""Step to the module in this package and the class in it."""


def screen_for(state: WizardState) -> StepScreen:
    """Return a fresh screen for the present step of `state`."""
    module, name = SCREENS[state.step]
    screen: StepScreen = getattr(import_module(f"{__name__}.{module}"), name)(state)
    return screen
