"""The program's own source as syntax trees, and what a module imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import vps_tui

PACKAGE = Path(vps_tui.__file__).parent


@dataclass(frozen=True, slots=True)
class Module:
    """One source file."""

    name: str
    """Dotted, such as "vps_tui.core.money"; a package has the name of its folder."""
    text: str
    is_package: bool = False

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return parsed(self.text)

    def inside(self, *packages: str) -> bool:
        """Tell whether it is one of `packages`, or stands in one."""
        return within(self.name, *packages)


@cache
def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a text; nobody changes it."""
    return ast.parse(text)


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the program."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        found.append(Module(".".join(parts[: -1 if is_package else None]), path.read_text("utf-8"), is_package))
    return tuple(found)


def within(name: str, *packages: str) -> bool:
    """Tell whether the dotted `name` is one of `packages`, or stands in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def imports(module: Module) -> Iterator[str]:
    """Yield the dotted name of all that `module` imports anywhere in it, in functions and for types too.

    `from a import b` counts as `a` and as `a.b`: only the file system knows which of the two is a module.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imports_on_load(module: Module) -> Iterator[str]:
    """Yield what is imported as soon as `module` is: outside functions, and not only for types."""
    kept = [node for node in module.tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If)]
    yield from imports(Module(module.name, ast.unparse(ast.Module(kept, [])), module.is_package))


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    parts = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])
