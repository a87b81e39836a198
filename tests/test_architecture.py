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

MODULES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")])


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def package_of(name: str) -> str | None:
    return next((p for p in MAY_IMPORT if within(name, p)), None)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_imports_only_what_its_layer_allows(path):
    module = name_of(path)
    layer = package_of(module)
    if layer is None:
        assert module == "bot", f"{module} belongs to no layer"
        return
    for imported in imports_of(path):
        target = package_of(imported)
        assert target in {None, layer} | MAY_IMPORT[layer], f"{module} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_uses_a_library_only_where_it_belongs(path):
    module = name_of(path)
    for imported in imports_of(path):
        for library, places in ONLY_IN.items():
            if within(imported, library):
                assert any(within(module, place) for place in places), f"{module} uses {library}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_says_first_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path} has no docstring"
