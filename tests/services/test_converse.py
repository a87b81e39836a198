"""What a typed line gets, from the posts and the answers there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.outbox import RedisOutbox
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import PAGE
from bot.domain.conversation import Latest, Verb
from bot.domain.explanations import Explanation
from bot.domain.posts import BriefKind, DesiredPost, PostKey, PostKind, Receipt
from bot.domain.stories import Outcome
from bot.services.converse import Converse
from tests.builders import NOW, make_brief, make_item
from tests.services.claiming import Entries


async def ask(text, *, now):
    return Reply(question=text, outcome=ReplyOutcome.NOTHING, searched=Searched(articles=0))


async def why(url):
    return Explanation(url=url, article_id="none")


@pytest.fixture
def outbox(redis, keys, clock):
    return RedisOutbox(redis, keys, clock)


@pytest.fixture
def converse(outbox):
    topics = ("NATO spending", "Ukraine ceasefire")
    return Converse(ask=ask, why=why, outbox=outbox, topics=topics)


@pytest.fixture
def posted(redis, keys, clock, outbox):
    """Puts a brief out at the page."""
    desk = RedisDesk(redis, keys, clock)
    entries = Entries(redis, keys, clock)

    async def put(subject, *items, kind=PostKind.STORY, sent=True):
        key = PostKey(kind=kind, destination=PAGE, subject=(subject,))
        brief = make_brief(items=items, kind=BriefKind.ALERT)
        wanted = Outcome(posts=(DesiredPost(key=key, revision=1, brief=brief),))
        await desk.commit(await desk.lease("active"), await entries.claim("articles"), wanted)
        if sent:
            claim = await outbox.claim(key)
            receipt = Receipt(handle="/posts/1", at=NOW)
            await outbox.mark_sent(key, claim.token, revision=1, receipt=receipt)

    return put


async def test_latest_shows_what_was_posted_the_newest_first_and_once(converse, posted):
    old = make_item(story_id="old", published=NOW - timedelta(hours=3))
    new = make_item(story_id="new", topics=("Ukraine ceasefire",))
    await posted("old", old)
    await posted("new", new)
    await posted("17:00", new, old, kind=PostKind.DIGEST)
    await posted("held", make_item(story_id="held"), sent=False)
    await posted("shared", make_item(story_id="shared"), kind=PostKind.ANSWER)
    assert await converse("latest", now=NOW) == Latest(items=(new, old))
    assert await converse("latest ukraine", now=NOW) == Latest(
        topic="Ukraine ceasefire", items=(new,)
    )


async def test_latest_shows_a_few(converse, posted):
    await posted("17:00", *(make_item(story_id=f"s{n}") for n in range(9)), kind=PostKind.DIGEST)
    assert len((await converse("latest", now=NOW)).items) == 5


async def test_quotes_and_questions_are_asked_and_urls_explained(converse):
    assert (await converse("quotes from Rutte", now=NOW)).question == "What did Rutte say?"
    assert (await converse("why did NATO grow?", now=NOW)).question == "why did NATO grow?"
    assert await converse("why https://a.example/1", now=NOW) == await why("https://a.example/1")


async def test_help_names_topics_and_the_verb_that_was_meant(converse, outbox):
    found = await converse("latset", now=NOW)
    assert (found.typed, found.nearest) == ("latset", Verb.LATEST)
    assert "latest NATO spending" in [example.line for example in found.examples]
    without = await Converse(ask=ask, why=why, outbox=outbox, topics=())("", now=NOW)
    assert [e.line for e in without.examples if "{" in e.line] == []
    assert replace(without, examples=()).topics == ()
