"""LayerStack's catalogue as a TOML file, because its ids stand in documentation and not in an API."""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Catalog, OsFamily, OsImage, Plan
from vps_tui.core.errors import UsageError
from vps_tui.core.money import Money, currency_code
from vps_tui.core.text import clean
from vps_tui.files.private import private_folder, read_text, write_private
from vps_tui.files.safe_open import WRITERS
from vps_tui.providers.models import TypedIds

FILE_NAME = "layerstack-catalog.toml"

NO_FILE = f"not known: LayerStack's API lists none, and {FILE_NAME} holds none."

MAX_BYTES = 4 * 1024 * 1024

_PROGRAM = Path(__file__).parents[2]

Text = Annotated[str, BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)]
Whole = Annotated[int, Field(strict=True, ge=0)]
Cycle = Literal["monthly", "quarterly", "annually"]
Amount = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=24, decimal_places=6)]


def _code(text: str) -> str:
    code = currency_code(text)
    if not code:
        raise ValueError('it must be three letters such as "USD"')
    return code


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Plan(_Entry):
    id: Whole
    name: Text
    plan_type: Literal[
        "cloud_servers_standard",
        "cloud_servers_highmemory",
        "cloud_servers_dedicatedcpu",
        "cloud_servers_highstorage_sas",
    ]
    region: Text = ""
    vcpu: Whole | None = None
    ram_mb: Whole | None = None
    disk_gb: Whole | None = None
    traffic_tb: Whole | None = None
    prices: dict[Cycle, Amount] = Field(default_factory=dict)


class _OsImage(_Entry):
    id: Whole
    name: Text
    family: OsFamily = OsFamily.LINUX


class _AddOn(_Entry):
    id: Whole
    group: Text
    name: Text
    prices: dict[Cycle, Amount] | None = None
    max: Annotated[int, Field(ge=1)] = 99


class _File(_Entry):
    note: Text = ""
    currency: Annotated[str, AfterValidator(_code)] | None = None
    plan: tuple[_Plan, ...] = ()
    os_image: tuple[_OsImage, ...] = ()
    add_on: tuple[_AddOn, ...] = ()

    @model_validator(mode="after")
    def _prices_have_a_currency(self) -> _File:
        priced = any(plan.prices for plan in self.plan) or any(add_on.prices for add_on in self.add_on)
        if self.currency is None and priced:
            raise ValueError("currency is missing: prices are given without one")
        return self


def read_catalog(path: Path | None) -> Catalog:
    """Return the catalogue in the TOML file at `path`, an empty one where there is no file.

    It is open: LayerStack sells more than anybody has written down. Raises `UsageError` naming file and entry.
    """
    text = "" if path is None else _text(path)
    return _parse(text, path) if path is not None and text else Catalog((), NO_FILE, open=True)


def remember(path: Path, typed: TypedIds) -> None:
    """Add ids that were typed by hand to the catalogue at `path`, unless they stand there; raises `UsageError`.

    What is in the file already, comments included, stays as it is.
    """
    text = _text(path)
    known = _parse(text, path)
    parts = [text.rstrip("\n")] if text.strip() else []
    if typed.currency and not known.currency:
        parts.insert(0, f'currency = "{typed.currency}"')
    if known.plan(typed.plan) is None:
        name = f"plan {typed.plan}"
        parts.append(f'[[plan]]\nid = {typed.plan}\nname = "{name}"\nplan_type = "{typed.plan_type}"')
    images = {image.id for plan in known.plans for image in plan.os_images}
    if typed.os not in images:
        name = f"OS template {typed.os}"
        parts.append(f'[[os_image]]\nid = {typed.os}\nname = "{name}"\nfamily = "{typed.family.value}"')
    new = "\n\n".join(parts) + "\n"
    _parse(new, path)
    if new != text:
        private_folder(path.parent)
        write_private(path, new)


def _text(path: Path) -> str:
    """Return what is in the file, nothing where there is none; one that others could have written is refused.

    Prices come from it, and what is ordered. A file that comes with the program is as good as the program.
    """
    if not os.path.lexists(path):
        return ""
    closed_to = 0 if path.is_relative_to(_PROGRAM) else WRITERS
    return read_text(path, limit=MAX_BYTES, closed_to=closed_to)


def _parse(text: str, where: Path) -> Catalog:
    try:
        parsed = _File.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{where} cannot be read: {clean(str(error))}", hint="Correct the file, then retry."
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"{where}, {clean(place)}: {clean(first['msg'].removeprefix('Value error, '))}.",
            hint="Correct it, then retry.",
        ) from None
    return _catalog(parsed, where)


def _catalog(file: _File, path: Path) -> Catalog:
    images = tuple(OsImage(str(image.id), image.name, image.family) for image in file.os_image)
    groups: dict[str, list[AddOn]] = {}
    for add_on in file.add_on:
        prices = None if add_on.prices is None else _prices(add_on.prices, file.currency)
        groups.setdefault(add_on.group, []).append(AddOn(str(add_on.id), add_on.name, prices, add_on.max))
    add_on_groups = tuple(
        AddOnGroup(key, key[:1].upper() + key[1:], tuple(options)) for key, options in groups.items()
    )
    plans = tuple(
        Plan(
            id=str(plan.id),
            name=plan.name,
            vcpu=plan.vcpu,
            ram_mb=plan.ram_mb,
            disk_gb=plan.disk_gb,
            traffic_tb=plan.traffic_tb,
            prices=_prices(plan.prices, file.currency),
            os_images=images,
            add_on_groups=add_on_groups,
            plan_type=plan.plan_type,
            location=plan.region,
        )
        for plan in file.plan
    )
    currency = file.currency or ""
    if not any(plan.prices for plan in plans):
        return Catalog(plans, NO_FILE, currency, open=True)
    source = f"from {path.name}, not from LayerStack."
    return Catalog(plans, f"{source} {file.note}" if file.note else source, currency, open=True)


def _prices(amounts: dict[Any, Decimal], currency: str | None) -> dict[BillingCycle, Money]:
    return {BillingCycle(cycle): Money(amount, currency or "") for cycle, amount in amounts.items()}
