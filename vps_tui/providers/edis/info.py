"""EDIS Global: what is known without asking (ORDER API documents at docs.edisglobal.com)."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from vps_tui.core.billing_cycle import COMMON_CYCLES
from vps_tui.core.hostnames import hostname_problem
from vps_tui.core.order_keys import OrderKeys
from vps_tui.providers.info import ProviderInfo, SignInField

if TYPE_CHECKING:
    from vps_tui.providers.models import Connection
    from vps_tui.providers.protocol import Provider


def _connect(connection: Connection) -> Provider:
    from vps_tui.providers.edis.client import EdisClient

    return EdisClient(PROVIDER, connection)


CET = timezone(timedelta(hours=1))
"""The documents say CET; nothing in them says that the window moves in summer."""


def billing_window_note(now: datetime) -> str:
    """Warn during the nightly billing run, 00:00 to 05:15 CET (FAQ, scheduled billing window)."""
    if now.astimezone(CET).time() >= time(5, 15):
        return ""
    return "EDIS Global's nightly billing run (00:00 to 05:15 CET) is on: account credit may be locked until it ends."


PROVIDER = ProviderInfo(
    id="edis",
    name="EDIS Global",
    summary="KVM servers in 48 locations worldwide, prices in EUR",
    sign_in=(
        SignInField("email", "E-mail", "VPS_TUI_EDIS_EMAIL", secret=False, example="you@example.com"),
        SignInField("password", "Password", "VPS_TUI_EDIS_PASSWORD", secret=True),
    ),
    sign_in_help=(
        "Use the e-mail address and password of your EDIS Global client area.",
        "There is no separate API key for ordering.",
    ),
    sign_in_summary="E-mail and password of the EDIS Global client area.",
    urls={
        "order": ("VPS_TUI_EDIS_URL", "https://order.edisglobal.com"),
        "session": ("VPS_TUI_EDIS_SESSION_URL", "https://session.edisglobal.com"),
    },
    connect=_connect,
    modules=("vps_tui.providers.edis.client",),
    name_word="Hostname",
    name_help="The server's own name, such as web1 or web1.example.com.",
    name_problem=hostname_problem,
    order_keys=OrderKeys(
        top=frozenset({"location", "apply_credit"}),
        server=frozenset(),
        add_ons=("additional_ram", "additional_vcpu", "additional_ip", "additional_diskboost"),
        required=frozenset({"location"}),
        cycles=COMMON_CYCLES,
        text_ids=False,
    ),
    has_credit=True,
    key_optional_help="EDIS Global sends the root password by e-mail.",
    delivery_help="Linux is ready in about 5 minutes, Windows in about 15. Addresses and passwords come by e-mail.",
    panel="the EDIS Global client area",
    timely_note=billing_window_note,
    time_zone="Europe/Vienna",
    unused_credit_note="EDIS Global's documents disagree on this: account credit may be used all the same.",
)
