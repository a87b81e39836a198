"""Inflected forms of a phrase, worked out before any article is read."""

from __future__ import annotations

from itertools import product

import lemminflect

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
            for lemma in lemminflect.getAllLemmas(word.lower(), upos=kind).get(kind, ()):
                for found in lemminflect.getAllInflections(lemma, upos=kind).values():
                    forms.update(dict.fromkeys(_cased_like(word, form) for form in found))
    return list(forms)


def _cased_like(word: str, form: str) -> str:
    return form.capitalize() if word[:1].isupper() else form
