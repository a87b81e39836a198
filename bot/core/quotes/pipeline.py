"""The installed spaCy pipeline that gives the second opinion, loaded once a process."""

from __future__ import annotations

from functools import lru_cache

from bot.core.engine import Language, spacy
from bot.domain.errors import UsageError

#: Parts that take time and say nothing about speakers.
_NOT_NEEDED = ("tagger", "morphologizer", "lemmatizer", "senter", "textcat", "textcat_multilabel")
_LANGUAGES = frozenset(("en", "xx"))
_OFF = "or unset NATO_BRIEF_QUOTE_MODEL"


@lru_cache(maxsize=1)
def installed_pipeline(name: str) -> Language:
    """The pipeline ``name``, as ``find_quotes`` takes it for an opinion.

    Takes seconds and some hundred megabytes the first time.

    Args:
        name: Of an installed package, or the path of a folder that ``nlp.to_disk`` wrote.

    Raises:
        UsageError: there is no such pipeline, it does not load with this spaCy, is made for
            another language than English, or has no parser.
    """
    try:
        nlp = spacy.load(name, exclude=_NOT_NEEDED)
    except OSError as error:
        fix = (
            "write a folder with `nlp.to_disk`"
            if "/" in name
            else f"install it with `python -m spacy download {name}`, name a folder"
        )
        raise UsageError(
            f"the quote model {name!r} is neither an installed spaCy pipeline nor a folder with "
            f"one: {fix}, {_OFF}"
        ) from error
    # What a package or folder made for something else brings out is anything at all.
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise UsageError(
            f"the quote model {name!r} cannot be loaded by spaCy {spacy.about.__version__} "
            f"({type(error).__name__}: {said}): install the release made for it, {_OFF}"
        ) from error
    if nlp.lang not in _LANGUAGES:
        raise UsageError(
            f"the quote model {name!r} reads {nlp.lang!r}, and only English texts are given to "
            f"it: name an English pipeline, {_OFF}"
        )
    if not nlp("Petra Lund said that it snows.").has_annotation("DEP"):
        raise UsageError(
            f"the quote model {name!r} has no parser (it has {', '.join(nlp.pipe_names) or 'no'}"
            f" parts): name a pipeline with `parser` and `ner`, such as en_core_web_sm, {_OFF}"
        )
    return nlp


def prepare(name: str) -> None:
    """Load the pipeline ``name`` in this process; raises as ``installed_pipeline``."""
    installed_pipeline(name)
