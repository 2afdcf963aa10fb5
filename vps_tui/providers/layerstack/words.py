"""What the help texts and the man page say of LayerStack."""

from __future__ import annotations

from vps_tui.providers.help_words import HelpWords

_ORDER_FILE = """\
version = 1
provider = "layerstack"
billing_cycle = "monthly"
currency = "usd"
payment_method = "ccard"

[[server]]
name = "web1"
plan = 101
plan_type = "cloud_servers_standard"
os = 12
addons = [{ id = 6, value = 1 }]
ssh_key_file = "~/.ssh/id_ed25519.pub"
startup_script_file = "first-boot.sh\""""

_CONFIG = """\
[layerstack]
account = "XX-12345678"
token_command = ["pass", "show", "layerstack"]"""

WORDS = HelpWords(
    "LayerStack",
    catalog="layerstack",
    catalog_examples=("layerstack --min-cores 2 --sort disk",),
    add_ons=("vm_backup", "china_route", "vm_antiddos"),
    option_notes={"add": "LayerStack, repeatable", "subscription": "LayerStack", "location": "LayerStack: region"},
    order_file=_ORDER_FILE,
    config=_CONFIG,
)
