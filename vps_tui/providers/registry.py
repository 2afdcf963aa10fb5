"""The providers there are, imported on use. A further provider is one line here."""

from __future__ import annotations

from importlib import import_module

from vps_tui.core.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vps_tui.providers.help_words import HelpWords
    from vps_tui.providers.info import ProviderInfo

MODULES = {
    "edis": "vps_tui.providers.edis",
    "layerstack": "vps_tui.providers.layerstack",
}
"""Provider id to the package with `info.PROVIDER`, its description, and `words.WORDS`, what the help says of it."""


def provider_info(provider_id: str) -> ProviderInfo:
    """Return the description of one provider; raises `UsageError` for an id that is not registered."""
    from vps_tui.providers.info import ProviderInfo

    try:
        module = import_module(f"{MODULES[provider_id]}.info")
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


def all_words() -> dict[str, HelpWords]:
    """Return what the help says of every provider, by its id; no description is loaded for it."""
    return {provider_id: import_module(f"{package}.words").WORDS for provider_id, package in MODULES.items()}
