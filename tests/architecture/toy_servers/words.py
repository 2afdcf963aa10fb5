"""What the help texts say of Toy Servers."""

from __future__ import annotations

from vps_tui.providers.help_words import HelpWords

WORDS = HelpWords(
    "Toy Servers", catalog="toy", catalog_examples=("toy --location north-1",), cycles=("biennially", "hourly")
)
