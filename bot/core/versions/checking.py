"""What checking a configuration takes, imported in advance."""

from __future__ import annotations

from bot.domain.watch import Phrase, Topic, Watchlists


def warm() -> None:
    """Check an example, so that the first real one need not wait for spaCy and its like."""
    from bot.core.matching import failed_examples

    topic = Topic(name="", any=(Phrase(text="warm", forms=True),), match_examples=("It is warm.",))
    failed_examples(Watchlists(topics=(topic,)))
