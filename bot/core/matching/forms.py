"""Inflected forms of a phrase, worked out before any article is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.abc import MetaPathFinder
from itertools import product
from types import ModuleType

from bot.core.matching.words import Cut

_PREPOSITIONS = frozenset("against at between by for from in of on over to with".split())


def inflect(words: list[Cut]) -> list[list[str]]:
    """``words`` with every inflection the rule language asks for, as written first."""
    places = [index for index, word in enumerate(words) if word.text[0].isalpha()]
    if not places:
        return [[word.text for word in words]]
    choices = [[word.text] for word in words]
    first, last = places[0], places[-1]
    if first == last:
        choices[first] = forms_of(words[first].text, ("VERB", "NOUN"))
    else:
        # "minister of defence": the noun that takes the plural comes first.
        is_head = words[places[1]].text.lower() in _PREPOSITIONS
        choices[first] = forms_of(words[first].text, ("VERB", "NOUN") if is_head else ("VERB",))
        choices[last] = forms_of(words[last].text, ("NOUN",))
    return [list(chosen) for chosen in product(*choices)]


def forms_of(word: str, kinds: tuple[str, ...]) -> list[str]:
    """Inflections of ``word`` as ``VERB`` or ``NOUN``, itself first; only itself if unknown."""
    forms = {word: None}
    if word.isalpha():
        for kind in kinds:
            for lemma in _tables().getAllLemmas(word.lower(), upos=kind).get(kind, ()):
                for found in _tables().getAllInflections(lemma, upos=kind).values():
                    forms.update(dict.fromkeys(_cased_like(word, form) for form in found))
    return list(forms)


def _cased_like(word: str, form: str) -> str:
    return form.capitalize() if word[:1].isupper() else form


@cache
def _tables() -> ModuleType:
    """lemminflect, whose import would bring spaCy where there is one, to hook itself into it."""
    with _hidden("spacy"):
        import lemminflect
    return lemminflect  # type: ignore[no-any-return]


@contextmanager
def _hidden(library: str) -> Iterator[None]:
    """Where ``library`` has not been imported yet, be as if it were not installed."""

    class Hiding(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == library:
                raise ModuleNotFoundError(name)

    hiding = Hiding()
    sys.meta_path.insert(0, hiding)
    try:
        yield
    finally:
        sys.meta_path.remove(hiding)
