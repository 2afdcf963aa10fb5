"""Who may import whom: the rules know no screens, the screens no wire, the sandbox nothing of what it tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from .sources import Module, imports, imports_on_load, modules, within

STANDARD = tuple(sys.stdlib_module_names)
WITH_LIBRARY = ("vps_tui.core.ssh_keys", "vps_tui.core.order_file")
PROVIDERS = ("vps_tui.providers.edis", "vps_tui.providers.layerstack")
ORDERING = (
    *(
        "vps_tui.services.paid_task",
        "vps_tui.services.order_task",
        "vps_tui.services.reconcile",
        "vps_tui.services.findings",
        "vps_tui.services.resolve",
        "vps_tui.wizard.summary",
        "vps_tui.services.session",
    ),
    *(
        "vps_tui.services.change_task",
        "vps_tui.services.reconcile_change",
        "vps_tui.core.change_words",
    ),
    "vps_tui.services.compare",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which modules a rule is about, and what they may not import."""

    name: str
    about: Callable[[Module], bool]
    forbidden: Callable[[str], bool]
    breach: str
    """A module name and an import of it that break the rule, to see that the rule notices."""

    def offenders(self, sources: tuple[Module, ...]) -> list[str]:
        """Return "module: import" for every breach."""
        return [
            f"{module.name}: {name}"
            for module in sources
            if self.about(module)
            for name in imports(module)
            if self.forbidden(name)
        ]


def inside(*packages: str) -> Callable[[Module], bool]:
    return lambda module: module.inside(*packages)


def outside(*packages: str) -> Callable[[Module], bool]:
    return lambda module: not module.inside(*packages)


def anything_of(*packages: str) -> Callable[[str], bool]:
    return lambda name: within(name, *packages)


def anything_but(*packages: str) -> Callable[[str], bool]:
    return lambda name: not within(name, *packages)


