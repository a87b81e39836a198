"""Rules: each rule that speaks is known, and trusted enough to be shown."""

from __future__ import annotations

import pytest

from bot.core.quotes.rules import PRONOUN_BEFORE, PRONOUN_HERE, ROLE, RULES, confidence
from bot.domain.quotes import SHOW_NAME

ON = sorted(rule for rule in RULES if confidence(rule))


@pytest.mark.parametrize("rule", ON)
def test_confidence_of_a_rule_that_is_on_reaches_the_threshold(rule):
    assert SHOW_NAME <= confidence(rule) < 1


@pytest.mark.parametrize("how", [PRONOUN_HERE, PRONOUN_BEFORE, ROLE])
def test_confidence_falls_when_the_name_was_inferred(how):
    assert all(confidence(rule, how) < confidence(rule) for rule in ON)


def test_confidence_of_a_rule_that_is_off_is_zero():
    assert confidence("name who said quote") == 0.0
