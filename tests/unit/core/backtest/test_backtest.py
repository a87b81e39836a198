"""Two versions of topics on stored texts, and alerts a day by the desk's fold."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from bot.core.backtest import Text, Trial, Tried, alerts_by_day, try_texts
from bot.domain.channels import CONSOLE, Alerts, Channel, Configuration
from bot.domain.watch import Match, Phrase, Topic, Watchlists
from tests.builders import NOW, make_record

ARMS = Topic(name="Arms", any=(Phrase(text="arms"),))
MORE_ARMS = Topic(name="Arms", any=(Phrase(text="arms"), Phrase(text="missiles")))
SPENDING = Topic(name="Spending", any=(Phrase(text="budget"),))


def tried(*texts, before, after):
    trial = Trial(
        version=f"{before} {after}",
        before=Watchlists(topics=before),
        after=Watchlists(topics=after),
    )
    ticks = count()
    given = [Text(title="", text=text) for text in texts]
    return try_texts(given, trial, clock=lambda: float(next(ticks)))


def names(each: Tried):
    return each.number, [m.topic for m in each.before], [m.topic for m in each.after]


def test_try_texts_tells_both_sides_of_a_changed_topic():
    found = tried("Arms.", "Missiles.", "Nothing.", before=(ARMS,), after=(MORE_ARMS,))
    assert [names(each) for each in found.tried] == [(0, ["Arms"], ["Arms"]), (1, [], ["Arms"])]


def test_try_texts_gives_a_topic_that_is_the_same_to_both_sides():
    found = tried("A budget for arms.", before=(SPENDING, ARMS), after=(SPENDING,))
    assert [names(each) for each in found.tried] == [(0, ["Arms", "Spending"], ["Spending"])] or [
        names(each) for each in found.tried
    ] == [(0, ["Spending", "Arms"], ["Spending"])]


def test_try_texts_keeps_the_evidence_of_each_side():
    (only,) = tried("More arms.", before=(ARMS,), after=(MORE_ARMS,)).tried
    assert [e.text for m in (*only.before, *only.after) for e in m.evidence] == ["arms", "arms"]


def test_try_texts_counts_phrases_and_costs_on_a_sample():
    found = tried(*["Arms and missiles."] * 40, before=(ARMS,), after=(MORE_ARMS,))
    assert found.sampled == 2
    assert {p.text: n for p, n in found.phrases.items()} == {"arms": 2, "missiles": 2}
    assert (found.cost_before, found.cost_after) == (2.0, 2.0)


def test_alerts_by_day_counts_one_alert_a_story_and_what_channels_take():
    channel = Channel(to=CONSOLE, topics=("Spending",), alerts=Alerts(from_score=3))
    records = [
        make_record(
            f"{number}-0",
            id=f"a{number}",
            title=title,
            text=f"{title} in full, with words of its own: {title}.",
            stored=NOW + timedelta(days=number),
            matches=(Match(topic=topic, score=score),),
        )
        for number, (title, topic, score) in enumerate(
            [
                ("Budget of Norway grows", "Spending", 5),
                ("Quarry in Chile closes", "Spending", 1),
                ("Ferry sinks near Crete", "Spending", 4),
            ]
        )
    ]
    found = alerts_by_day(records, Configuration(channels=(channel,)))
    assert found == {NOW.date(): 1, NOW.date() + timedelta(days=2): 1}
