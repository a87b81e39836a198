"""What readers see at the end, held against what was published."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.world import BLIND, CORRECTED, READABLE, TEAMS, WEBHOOK, World

PLACES = (f"slack {READABLE}", f"slack {BLIND}", f"teams {TEAMS}", f"webhook {WEBHOOK}")
LABEL = "Possibly repeated"
#: What a webhook's second card of a story says, and what a person put right.
UPDATE = "This updates an earlier message"
#: Outcomes that leave it open whether a message went out.
_OPEN = {"request lost", "reply lost", "5xx before", "5xx after", "late"}


@dataclass
class Verdict:
    """What is wrong; nothing, where all is empty."""

    #: ``place: code`` of articles that a channel never got.
    lost: list[str] = field(default_factory=list)
    #: Of those it got more than once, without a word.
    doubled: list[str] = field(default_factory=list)
    #: Of those whose only message says that it may be a repeat, though no call was ever unclear;
    #: right only where a process died between its note that it calls and the call.
    groundless: list[str] = field(default_factory=list)
    #: Of those whose headline was corrected, and not there.
    stale: list[str] = field(default_factory=list)
    #: Dead letters, with their problems.
    dead: list[str] = field(default_factory=list)
    #: Messages with the label; and those that are alone after a call that was unclear.
    labelled: int = 0
    alone: int = 0

    @property
    def well(self) -> bool:
        return not (self.lost or self.doubled or self.stale or self.dead)


def judge(world: World) -> Verdict:
    """Everything but the dead letters, which stand in the server."""
    verdict = Verdict()
    for place in PLACES:
        seen: Counter[str] = Counter()
        without_label: Counter[str] = Counter()
        codes = [article.code for article in world.articles]
        for message in world.messages.values():
            if message.place != place or UPDATE in message.text:
                continue
            for code in codes:
                if code in message.text:
                    seen[code] += 1
                    without_label[code] += not any(LABEL in text for text in message.texts)
        for code in codes:
            if not seen[code]:
                verdict.lost.append(f"{place}: {code}")
            labels = seen[code] - without_label[code]
            verdict.labelled += labels
            if without_label[code] > 1:
                verdict.doubled.append(f"{place}: {code}")
            if seen[code] == labels == 1:
                if _OPEN.isdisjoint(world.tries[place, code]):
                    verdict.groundless.append(f"{place}: {code}")
                else:
                    verdict.alone += 1
    verdict.stale = stale(world)
    return verdict


def stale(world: World) -> list[str]:
    """``place: code`` of corrected headlines that a channel whose messages are edited lacks."""
    shown = {
        (message.place, article.code)
        for message in world.messages.values()
        for article in world.articles
        if article.code in message.text and CORRECTED in message.text
    }
    return [
        f"{place}: {article.code}"
        for place in PLACES
        if not place.startswith("webhook")
        for article in world.articles
        if article.corrected and (place, article.code) not in shown
    ]


def missing(world: World) -> int:
    """How many articles, or corrections of them, some channel has not got yet."""
    text = {
        place: "\n".join(m.text for m in world.messages.values() if m.place == place)
        for place in PLACES
    }
    return len(stale(world)) + sum(
        1 for article in world.articles if any(article.code not in shown for shown in text.values())
    )
