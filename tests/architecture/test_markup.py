"""Provider text is never read as markup: no screen uses anything of Textual that would.

Textual reads square brackets in the strings given to most of its widgets as styles, links and even actions;
a plan called "[@click=app.quit]" must stay a name.
"""

from __future__ import annotations

import ast

import pytest

from .sources import modules

LITERAL_WIDGETS = {"Input", "TextArea"}
"""Textual's widgets that show the person's own text as it is; add one only after reading how it draws strings."""
MARKUP_CALLS = {"notify", "from_markup", "to_content", "render_markup"}
MARKUP_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "loading_message"}


def dangers(text: str) -> list[str]:
    """Return what in a module's source would let Textual read a string as markup."""
    return [
        danger for node in ast.walk(ast.parse(text)) for danger in (*_imported(node), *_called(node), *_set(node))
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names if name.name in ("textual.widgets", "textual.markup", "rich.markup")]
    if not isinstance(node, ast.ImportFrom):
        return []
    names = [name.name for name in node.names]
    if node.module == "textual.widgets":
        return [name for name in names if name not in LITERAL_WIDGETS]
    if node.module == "textual" and "widgets" in names:
        return ["widgets"]
    return names if (node.module or "").startswith(("textual.widgets.", "textual.markup", "rich.markup")) else []


def _called(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Call):
        return []
    found = [
        f"markup={ast.unparse(keyword.value)}"
        for keyword in node.keywords
        if keyword.arg == "markup" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]
    if isinstance(node.func, ast.Attribute) and node.func.attr in MARKUP_CALLS:
        found.append(node.func.attr)
    return found


def _set(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [
            target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "") for target in targets
        ]
        return [name for name in names if name.lower() in MARKUP_ATTRIBUTES]
    if isinstance(node, ast.FunctionDef) and node.name == "render":
        # Textual reads a string that `render` returns as markup.
        return [] if node.returns is not None and ast.unparse(node.returns) != "str" else ["render"]
    return []


def test_no_screen_reads_markup() -> None:
    screens = [module for module in modules() if module.inside("vps_tui.tui")]
    assert len(screens) > 15
    assert {module.name: found for module in screens if (found := dangers(module.text))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from textual.widgets import Static",
        "from textual.widgets import Input, Label",
        "from textual.widgets import Button as Input",
        "from textual.widgets.option_list import Option",
        "from textual import widgets",
        "import textual.widgets",
        "from textual.markup import to_content",
        "self.notify('x')",
        "app.notify(message, title='x')",
        "Content.from_markup(name)",
        "super().__init__(markup=True)",
        "super().__init__(markup=flag)",
        "self.border_title = name",
        "class A:\n    BORDER_TITLE: ClassVar[str] = 'x'",
        "class A:\n    def render(self) -> str: ...",
        "class A:\n    def render(self): ...",
    ],
)
def test_each_danger_is_noticed(source: str) -> None:
    assert dangers(source)


@pytest.mark.parametrize(
    "source",
    [
        "from textual.widgets import Input, TextArea",
        "super().__init__(markup=False)",
        "Content('[bold]')",
        "class A:\n    def render(self) -> Content: ...",
    ],
)
def test_what_shows_strings_as_they_are_is_fine(source: str) -> None:
    assert dangers(source) == []
