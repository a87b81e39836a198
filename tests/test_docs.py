"""The documents name things that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
#: Folders a short path in the tour may be relative to.
BASES = (
    "",
    "bot",
    "bot/core",
    "bot/core/stories",
    "bot/core/answers",
    "bot/core/feeds",
    "bot/adapters/redis",
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_a_document_names_exists(document):
    text = document.read_text()
    named = set(re.findall(r"`([\w./]+\.(?:py|lua|yaml|md))`", text))
    named = {name for name in named if "/" in name or document.name == "tour.md"}
    missing = {n for n in named if not any((ROOT / base / n).exists() for base in BASES)}
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert {link for link in links if not (document.parent / link).exists()} == set()


def test_every_decision_is_numbered_once():
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
