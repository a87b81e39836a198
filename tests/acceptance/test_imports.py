"""What a process imports is what its role needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("spacy", "tantivy", "trafilatura", "lemminflect")


@pytest.mark.parametrize(
    "module", ["handlers.roles", "handlers.cli.archive", "handlers.web", "bot.bootstrap.lone"]
)
def test_scheduler_web_and_commands_start_without_the_heavy_libraries(module):
    program = f"import sys, {module}; print(*(m for m in {HEAVY} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
