"""Order files of the providers there are: `core.order_file` with the keys that each of them describes."""

from __future__ import annotations

from vps_tui.core import order_file
from vps_tui.core.draft import Draft
from vps_tui.core.order_file import OrderFile
from vps_tui.core.order_keys import OrderFileFormat
from vps_tui.providers.registry import all_providers


def order_file_format() -> OrderFileFormat:
    """Return what the order files of all providers hold."""
    providers = all_providers()
    secrets = (field.variable for info in providers for field in info.sign_in if field.secret)
    return OrderFileFormat({info.id: info.order_keys for info in providers}, tuple(secrets))


def parse(text: str, *, name: str, partial: bool = False) -> OrderFile:
    """Return what the order file called `name` says, as `core.order_file.parse` does."""
    return order_file.parse(text, name=name, partial=partial, known=order_file_format())


def dump(draft: Draft) -> str:
    """Return `draft` as the text of an order file, as `core.order_file.dump` does."""
    return order_file.dump(draft, order_file_format())
