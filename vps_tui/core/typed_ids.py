"""Ids that a person types because the provider's API does not list them."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.catalog import Catalog, OsFamily, OsImage, Plan, find_os_image
from vps_tui.core.draft import Draft


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
