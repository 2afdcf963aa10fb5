"""The sandbox's data files are part of the package, so that an installed program has them."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files

import pytest

from vps_tui.sandbox import data
from vps_tui.sandbox.data import LAYERSTACK_CATALOG

from .sources import PACKAGE

NAMES = sorted(path.name for path in (PACKAGE / "sandbox" / "data").iterdir())


def test_there_are_data_files_and_the_catalogue_is_one() -> None:
    assert {"edis-locations.json", "edis-plans.json", LAYERSTACK_CATALOG.name} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_opens_as_a_resource_of_the_package(name: str) -> None:
    resource = files("vps_tui.sandbox").joinpath("data", name)
    content = resource.read_text("utf-8")
    if name.endswith(".toml"):
        assert tomllib.loads(content)
    else:
        assert json.loads(content) == data.load_json(name.removesuffix(".json"))


@pytest.mark.parametrize("name", ["wizard.tcss"])
def test_the_style_sheet_opens_as_a_resource(name: str) -> None:
    assert "Screen" in files("vps_tui.tui").joinpath(name).read_text("utf-8")


def test_the_type_marker_is_there() -> None:
    assert files("vps_tui").joinpath("py.typed").is_file()
