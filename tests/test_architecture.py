"""Imports go one way.

domain ← core ← render, domain ← ports, core and ports ← services ← handlers,
domain and ports ← adapters ← bootstrap. Handlers may import render and bootstrap.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: Package → packages it may import besides itself. Longest prefix wins.
MAY_IMPORT = {
    "bot.domain": set(),
    "bot.core": {"bot.domain"},
    "bot.render": {"bot.domain", "bot.core"},
    "bot.ports": {"bot.domain"},
    "bot.services": {"bot.domain", "bot.core", "bot.ports"},
    "bot.adapters": {"bot.domain", "bot.ports", "bot.render"},
    "bot.bootstrap": {
        "bot.domain",
        "bot.core",
        "bot.render",
        "bot.ports",
        "bot.services",
        "bot.adapters",
    },
    "handlers": {
        "bot.domain",
        "bot.core",
        "bot.render",
        "bot.ports",
        "bot.services",
        "bot.bootstrap",
    },
}

#: Library → the only packages that may import it.
ONLY_IN = {
    "redis": ("bot.adapters", "bot.bootstrap"),
    "aiohttp": ("bot.adapters",),
    "tantivy": ("bot.adapters",),
    "pebble": ("bot.adapters",),
    "subprocess": ("bot.adapters", "handlers.demo"),
    "socket": ("bot.adapters",),
    "os": ("bot.adapters", "bot.bootstrap", "handlers"),
    "time": ("bot.adapters", "bot.bootstrap", "handlers"),
    "random": ("bot.adapters", "bot.bootstrap", "handlers"),
    "typer": ("handlers",),
    "fastapi": ("handlers",),
    "apscheduler": ("handlers",),
    "spacy": ("bot.core",),
    "feedparser": ("bot.core",),
    "trafilatura": ("bot.core",),
    "pydantic": ("bot.core.config", "handlers"),
    "ruamel": ("bot.core.config",),
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            found.update(f"{dots}{node.module}.{alias.name}" for alias in node.names)
    return found


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def layer_of(name: str) -> str | None:
    return next((p for p in MAY_IMPORT if within(name, p)), None)


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Module → how Python reads it."""
    files = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")]
    return {name_of(file): ast.parse(file.read_text()) for file in sorted(files)}


def test_each_module_imports_only_what_its_layer_allows(trees):
    layers = {module: layer_of(module) for module in trees}
    assert [module for module, layer in layers.items() if layer is None] == ["bot"]
    wrong = [
        f"{module} imports {imported}"
        for module, layer in layers.items()
        if layer is not None
        for imported in imports_of(trees[module])
        if imported.startswith(".") or layer_of(imported) not in {None, layer} | MAY_IMPORT[layer]
    ]
    assert wrong == []


def test_each_library_is_used_only_where_it_belongs(trees):
    wrong = [
        f"{module} uses {imported}"
        for module, tree in trees.items()
        for imported in imports_of(tree)
        for library, places in ONLY_IN.items()
        if within(imported, library) and not any(within(module, place) for place in places)
    ]
    assert wrong == []


def test_each_module_says_first_what_it_is(trees):
    assert [module for module, tree in trees.items() if not ast.get_docstring(tree)] == []
