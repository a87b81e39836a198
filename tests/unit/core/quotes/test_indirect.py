"""Reported speech without marks: what is taken, and what is left alone."""

from __future__ import annotations

import pytest

from bot.core.quotes.extract import find_quotes
from bot.core.text.prose import Prose
from bot.domain.quotes import SHOW_NAME, QuoteKind

WHO = " Foreign Minister Petra Lund was in Oslo."


def told(text):
    return [
        (quote.speaker.name or quote.speaker.text, quote.text)
        for quote in find_quotes(Prose(text))
        if quote.kind is QuoteKind.INDIRECT
    ]


TAKEN = {
    "said that": (
        "Lund said that the talks would go on until Friday." + WHO,
        [("Petra Lund", "the talks would go on until Friday")],
    ),
    "told X that": (
        "Lund told reporters in Oslo on Monday that the talks would go on." + WHO,
        [("Petra Lund", "the talks would go on")],
    ),
    "an apposition between": (
        "Petra Lund, the foreign minister, warned that the truce may not hold.",
        [("Petra Lund", "the truce may not hold")],
    ),
    "a body": (
        "The Foreign Ministry said that all flights were cancelled.",
        [("The Foreign Ministry", "all flights were cancelled")],
    ),
    "the reporter's comment is cut": (
        "Lund argued that the deal was dead, adding pressure on Oslo." + WHO,
        [("Petra Lund", "the deal was dead")],
    ),
    "a second speaker is cut": (
        "Lund said that the deal was dead, and Hart said it was not." + WHO,
        [("Petra Lund", "the deal was dead")],
    ),
    "a denial keeps its cue": (
        "Lund denied that she had met the envoy." + WHO,
        [("Petra Lund", "denied that she had met the envoy")],
    ),
    "a capital denies": (
        "Moscow denies shelling the power plant.",
        [("Moscow", "denies shelling the power plant")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TAKEN.values(), ids=TAKEN)
def test_indirect_speech_is_found_with_its_speaker(text, expected):
    assert told(text) == expected


LEFT = {
    "no that": "Lund said the talks would go on." + WHO,
    "a pronoun": "She said that the talks would go on." + WHO,
    "a description": "An aide said that the talks would go on." + WHO,
    "a negation": "Lund did not say that the talks would go on." + WHO,
    "a possibility": "Lund could have said that the talks would go on." + WHO,
    "a condition": "If Lund said that the talks would go on, nobody heard it." + WHO,
    "a relative that": "Lund said the plan that Hart wrote was dead." + WHO,
    "that as a pronoun": "Lund said that was a mistake of the past." + WHO,
    "that before a noun": "Lund confirmed that observation, and went home." + WHO,
    "a study": "Research suggests that the talks would go on." + WHO,
    "marks inside": "Lund said that the talks were “long and hard to bear”." + WHO,
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_indirect_speech_is_left_alone(text):
    assert told(text) == []


def test_indirect_speech_may_be_shown_and_is_trusted_less_than_quotes():
    text = "Lund said that the talks go on. “The talks go on,” Petra Lund said."
    indirect, direct = find_quotes(Prose(text))
    assert (indirect.kind, direct.kind) == (QuoteKind.INDIRECT, QuoteKind.DIRECT)
    assert SHOW_NAME <= indirect.confidence < direct.confidence
    assert indirect.span.of(text) == indirect.text
    assert indirect.cue == "said"
