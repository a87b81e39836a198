"""The reference page of the rule language is true: its files load, its tables hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.config import load, warnings_of, watchlists_of
from bot.core.config.watchlists import TopicShape
from bot.core.matching import compile_topics
from tests.unit.core.matching.topics import match_plain

PAGE = (Path(__file__).parent.parent / "docs" / "watchlists.md").read_text()
FILES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
#: A rule, a text and what is found in it; ⏎ is a line break.
ROWS = re.findall(r"^\| `(.+)` \| ([A-Z].*?[.\w]) \| (no|`.+`) \|$", PAGE, re.MULTILINE)


def test_page_has_its_examples():
    assert len(FILES) >= 2
    assert len(ROWS) >= 60


@pytest.mark.parametrize("content", FILES)
def test_file_on_the_page_loads_with_its_examples_and_without_a_warning(content):
    assert watchlists_of({"a.yaml": content.encode()}).topics
    assert warnings_of({"a.yaml": content.encode()}) == ()


@pytest.mark.parametrize(("rule", "text", "found"), ROWS, ids=[f"{r} in {t}" for r, t, _ in ROWS])
def test_row_of_a_table_is_true(rule, text, found):
    content = f"format: 1\ntopics:\n  A:\n    any:\n      - {rule}\n"
    compiled = compile_topics(watchlists_of({"a.yaml": content.encode()}))
    matches = match_plain(compiled, "", text.replace("⏎", "\n"))
    expected = re.findall(r"`(.+?)`", found)
    assert expected == [each.text for match in matches for each in match.evidence]


def test_page_names_every_key_of_a_topic():
    keys = {field.alias or name for name, field in TopicShape.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()


def test_shipped_watchlists_load_beside_the_page():
    folder = Path(__file__).parent.parent / "config"
    files = {f"watchlists/{p.name}": p.read_bytes() for p in folder.glob("watchlists/*.yaml")}
    files["feeds.yaml"] = (folder / "feeds.yaml").read_bytes()
    assert len(load(files).watchlists.topics) == 6
