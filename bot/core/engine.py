"""spaCy as rules and second opinions use it: without the command line it imports along.

That command line (typer, weasel, httpx, jinja2) is half of what ``import spacy`` costs. Whoever
imports this module pays for the other half, about a second: so nobody does before a text may hold
a phrase of a topic.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def _without_command_line() -> Iterator[None]:
    """Stand in for ``spacy.cli`` while spaCy starts; afterwards it can be imported as ever."""
    package, info = ModuleType("spacy.cli"), ModuleType("spacy.cli.info")
    info.__dict__["info"] = None  # the one name that ``spacy/__init__.py`` takes from there
    stand_ins = {} if "spacy" in sys.modules else {each.__name__: each for each in (package, info)}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


with _without_command_line():
    import spacy
    from spacy.attrs import LOWER  # type: ignore[import-not-found]  # Cython without stubs
    from spacy.language import Language
    from spacy.matcher import Matcher, PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

__all__ = ["LOWER", "Doc", "Language", "Matcher", "PhraseMatcher", "Vocab", "spacy"]
