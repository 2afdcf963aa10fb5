"""What the help texts and the man page say of EDIS Global."""

from __future__ import annotations

from vps_tui.providers.help_words import HelpWords

_ORDER_FILE = """\
version = 1
provider = "edis"
location = 122
billing_cycle = "monthly"
payment_method = "cryptomus"
apply_credit = true

[[server]]
name = "web1"
plan = 1707
os = 208
ssh_key_file = "~/.ssh/id_ed25519.pub"
additional_ip = 9"""

_CONFIG = """\
[edis]
email = "you@example.com"
password_command = ["pass", "show", "edis"]"""

_PROFILE = """\
[profile.work.edis]
email = "ops@example.com"
password_command = ["pass", "show", "work/edis"]"""

WORDS = HelpWords(
    "EDIS Global",
    catalog="edis --location 122",
    catalog_examples=(
        "edis                    the locations",
        "edis --location 122     the plans of one, with their ids",
        "edis --cheapest 5 --min-ram 4G --country de",
        'edis --compare "KVM BASIC" --cycle annually',
    ),
    owned_server="kvm_112234_312845",
    new_plan="6846",
    option_notes={"billing-cycle": "EDIS; default: as now", "payment-method": "EDIS; default: as now"},
    order_file=_ORDER_FILE,
    config=_CONFIG,
    profile=_PROFILE,
)