RULES = (
    Rule(
        "the rules import themselves, the errors and the standard library",
        lambda module: module.inside("vps_tui.core") and module.name not in WITH_LIBRARY,
        anything_but("vps_tui.core", "vps_tui.core.errors", *STANDARD),
        "vps_tui.core.money: import vps_tui.services.session",
    ),
    Rule(
        "reading keys takes cryptography besides",
        inside("vps_tui.core.ssh_keys"),
        anything_but("vps_tui.core", "vps_tui.core.errors", "cryptography", *STANDARD),
        "vps_tui.core.ssh_keys: from pydantic import BaseModel",
    ),
    Rule(
        "writing order files takes tomli_w besides",
        inside("vps_tui.core.order_file"),
        anything_but("vps_tui.core", "vps_tui.core.errors", "tomli_w", *STANDARD),
        "vps_tui.core.order_file: import tomlkit",
    ),
    Rule(
        "the errors import nothing of the program",
        inside("vps_tui.core.errors"),
        anything_but(*STANDARD),
        "vps_tui.core.errors: from vps_tui.core.text import clean",
    ),
    Rule(
        "providers know neither screens nor sandbox",
        inside("vps_tui.providers"),
        anything_of("vps_tui.tui", "vps_tui.sandbox", "textual", "rich"),
        "vps_tui.providers.edis.client: from vps_tui import sandbox",
    ),
    Rule(
        "what providers have in common knows none of them",
        lambda module: module.inside("vps_tui.providers") and not module.inside(*PROVIDERS),
        anything_of(*PROVIDERS),
        "vps_tui.providers.http: from .edis import PROVIDER",
    ),
    Rule(
        "one provider does not know the other",
        inside("vps_tui.providers.edis"),
        anything_of("vps_tui.providers.layerstack"),
        "vps_tui.providers.edis.wire: from vps_tui.providers.layerstack.info import PROVIDER",
    ),
    Rule(
        "nor the other way round",
        inside("vps_tui.providers.layerstack"),
        anything_of("vps_tui.providers.edis"),
        "vps_tui.providers.layerstack.client: import vps_tui.providers.edis.wire",
    ),
    Rule(
        "the sandbox imports itself and the standard library",
        lambda module: module.inside("vps_tui.sandbox") and not module.inside("vps_tui.sandbox.ssh_servers"),
        # The last is there for the type checker alone: Python 3.11 has no `typing.override`.
        anything_but("vps_tui.sandbox", *STANDARD, "typing_extensions"),
        "vps_tui.sandbox.edis: from vps_tui.core.money import Money",
    ),
    Rule(
        "its SSH servers take a library besides",
        inside("vps_tui.sandbox.ssh_servers"),
        anything_but("vps_tui.sandbox", *STANDARD, "asyncssh"),
        "vps_tui.sandbox.ssh_servers: from vps_tui import reaching",
    ),
    Rule(
        "only who looks for an SSH server, and the sandbox that has some, import its library",
        outside("vps_tui.ssh.probe", "vps_tui.sandbox.ssh_servers"),
        anything_of("asyncssh"),
        "vps_tui.services.watch: import asyncssh",
    ),
    Rule(
        "only the screens import Textual and Rich",
        outside("vps_tui.tui"),
        anything_of("textual", "rich"),
        "vps_tui.wizard.state: import rich.text",
    ),
    Rule(
        "only the modules that speak HTTP, and what names their failures, import its library",
        outside("vps_tui.providers.http", "vps_tui.providers.key_site", "vps_tui.providers.reasons"),
        anything_of("httpx", "httpcore"),
        "vps_tui.tui.app: import httpx",
    ),
    Rule(
        "the flow and its questions know no front end and no provider by name",
        inside(
            *(
                "vps_tui.wizard.controller",
                "vps_tui.wizard.questions",
                "vps_tui.wizard.kept_draft",
                "vps_tui.wizard.history",
                "vps_tui.wizard.result",
            ),
            *("vps_tui.wizard.change_controller", "vps_tui.wizard.change_state"),
        ),
        anything_of(
            "vps_tui.tui",
            "vps_tui.cli.commands",
            "vps_tui.cli.dispatch",
            "vps_tui.cli.main",
            *PROVIDERS,
            "vps_tui.sandbox",
        ),
        "vps_tui.wizard.questions.receipt: from vps_tui.tui.widgets.frame import Pairs",
    ),
    Rule(
        "questions leave the asking of providers to the flow",
        inside("vps_tui.wizard.questions"),
        anything_of("vps_tui.providers.http", "vps_tui.providers.key_site", "vps_tui.services.paid_task"),
        "vps_tui.wizard.questions.cost: from vps_tui.services.paid_task import place",
    ),
    Rule(
        "the line mode knows neither screens nor wire nor a provider by name",
        inside("vps_tui.plain"),
        anything_of(
            "vps_tui.tui",
            "vps_tui.providers.http",
            "vps_tui.providers.key_site",
            "vps_tui.sandbox",
            "vps_tui.services.paid_task",
            *PROVIDERS,
            "textual",
            "rich",
            "httpx",
            "httpcore",
        ),
        "vps_tui.plain.cost_steps: from textual.widgets import Input",
    ),
    Rule(
        "the screens do without the line mode",
        inside("vps_tui.tui", "vps_tui.wizard.controller", "vps_tui.wizard.questions"),
        anything_of("vps_tui.plain"),
        "vps_tui.tui.screens.cost: from vps_tui.plain.menu import Menu",
    ),
    Rule(
        "commands know neither screens nor wire",
        lambda module: module.inside("vps_tui.cli") and not module.inside("vps_tui.cli.run_wizard"),
        anything_of("vps_tui.tui", "vps_tui.providers.http", *PROVIDERS, "textual", "rich", "httpx", "httpcore"),
        "vps_tui.cli.commands.order: from vps_tui.tui import app",
    ),
    Rule(
        "ordering and what follows it know no screens",
        inside(*ORDERING),
        anything_of(
            "vps_tui.tui",
            "vps_tui.cli.commands",
            "vps_tui.cli.dispatch",
            "vps_tui.cli.main",
            *PROVIDERS,
            "vps_tui.sandbox",
        ),
        "vps_tui.services.reconcile: import vps_tui.tui.screens.receipt",
    ),
    Rule(
        "changes of servers know no provider's wire",
        inside(
            "vps_tui.services.change_task",
            "vps_tui.services.reconcile_change",
            "vps_tui.core.change_words",
            "vps_tui.core.server_change",
        ),
        anything_of("vps_tui.providers.http", "vps_tui.providers.paid_call", "httpx", "pydantic"),
        "vps_tui.services.change_task: from vps_tui.providers.paid_call import judge",
    ),
    Rule(
        "the journal knows neither providers nor who uses it",
        inside("vps_tui.journal"),
        anything_but("vps_tui.journal", "vps_tui.core", "vps_tui.files.safe_open", *STANDARD),
        "vps_tui.journal.store: from vps_tui.providers.registry import provider_info",
    ),
    Rule(
        "only the journal and the sandbox keep a database",
        outside("vps_tui.journal", "vps_tui.sandbox"),
        anything_of("sqlite3"),
        "vps_tui.cli.commands.orders: import sqlite3",
    ),
    Rule(
        "screens know no provider by name",
        inside("vps_tui.tui.screens", "vps_tui.tui.widgets"),
        anything_of(*PROVIDERS, "vps_tui.providers.http", "vps_tui.sandbox"),
        "vps_tui.tui.screens.plan: from vps_tui.providers import edis",
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_layer(rule: Rule) -> None:
    assert any(rule.about(module) for module in modules()), "the rule is about no module"
    assert rule.offenders(modules()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_notices_a_breach_wherever_it_stands(rule: Rule) -> None:
    name, _, statement = rule.breach.partition(": ")
    for place in ("{}", "def f():\n    {}", "if TYPE_CHECKING:\n    {}", "try:\n    {}\nexcept E: ..."):
        assert rule.offenders((Module(name, place.format(statement)),)), place


def test_loading_the_rules_loads_no_library() -> None:
    foreign = anything_but("vps_tui", *STANDARD)
    core = [module for module in modules() if module.inside("vps_tui.core", "vps_tui.core.errors")]
    assert [f"{module.name}: {name}" for module in core for name in imports_on_load(module) if foreign(name)] == []
    assert list(imports_on_load(Module("m", "import httpx\ndef f():\n    import rich\nif T:\n    import re"))) == [
        "httpx"
    ]


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (Module("a.b.c", "from . import d"), ["a.b", "a.b.d"]),
        (Module("a.b.c", "from ..x import y"), ["a.x", "a.x.y"]),
        (Module("a.b", "from .x import y", is_package=True), ["a.b.x", "a.b.x.y"]),
        (Module("a", "import x.y as z, q"), ["x.y", "q"]),
        (Module("a", "from x import y as z"), ["x", "x.y"]),
    ],
)
def test_imports_are_read_as_python_reads_them(module: Module, names: list[str]) -> None:
    assert list(imports(module)) == names
