"""What the help texts and the man page say of a provider. Importing it loads nothing: a help text is quick."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class HelpWords:
    """Names, examples and notes of one provider; its package has them in `words.WORDS`."""

    def __init__(
        self,
        name: str,
        *,
        catalog: str = "",
        catalog_examples: tuple[str, ...] = (),
        cycles: tuple[str, ...] = (),
        owned_server: str = "",
        new_plan: str = "",
        add_ons: tuple[str, ...] = (),
        option_notes: Mapping[str, str] | None = None,
        order_file: str = "",
        config: str = "",
        profile: str = "",
    ) -> None:
        """Take the provider's name and what follows it.

        `catalog` and `catalog_examples` go on after "vps-tui catalog"; `cycles` are billing cycles besides the common
        ones; `owned_server` is the id of a server that can be changed, `new_plan` that of a plan for it, `add_ons`
        are the names that `change --add` takes. `option_notes` says of an option what it is with this provider.
        `order_file`, `config` and `profile` are examples as TOML.
        """
        self.name = name
        self.catalog = catalog
        self.catalog_examples = catalog_examples
        self.cycles = cycles
        self.owned_server = owned_server
        self.new_plan = new_plan
        self.add_ons = add_ons
        self.option_notes = option_notes or {}
        self.order_file = order_file
        self.config = config
        self.profile = profile
