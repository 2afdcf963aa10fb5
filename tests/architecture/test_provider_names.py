"""No provider is named outside its package and its stand-in: a further one needs nothing else to know it."""

from __future__ import annotations

import ast
import re

import pytest

from .sources import Module, modules

NAMES = re.compile(r"edis|layerstack|layerpanel", re.IGNORECASE)
AT_HOME = ("vps_tui.providers.edis", "vps_tui.providers.layerstack", "vps_tui.sandbox")
REGISTRY = "vps_tui.providers.registry"


def texts(tree: ast.Module) -> list[str]:
    """Return every name and every text in the code; texts that stand alone are documentation."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            found.append(node.value)
        for field in ("id", "attr", "name", "arg", "module"):
            value = getattr(node, field, None)
            found += [value] if isinstance(value, str) else []
    return found


def named(module: Module) -> list[str]:
    return [text for text in texts(module.tree) if NAMES.search(text)]


@pytest.mark.parametrize("module", [one for one in modules() if not one.inside(*AT_HOME)], ids=lambda one: one.name)
def test_it_names_no_provider(module: Module) -> None:
    if module.name == REGISTRY:
        assert len(named(module)) == 4, "an id and a package for each, in one line"
    else:
        assert named(module) == []


@pytest.mark.parametrize(
    "line", ['x = "EDIS"', "from vps_tui.providers.edis import client", "def layerstack_total(): ...", "x.edis_url"]
)
def test_a_name_is_noticed(line: str) -> None:
    assert named(Module("vps_tui.core.money", f'"""EDIS sells money."""\n{line}\n'))
