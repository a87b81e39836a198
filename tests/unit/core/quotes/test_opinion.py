"""The second opinion: clauses of hand-built parses, and what agreement does."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from bot.core.quotes.component import QuoteFinder
from bot.core.quotes.extract import find_quotes
from bot.core.quotes.opinion import Opinion, weighed
from bot.core.text.prose import Prose
from bot.domain.quotes import SHOW_NAME

NLP = spacy.blank("en")


def parsed(words, heads, deps, ents):
    """A pipeline that knows one sentence, whose quote is masked to the word it is given."""

    def parse(text):
        spaces = []
        at = 0
        for word in words:
            assert text[at : at + len(word)] == word
            at += len(word)
            spaces.append(text[at : at + 1] == " ")
            at += spaces[-1]
        return Doc(NLP.vocab, words=words, spaces=spaces, heads=heads, deps=deps, ents=ents)

    return parse


SAIL = "x" * len("We sail at dawn,")
#: “We sail at dawn,” X said.
LEFT = {
    "UD": (["“", SAIL, "”", "Petra", "Lund", "said", "."], "flat"),
    "ClearNLP": (["“", SAIL, "”", "Petra", "Lund", "said", "."], "compound"),
}


def quotes(text, parse=None):
    return find_quotes(Prose(text), opinion=parse)


@pytest.mark.parametrize(("words", "part"), LEFT.values(), ids=LEFT)
def test_opinion_that_agrees_makes_a_speaker_surer(words, part):
    text = "“We sail at dawn,” Petra Lund said."
    heads = [1, 5, 1, 4, 5, 5, 5] if part == "compound" else [1, 5, 1, 5, 3, 5, 5]
    names = [part, "nsubj"] if part == "compound" else ["nsubj", part]
    deps = ["punct", "ccomp", "punct", *names, "ROOT", "punct"]
    folded = ['"' if word in "“”" else word for word in words]
    parse = parsed(folded, heads, deps, ["O", "O", "O", "B-PERSON", "I-PERSON", "O", "O"])
    (alone,), (both,) = quotes(text), quotes(text, parse)
    assert (alone.speaker, alone.text) == (both.speaker, both.text)
    assert alone.confidence < both.confidence
    assert both.rule == "quote, name said; parser agrees"


def test_opinion_takes_no_quote_for_a_subject():
    text = "“We sail at dawn,” Petra Lund said."
    words = ['"', SAIL, '"', "Petra", "Lund", "said", "."]
    deps = ["nsubj", "ccomp", "punct", "dep", "dep", "ROOT", "punct"]
    parse = parsed(words, [5, 5, 1, 5, 5, 5, 5], deps, ["O"] * 7)
    assert quotes(text, parse) == quotes(text)


ASIDE = "“We sail at dawn,” Lund, a friend of Hart, said."
AWAY = ['"', SAIL, '"', "Lund", ",", "a", "friend", "of", "Hart", ",", "said", "."]


def aside(subject):
    """A parse of ``ASIDE`` whose subject is the word at a place."""
    heads = [1, 10, 1, 10, 3, 6, 3, 8, 6, 3, 10, 10]
    deps = ["punct", "ccomp", "punct", "dep", "punct", "det", "appos", "case", "nmod", "punct"]
    deps = [*deps, "ROOT", "punct"]
    deps[3], heads[subject], deps[subject] = "dep", 10, "nsubj"
    return parsed(
        AWAY, heads, deps, ["O"] * 3 + ["B-PERSON"] + ["O"] * 4 + ["B-PERSON"] + ["O"] * 3
    )


def test_opinion_that_finds_another_subject_for_the_cue_silences_the_name():
    (alone,), (both,) = quotes(ASIDE), quotes(ASIDE, aside(8))
    assert alone.shown_speaker == "Lund"
    assert both.speaker == alone.speaker
    assert (both.shown_speaker, both.sure_name) == (None, None)
    assert both.rule == f"{alone.rule}; parser disagrees"


def test_opinion_of_the_same_subject_outweighs_a_second_one():
    (both,) = quotes(ASIDE, aside(3))
    assert both.shown_speaker == "Lund"
    assert both.rule.endswith("; parser agrees")


def test_opinion_that_finds_no_subject_for_the_cue_changes_nothing():
    words = ['"', SAIL, '"', "Petra", "Lund", "said", "."]
    deps = ["punct", "ccomp", "punct", "dep", "dep", "ROOT", "punct"]
    parse = parsed(words, [1, 5, 1, 5, 5, 5, 5], deps, ["O"] * 7)
    text = "“We sail at dawn,” Petra Lund said."
    assert quotes(text, parse) == quotes(text)


def test_opinion_is_not_asked_of_german():
    def parse(text):
        raise AssertionError(text)

    text = "„Wir fahren im Morgengrauen“, sagte Petra Lund am Montag, und niemand fragte nach."
    assert quotes(text, parse) == quotes(text) != ()


def test_opinion_is_asked_of_so_much_text_only():
    asked = []

    def parse(text):
        asked.append(len(text))
        return NLP.make_doc(text)

    long = "“We sail at dawn,” Petra Lund said. " * 400
    short = "“We sail at dawn,” Petra Lund said. " * 200
    text = "\n\n".join([long, *[short] * 10])
    assert quotes(text, parse) == quotes(text)
    assert asked == [len(short) - 1] * 8


def test_opinion_without_a_parse_changes_nothing():
    text = "“We sail at dawn,” Petra Lund said."
    assert quotes(text, NLP) == quotes(text)


def test_opinion_reads_a_subject_shared_by_two_verbs():
    text = "Petra Lund rose and said: “We sail at dawn,”"
    words = ["Petra", "Lund", "rose", "and", "said", ":", '"', SAIL, '"']
    heads = [1, 2, 2, 4, 2, 4, 7, 4, 7]
    deps = ["compound", "nsubj", "ROOT", "cc", "conj", "punct", "punct", "ccomp", "punct"]
    parse = parsed(words, heads, deps, ["B-PERSON", "I-PERSON", *["O"] * 7])
    (both,) = quotes(text, parse)
    assert both.rule.endswith("; parser agrees")


@pytest.mark.parametrize(
    ("heads", "deps"),
    [
        ([3, 0, 3, 5, 5, 5, 5, 6], ["case", "fixed", "flat", "obl", "punct", "ROOT", "obj", "p"]),
        ([5, 0, 3, 1, 5, 5, 5, 6], ["prep", "prep", "compound", "pobj", "p", "ROOT", "obj", "p"]),
    ],
    ids=["UD", "ClearNLP"],
)
def test_opinion_reads_according_to(heads, deps):
    text = "According to Petra Lund it was “We sail at dawn,”"
    words = ["According", "to", "Petra", "Lund", "it", "was", '"', SAIL, '"']
    heads, deps = [*heads, 7], [*deps, "punct"]
    parse = parsed(words, heads, deps, ["O", "O", "B-PER", "I-PER", *["O"] * 5])
    (both,) = quotes(text, parse)
    assert both.speaker.name == "Petra Lund"
    assert both.rule.endswith("; parser agrees")


def test_opinion_reads_a_relative_clause_and_a_pronoun():
    text = "Lund who said “We sail at dawn,” left."
    words = ["Lund", "who", "said", '"', SAIL, '"', "left", "."]
    heads = [6, 2, 0, 4, 2, 4, 6, 6]
    deps = ["nsubj", "nsubj", "acl:relcl", "punct", "ccomp", "punct", "ROOT", "punct"]
    # The rule for relative clauses without a comma is off: agreement alone names nobody.
    (both,) = quotes(text, parsed(words, heads, deps, ["O"] * 8))
    assert both.speaker is None
    text = "She said “We sail at dawn,”"
    words = ["She", "said", '"', SAIL, '"']
    deps = ["nsubj", "ROOT", "punct", "ccomp", "punct"]
    (both,) = quotes(text, parsed(words, [1, 1, 3, 1, 3], deps, ["O"] * 5))
    assert both.rule.endswith("; parser agrees")


@pytest.mark.parametrize("confidence", [0.0, 0.7, 0.85, 0.95, 0.99])
def test_agreement_never_lowers_and_is_never_certain_and_dissent_always_silences(confidence):
    assert confidence <= weighed(confidence, Opinion.AGREES) < 1
    assert weighed(confidence, Opinion.DISAGREES) < SHOW_NAME


def test_component_asks_its_opinion_once_a_paragraph_with_quotes():
    asked = []

    def parse(text):
        asked.append(text)
        return NLP.make_doc(text)

    doc = NLP.make_doc("“We sail,” Petra Lund said.\n\nSnow fell.\n\n“We do,” Lund said.")
    (first, second) = QuoteFinder(parse)(doc)._.quotes
    assert (first.speaker.name, second.speaker.name) == ("Petra Lund", "Petra Lund")
    assert asked == ['"xxxxxxxx" Petra Lund said.', '"xxxxxx" Lund said.']
