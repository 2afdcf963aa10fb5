"""Ids that a person types because the provider's API does not list them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Final

from vps_tui.core.catalog import Catalog, OsFamily, OsImage, Plan, find_os_image
from vps_tui.core.draft import Draft

MAX_DIGITS: Final = 15


def typed_id(text: str, listed: Container[str] = ()) -> str:
    """Return `text` if it is `listed`, else the number in it without leading zeros; empty for anything else.

    Providers take a number: 0102 would be sent as 102, and must count as the same everywhere before.
    """
    if text in listed:
        return text
    return str(int(text)) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else ""


def as_listed(draft: Draft, catalog: Catalog) -> Draft:
    """Return `draft` with its ids as `catalog` lists them, where it is open to ids that are typed."""
    if not catalog.open:
        return draft
    plans = {plan.id for plan in catalog.plans}
    images = {image.id for plan in catalog.plans for image in plan.os_images}
    servers = (
        replace(server, plan=typed_id(server.plan, plans) or server.plan, os=typed_id(server.os, images) or server.os)
        for server in draft.servers
    )
    return replace(draft, servers=tuple(servers))


def with_typed_ids(catalog: Catalog, draft: Draft, family: OsFamily = OsFamily.LINUX) -> Catalog:
    """Return `catalog` with the plans and images that `draft` names on top, if it is open.

    Nothing is known of them but their ids and the `family` of the images: they have no price.
    """
    plans = {plan.id: plan for plan in catalog.plans}
    images = catalog.plans[0].os_images if catalog.plans else ()
    for server in draft.servers if catalog.open else ():
        if not server.plan:
            continue
        plan = plans.get(server.plan) or Plan(
            id=server.plan,
            name=server.plan_name or f"plan {server.plan}",
            vcpu=None,
            ram_mb=None,
            disk_gb=None,
            traffic_tb=None,
            prices={},
            os_images=images,
            plan_type=server.plan_type,
        )
        if server.os and find_os_image(plan, server.os) is None:
            typed = OsImage(server.os, f"OS template {server.os}", family, listed=False)
            plan = replace(plan, os_images=(*plan.os_images, typed))
        plans[plan.id] = plan
    return replace(catalog, plans=tuple(plans.values()))
