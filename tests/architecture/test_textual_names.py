"""What the program uses of Textual's inside is listed, and is there in the pinned version."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from textual._time import get_time

import vps_tui.tui
from vps_tui.tui.terminal.textual_names import PRIVATE_NAMES

LISTED = {name for names in PRIVATE_NAMES.values() for name in names}


@cache
def names_of(path: str) -> frozenset[str]:
    """Return what the class at `path`, or one of Textual's that it comes from, defines or sets on itself."""
    module, _, name = path.rpartition(".")
    classes = inspect.getmro(getattr(import_module(module), name))
    source = "\n".join(inspect.getsource(one) for one in classes if one.__module__.startswith("textual"))
    return frozenset(re.findall(r"(?:\bdef |\bself\.|^    (?!def |async ))(\w+)", source, re.MULTILINE))


def used(tree: ast.Module) -> Iterator[str]:
    """Yield the private names that a module looks up or defines as methods."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) != "os._exit":
            yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def own(tree: ast.Module) -> Iterator[str]:
    """Yield the attributes that a module sets itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in PRIVATE_NAMES.items() for name in names])
def test_a_listed_name_is_there(path: str, name: str) -> None:
    assert name in names_of(path)


def test_the_clock_of_the_parser_is_there() -> None:
    assert get_time() > 0


def test_every_private_name_that_is_used_is_listed() -> None:
    trees = [ast.parse(file.read_text("utf-8")) for file in Path(vps_tui.tui.__path__[0]).rglob("*.py")]
    names = {name for tree in trees for name in used(tree)} - {name for tree in trees for name in own(tree)}
    private = {name for name in names if name.startswith("_") and not name.startswith("__")}
    textual = {name for name in private if any(name in names_of(path) for path in PRIVATE_NAMES)}
    assert textual - LISTED == set()
    assert len(textual) > 15
