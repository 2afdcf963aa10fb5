"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast

from .sources import modules

MAX_FILE = 320
MAX_FUNCTION = 50


def long_functions(text: str) -> list[str]:
    """Return "name: lines" of every function in `text` with `MAX_FUNCTION` lines or more."""
    return [
        f"{node.name}: {length}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) >= MAX_FUNCTION
    ]


def test_files() -> None:
    lengths = {module.name: module.text.count("\n") for module in modules()}
    assert len(lengths) > 40
    assert {name: length for name, length in lengths.items() if length >= MAX_FILE} == {}


def test_functions() -> None:
    found = {module.name: long_functions(module.text) for module in modules()}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_a_long_function_is_noticed_wherever_it_stands() -> None:
    body = "\n        pass" * MAX_FUNCTION
    assert long_functions(f"class A:\n    async def f(self):{body}") == [f"f: {MAX_FUNCTION + 1}"]
    assert long_functions("def f():\n    pass") == []
