"""The providers there are, imported on use. A further provider is one line here."""

from __future__ import annotations

from importlib import import_module

from vps_tui.core.errors import UsageError
from vps_tui.providers.info import ProviderInfo

MODULES = {
    "edis": "vps_tui.providers.edis",
    "layerstack": "vps_tui.providers.layerstack",
}
"""Provider id to the module whose `PROVIDER` describes it."""


def provider_info(provider_id: str) -> ProviderInfo:
    """Return the description of one provider; raises `UsageError` for an id that is not registered."""
    try:
        module = import_module(MODULES[provider_id])
    except KeyError:
        raise UsageError(
            f"There is no provider called {provider_id!r}.", hint=f"Use one of: {', '.join(MODULES)}."
        ) from None
    info = module.PROVIDER
    if not isinstance(info, ProviderInfo):
        raise TypeError(f"{module.__name__}.PROVIDER is not a ProviderInfo")
    return info


def all_providers() -> tuple[ProviderInfo, ...]:
    """Return the descriptions of all providers, in the order they are offered."""
    return tuple(provider_info(provider_id) for provider_id in MODULES)
