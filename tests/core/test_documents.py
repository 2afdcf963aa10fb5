"""A quote as scripts get it and the journal keeps it: every key, amounts as text, null for what is not known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from vps_tui.core.catalog import Catalog
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.errors import InvalidValue
from vps_tui.core.pricing import quote, quote_document

from .offers import LINUX, PLAN, QUARTERLY, RAM_4, SMALL_PLAN, UNPRICED, WINDOWS

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"
PRINT = "SHA256:8KGny1+QPfIf4kHpVT6xUSsUlbihYH4XbPCCIJkx/AI"
CATALOG = Catalog((PLAN, SMALL_PLAN))
WEB = ServerDraft("web1", PLAN.id, os=LINUX.id, add_ons=(ChosenAddOn("additional_ram", RAM_4.id),), ssh_key=KEY)
DESK = ServerDraft("desk1", PLAN.id, os=WINDOWS.id)


def draft(*servers: ServerDraft) -> Draft:
    return Draft("edis", "122", payment_method="cryptomus", servers=servers)


def test_a_quote_key_by_key() -> None:
    order = replace(draft(WEB, DESK), billing_cycle=QUARTERLY)
    assert quote_document(order, quote(order, CATALOG), CATALOG) == {
        "provider": "edis",
        "currency": "EUR",
        "billing_cycle": "quarterly",
        "complete": True,
        "lines": [
            {"label": "web1: KVM 2", "amount": "37.49", "kind": "recurring"},
            {"label": "web1: Additional RAM: 4 GB", "amount": "14.97", "kind": "recurring"},
            {"label": "desk1: KVM 2", "amount": "37.49", "kind": "recurring"},
        ],
        "due_now": "89.95",
        "recurring": "89.95",
        "per_month": "29.98",
        "servers": [
            {"name": "web1", "plan": "KVM 2", "os": "Debian 12", "ssh_key_fingerprint": PRINT},
            {"name": "desk1", "plan": "KVM 2", "os": "Windows Server 2022", "ssh_key_fingerprint": None},
        ],
        "notes": list(quote(order, CATALOG).notes),
    }


def test_an_unknown_price_leaves_null_and_never_a_partial_sum() -> None:
    order = draft(replace(WEB, add_ons=(ChosenAddOn("extras", UNPRICED.id),)))
    shown = quote_document(order, quote(order, CATALOG), CATALOG)
    assert [line["amount"] for line in shown["lines"]] == ["12.99", None]
    assert (shown["complete"], shown["due_now"], shown["recurring"], shown["per_month"]) == (False, None, None, None)


def test_ids_stand_for_what_the_catalogue_does_not_name() -> None:
    order = draft(ServerDraft("web1", "999", os="5"), ServerDraft("web2", PLAN.id, os="5"))
    shown = quote_document(order, quote(order, CATALOG), CATALOG)
    assert [(server["plan"], server["os"]) for server in shown["servers"]] == [("999", "5"), ("KVM 2", "5")]


def test_it_is_json_as_it_stands() -> None:
    shown = quote_document(draft(WEB), quote(draft(WEB), CATALOG), CATALOG)
    assert json.loads(json.dumps(shown)) == shown


def test_a_bad_key_has_no_fingerprint() -> None:
    order = draft(replace(WEB, ssh_key="ssh-ed25519 AAAA"))
    with pytest.raises(InvalidValue):
        quote_document(order, quote(order, CATALOG), CATALOG)
