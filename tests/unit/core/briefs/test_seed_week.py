"""The twenty key quotes of the seeds' week are mostly those a reader chose.

``tests/data/quotes/key/week.jsonl`` was written from the pages alone, before any ranking was seen:
the twenty best of about forty marked passages, the best first, each with its reason. Two of them
stand between single marks in running text.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.files import read_folder
from bot.core.articles.read import ReadingRules, read
from bot.core.briefs.quotes import key_quotes
from bot.core.briefs.words import topic_words
from bot.core.config import load
from bot.core.feeds.parse import parse
from bot.core.stories.fold import apply, fold, fold_digest
from bot.core.stories.place import Stories
from bot.domain.channels import CONSOLE, Channel, DigestPlan
from bot.domain.stories import ChannelState, DeskState, DigestDue, Held, Reason
from tests.builders import make_entry, make_record

ROOT = Path(__file__).parents[4]
SEEDS = ROOT / "seeds"
CHOSEN = tuple(
    json.loads(line)["starts"]
    for line in (ROOT / "tests/data/quotes/key/week.jsonl").read_text("utf-8").splitlines()
)


@pytest.fixture(scope="module")
def config():
    return load(read_folder(ROOT / "config"), check_examples=False)


@pytest.fixture(scope="module")
def week(config):
    """The stories of the week, as the desk knows them."""
    rules = ReadingRules(version="1", watchlists=config.watchlists, people=config.people)
    state, stories = DeskState(), Stories()
    for number, entry in enumerate(entries()):
        page = SEEDS / "pages" / entry.feed_id / f"{entry.article_id}.html"
        article = read(entry, page.read_bytes(), rules)
        fields = {name: getattr(article, name) for name in article.__dataclass_fields__}
        record = make_record(position=f"{number}-0", stored=entry.published, **fields)
        outcome = fold(state, record, config, stories=stories)
        state = apply(state, outcome)
        stories.put(outcome.story)
    return state.stories


def entries():
    """Every item of the week's feeds, the oldest first."""
    found = {}
    for path in sorted((*SEEDS.glob("before/*.*"), *SEEDS.glob("after/*.*"))):
        feed = parse(path.read_bytes(), url=f"http://seeds.invalid/feeds/{path.name}")
        for one in feed.entries:
            url = one.url.partition("?")[0]
            found[url] = make_entry(
                feed_id=path.stem,
                outlet=path.stem,
                language="en",
                article_id=Path(url).stem,
                url=url,
                title=one.title,
                summary=one.summary,
                text=one.text,
                published=one.published or one.updated,
            )
    return sorted(found.values(), key=lambda entry: (entry.published, entry.url))


def chosen_of(config, stories):
    words = topic_words(config.watchlists, [topic.name for topic in config.watchlists.topics])
    members = [member for story in stories for member in story.members]
    return key_quotes(members, most=20, topic_words=frozenset().union(*words.values()))


def hits(quotes, chosen=CHOSEN):
    return sum(any(quote.text.startswith(start) for quote in quotes) for start in chosen)


def test_the_choice_names_twenty_quotes_that_stand_in_the_seeds():
    texts = [path.read_text("utf-8") for path in SEEDS.glob("pages/*/*.html")]
    assert len(CHOSEN) == len(set(CHOSEN)) == 20
    assert all(any(start in text for text in texts) for start in CHOSEN)


def test_key_quotes_of_the_weeks_flagged_stories_are_those_a_reader_chose(config, week):
    best = chosen_of(config, [story for story in week if story.scores()])
    assert len(best) == 20
    assert hits(best) >= 17
    assert hits(best[:10], CHOSEN[:10]) >= 8


def test_a_digest_of_the_week_with_twenty_quotes_hits_fourteen_that_a_reader_chose(config, week):
    channel = Channel(to=CONSOLE, alerts=None, digest=DigestPlan(at=(), quotes=20))
    known = ChannelState(
        destination=CONSOLE,
        held=tuple(
            Held(
                story_id=story.id,
                topic=max(story.scores(), key=story.scores().get),
                score=max(story.scores().values()),
                reason=Reason.NO_ALERTS,
                since=story.last_stored,
            )
            for story in week
            if story.scores()
        ),
    )
    (post,) = fold_digest(
        DeskState(stories=week, channels=(known,)),
        DigestDue(destination=CONSOLE, slot="16:00", local_date="2025-04-04"),
        stored=max(story.last_stored for story in week),
        config=replace(config, channels=(channel,)),
    ).posts
    shown = [quote for item in post.brief.items for quote in item.quotes]
    assert len(shown) == 20
    assert hits(shown) >= 14


def test_key_quotes_of_all_the_weeks_stories_hit_fourteen_of_twenty(config, week):
    """Football, watch straps and tide tables among them, which no channel would get."""
    best = chosen_of(config, week)
    assert len(best) == 20
    assert hits(best) >= 14
