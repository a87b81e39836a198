"""What a process imports is what its role, or its command, needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: What takes a tenth of a second or more.
HEAVY = {
    "aiohttp",
    "fastapi",
    "lemminflect",
    "microsoft_teams",
    "numpy",
    "pydantic",
    "redis",
    "slack_bolt",
    "spacy",
    "spacy.cli",
    "tantivy",
    "trafilatura",
}
READING = {"lemminflect", "numpy", "spacy", "spacy.cli", "tantivy", "trafilatura"}
SILENT = '{"id": "1", "text": "Snow fell on the pier."}'
SPOKEN = '{"id": "1", "text": "“We sail at dawn,” said the NATO chief, Mark Rutte."}'
CALM = '{"id": "1", "text": "Russia and Ukraine agreed a ceasefire, the Kremlin said."}'

COMMAND = """
import sys
from handlers.cli import main
sys.argv = ["nato-brief", *sys.argv[1:]]
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(program: str, *arguments: str, given: str = "") -> set[str]:
    """The heavy libraries that a Python process imports."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return HEAVY & set(done.stderr.split())


@pytest.mark.parametrize(
    "module", ["handlers.roles", "handlers.cli.archive", "handlers.web", "bot.bootstrap.lone"]
)
def test_scheduler_web_and_commands_start_without_the_libraries_of_readers(module):
    found = imported(f"import sys, {module}; print(*sys.modules, file=sys.stderr)")
    assert not found & READING


@pytest.mark.parametrize(
    ("command", "given", "needed"),
    [
        (["--help"], "", set()),
        (["quotes"], SPOKEN, {"pydantic"}),
        (["stories"], SPOKEN, {"pydantic"}),
        (["feeds", "parse", "README.md"], "", {"pydantic"}),
        # Inflections are worked out when topics are compiled; spaCy is the engine of their rules.
        (["match"], SILENT, {"pydantic", "lemminflect", "numpy"}),
        (["match"], CALM, {"pydantic", "lemminflect", "numpy", "spacy"}),
        (["check"], "", {"pydantic", "lemminflect", "numpy", "spacy"}),
    ],
    ids=["help", "quotes", "stories", "feeds parse", "match nothing", "match something", "check"],
)
def test_command_imports_what_its_answer_takes(command, given, needed):
    assert imported(COMMAND, *command, given=given) == needed


def test_warming_a_checker_brings_what_the_first_check_would_wait_for():
    program = """
import sys
from bot.core.versions.checking import warm
warm()
print(*sys.modules, file=sys.stderr)
"""
    assert imported(program) >= {"lemminflect", "spacy"}


def test_spacy_is_whole_after_it_was_imported_without_its_command_line():
    program = """
import sys
from bot.core.engine import spacy
assert "spacy.cli" not in sys.modules
import spacy.cli
assert spacy.cli.download and spacy.blank("en")("Snow fell.")[0].text == "Snow"
print(*sys.modules, file=sys.stderr)
"""
    assert {"spacy", "spacy.cli"} <= imported(program)
