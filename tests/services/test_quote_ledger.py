"""The ledger and its corrections on the real server: found, corrected, obeyed, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis import streams
from bot.adapters.redis.corrections import RedisCorrections
from bot.core.quotes.utterance import quote_id
from bot.core.stories.fold import apply, fold, fold_correction
from bot.domain.channels import CONSOLE, Channel, DigestPlan
from bot.domain.errors import LostOwnership, UsageError
from bot.domain.news import EntryReason, Record
from bot.domain.posts import BriefKind, DesiredPost, PostKey, PostKind
from bot.domain.stories import DeskState, DigestDue, Reason
from bot.render.html import page
from tests.builders import NOW, make_brief, make_item, make_quote
from tests.services import newsroom as newsroom_module
from tests.services.newsroom import CONFIG, Newsroom, printed, speakers

SAID = "We will hold the bridge for as long as the river stands between us"
PART = "hold the bridge for as long as the river stands"
OTHER = "We shall hold the bridge for as long as the river stands between us"
THREE = (
    printed(SAID, id="a1", outlet="Wire"),
    printed(PART, "Varga", id="a2", outlet="Post", published=NOW + timedelta(hours=1)),
    printed(OTHER, id="a3", outlet="Globe", published=NOW + timedelta(hours=2)),
)
NAME = quote_id("a1", SAID)


@pytest.fixture
def newsroom(redis, server, tag, clock, tmp_path) -> Iterator[Callable[[str], Newsroom]]:
    """Builds a process of one deployment, by name."""
    rooms: list[Newsroom] = []

    def newsroom(name: str = "one") -> Newsroom:
        rooms.append(Newsroom(redis, server, tag, clock, tmp_path, name))
        return rooms[-1]

    yield newsroom
    for room in rooms:
        if "index" in room.app.__dict__:
            room.app.index.close()


@pytest.fixture
async def room(newsroom) -> Newsroom:
    """A process that has posted the story of three outlets."""
    room = newsroom()
    await room.read(*THREE)
    await room.run()
    return room


async def wrong(room: Newsroom, name: str = NAME, **changes):
    return await room.correct.wrong(name, **{"said": None, "by": "ada", **changes})


async def test_three_outlets_are_one_entry_with_their_own_words(room):
    entry = await room.ledger.entry(quote_id("a2", PART))
    assert [(s.outlet, s.quote.text) for s in entry.sources] == [
        ("Wire", SAID),
        ("Post", PART),
        ("Globe", OTHER),
    ]
    assert entry.id == NAME
    for source in entry.sources:
        record = await room.app.articles.at(source.position)
        assert source.quote.span.of(record.article.text) == source.quote.text


async def test_entries_are_found_by_words_speaker_and_time(room):
    await room.read(printed("The bridge is a grave burden on us all", "Jens Holm", id="b1"))
    await room.run()

    async def find(words: str, **changes):
        found = await room.ledger.find(words, now=NOW, limit=10, **changes)
        return {entry.id for entry in found}

    holm = quote_id("b1", "The bridge is a grave burden on us all")
    assert await find("the bridge") == {NAME, holm}
    assert await find("bridge", by="Holm") == {holm}
    assert await find("", by="the minister") == {NAME}
    assert await find("bridge", since=NOW + timedelta(days=1)) == set()
    assert await find("chess in Baku") == set()


async def test_ids_stand_over_revisions_and_indexes(room, newsroom):
    await room.read(
        printed(SAID, id="a1", revision=2, reason=EntryReason.EDITED, lead="A new first line.")
    )
    other = newsroom("two")
    await other.app.tail.catch_up()
    entry = await other.ledger.entry(NAME)
    assert [s.revision for s in entry.sources if s.id == NAME] == [2]


async def test_a_post_that_is_out_is_edited(room):
    assert speakers(room.sender.sent[-1][1]) == {"Ivo Varga"}
    await wrong(room)
    await room.run()
    _, brief = room.sender.edited[-1]
    assert speakers(brief) == {None}
    assert brief.items[0].changes == (f"Speaker corrected {room.app.clock.now():%H:%M} UTC",)
    assert any(
        d.reason is Reason.SPEAKER and d.destination == CONSOLE
        for d in await room.app.desk_store.decisions("a1")
    )


async def test_a_name_given_is_shown_as_what_it_is(room):
    await wrong(room, quote_id("a3", OTHER), said="Holm")
    await room.run()
    _, brief = room.sender.edited[-1]
    quotes = [quote for item in brief.items for quote in item.quotes]
    assert {(quote.speaker, quote.corrected) for quote in quotes} == {("Jens Holm", True)}
    assert "Jens Holm (speaker corrected)" in page(
        await room.app.published(10), made=room.app.clock.now()
    )


async def test_a_post_that_waits_goes_out_without_the_name(newsroom):
    room = newsroom()
    await room.read(*THREE)
    await room.fold()
    await room.app.tail.catch_up()
    await wrong(room)
    await room.deliver()
    assert [speakers(brief) for _, brief in room.sender.sent] == [{None}, {None}]


async def test_a_later_report_of_another_outlet_obeys(room):
    await wrong(room)
    later = printed(
        SAID,
        "Varga",
        id="b1",
        outlet="Courier",
        title="Harbour strike goes on for a ninth day",
        lead="Dockers stayed away from the harbour again.",
        published=NOW + timedelta(days=2),
    )
    await room.read(later)
    await room.run()
    _, brief = await room.wanted("b1")
    assert speakers(brief) == {None}
    assert brief.items[0].changes == ()
    assert speakers(room.sender.sent[-1][1]) == {None}
    assert (await room.ledger.entry(quote_id("b1", SAID))).correction is not None


async def test_an_outlet_that_names_somebody_else_is_left_alone(room):
    await wrong(room)
    await room.read(printed(SAID, "Jens Holm", id="b1", outlet="Courier"))
    await room.run()
    assert speakers((await room.wanted("b1"))[1]) == {"Jens Holm"}


async def test_an_edited_article_obeys(room):
    await wrong(room)
    await room.read(
        printed(SAID, id="a1", revision=2, reason=EntryReason.EDITED, title="Ministers part again")
    )
    await room.run()
    assert speakers((await room.wanted())[1]) == {None}


async def test_answers_obey(room):
    async def ask(question: str):
        return await room.app.ask(question, now=room.app.clock.now())

    before = await ask("what did Varga say about the bridge?")
    assert {hit.speaker for hit in before.answer} <= {"Ivo Varga", "Varga"}
    await wrong(room, said="Jens Holm")
    after = await ask("what did Varga say about the bridge?")
    assert not any(hit.is_quote for hit in after.answer)
    assert not any("said by" in hit.text for hit in (*after.answer, *after.results))
    given = await ask("what did Holm say about the bridge?")
    assert {(hit.speaker, hit.corrected) for hit in given.answer} == {("Jens Holm", True)}
    latest = await ask("latest on the bridge")
    assert latest.answer
    assert not any("said by" in hit.text for hit in latest.answer)


async def test_why_and_the_page_obey_at_once(room):
    await wrong(room)
    shown = page(await room.app.published(10), made=room.app.clock.now())
    assert "Varga" not in shown
    assert f"quote {NAME}" in shown
    await room.read(printed(SAID, id="a1", revision=2, url="https://wire.example/a1"))
    found = await room.app.why("https://wire.example/a1")
    assert found.quotes == () or all(entry.correction for entry in found.quotes)


async def test_digests_and_answers_that_are_out_are_edited(room):
    record = (await room.ledger.entry(NAME)).sources[0]
    quote = make_quote(
        text=SAID,
        speaker="Ivo Varga",
        role=None,
        article_id="a1",
        position=record.position,
        span=record.quote.span,
    )
    key = PostKey(kind=PostKind.DIGEST, destination=CONSOLE, subject=("17:00", "2025-04-04"))
    brief = make_brief(kind=BriefKind.DIGEST, items=(make_item(quotes=(quote,), lead=""),))
    await room.app.outbox.want(DesiredPost(key=key, revision=1, brief=brief))
    await room.deliver()
    await wrong(room)
    await room.run()
    assert [speakers(b) for _, b in room.sender.edited if b.kind is BriefKind.DIGEST] == [{None}]
    await room.correct.right(NAME, by="ada")
    await room.run()
    edited = [speakers(b) for _, b in room.sender.edited if b.kind is BriefKind.DIGEST]
    assert edited == [{None}, {"Ivo Varga"}]


async def test_a_digest_made_later_obeys(room, clock):
    await wrong(room)
    await room.fold()
    held = DigestDue(destination=CONSOLE, slot="now:1", local_date="2025-04-04")
    await room.app.digests.schedule({held: clock.now()})
    await room.app.digests.fire_due()
    await room.fold()
    posts = await room.app.outbox.recent(limit=5)
    assert not any("Ivo Varga" in speakers(post.brief) for post in posts)


async def test_a_digest_made_meanwhile_gets_its_name_back(newsroom, clock, monkeypatch):
    channel = Channel(to=CONSOLE, topics=("Bridge",), alerts=None, digest=DigestPlan(at=()))
    monkeypatch.setattr(newsroom_module, "CONFIG", replace(CONFIG, channels=(channel,)))
    room = newsroom()
    await room.read(printed(SAID))
    await room.run()
    await wrong(room)
    await room.run()
    await room.app.digests.schedule(
        {DigestDue(destination=CONSOLE, slot="now:1", local_date="2025-04-04"): clock.now()}
    )
    await room.app.digests.fire_due()
    await room.run()
    (sent,) = [b for _, b in room.sender.sent if b.kind is BriefKind.DIGEST]
    assert speakers(sent) == {None}
    await room.correct.right(NAME, by="ada")
    await room.run()
    (edited,) = [b for _, b in room.sender.edited if b.kind is BriefKind.DIGEST]
    assert speakers(edited) == {"Ivo Varga"}


async def test_taken_back_everything_is_as_it_was(room):
    before = await room.wanted()
    await wrong(room, said="Holm")
    await room.run()
    assert (await room.correct.right(quote_id("a2", PART), by="ada")).id == NAME
    await room.run()
    desired, brief = await room.wanted()
    assert (desired, speakers(brief), brief.items[0].changes) == (
        before[0] + 2,
        {"Ivo Varga"},
        (),
    )
    assert speakers(room.sender.edited[-1][1]) == {"Ivo Varga"}
    assert await room.app.corrections.in_force() == ()
    reply = await room.app.ask("what did Varga say about the bridge?", now=NOW)
    assert reply.answer[0].speaker in {"Ivo Varga", "Varga"}


async def test_a_second_correction_takes_the_place_of_the_first(room):
    await wrong(room, said="Holm")
    entry = await wrong(room, quote_id("a3", OTHER))
    (only,) = await room.app.corrections.in_force()
    assert (only.id, only.said, entry.correction) == (NAME, None, only)


async def test_taking_back_ends_what_two_admins_corrected_at_once(room):
    await wrong(room)
    (first,) = await room.app.corrections.in_force()
    await room.app.corrections.put(replace(first, id=quote_id("a3", OTHER), by="bo"))
    await room.correct.right(NAME, by="ada")
    assert await room.app.corrections.in_force() == ()


async def test_another_process_obeys_at_once(room, newsroom):
    other = newsroom("two")
    await other.app.tail.catch_up()
    assert (await other.app.ask("what did Varga say about the bridge?", now=NOW)).answer
    await wrong(room)
    reply = await other.app.ask("what did Varga say about the bridge?", now=NOW)
    assert not any(hit.is_quote for hit in reply.answer)
    assert (await other.ledger.entry(NAME)).correction is not None


async def test_a_desk_that_takes_over_obeys_what_was_folded(room, newsroom):
    await wrong(room)
    await room.run()
    await room.app.desk.release()
    other = newsroom("two")
    await room.read(printed(SAID, id="b1", outlet="Courier", published=NOW + timedelta(hours=3)))
    await other.fold()
    assert speakers((await other.wanted())[1]) == {None}


async def test_a_desk_before_a_correction_does_not_know_it_yet(newsroom):
    """What was stored before the correction folds as it did, however late that is."""
    room = newsroom()
    await room.read(*THREE)
    await room.app.tail.catch_up()
    await wrong(room)
    await room.fold()
    kept = [d.reason for d in await room.app.desk_store.decisions("a1")]
    assert Reason.FIRST_REPORT in kept
    assert Reason.SPEAKER in kept
    assert speakers((await room.wanted())[1]) == {None}


async def test_the_stored_records_alone_give_the_same_posts(room, redis, keys):
    """A replay over ARTICLES, with nothing but the fold, ends where the desk did."""
    await wrong(room, said="Holm")
    await room.run()
    await room.read(printed(SAID, "Varga", id="a4", outlet="Courier"))
    await room.correct.right(NAME, by="ada")
    await wrong(room)
    await room.run()
    state, briefs = DeskState(), {}
    for entry, fields in await redis.xrange(keys.stream(streams.ARTICLES)):
        position = entry.decode()
        value = streams.record(position, fields)
        if isinstance(value, Record):
            outcome = fold(state, value, CONFIG)
        else:
            stored = streams.stored_at(position)
            outcome = fold_correction(state, value, stored=stored, config=CONFIG)
        state = apply(state, outcome)
        briefs |= {post.key: post.brief for post in outcome.posts}
    posts = await room.app.outbox.recent(limit=10)
    assert briefs == {post.key: post.brief for post in posts}


async def test_a_correction_that_was_not_committed_is_folded_again(room, newsroom):
    """The desk dies between folding and committing: the next one does it, once."""
    await wrong(room)
    (found,) = await room.new(streams.ARTICLES)
    await room.app.desk.release()
    with pytest.raises(LostOwnership):
        await room.app.desk.handle(found.claimed, streams.record(found.claimed.id, found.fields))
    desired, brief = await room.wanted()
    assert speakers(brief) == {"Ivo Varga"}
    other = newsroom("two")
    assert await other.app.desk.take_over()
    await other.app.desk.handle(found.claimed, streams.record(found.claimed.id, found.fields))
    assert (await room.wanted())[0] == desired + 1
    assert speakers((await room.wanted())[1]) == {None}


@pytest.mark.parametrize(
    ("name", "said", "problem"),
    [
        ("abcdefgh", None, "no quote has the id"),
        (NAME, "Ivo Varga", "is who the text names"),
        (NAME, "Jens Hollm", "Did you mean Jens Holm"),
        (NAME, " \t", "is no name"),
        (NAME, "x" * 200, "is no name"),
    ],
)
async def test_what_cannot_be_corrected_is_told(room, name, said, problem):
    with pytest.raises(UsageError, match=problem):
        await wrong(room, name, said=said)
    assert await room.app.corrections.in_force() == ()


async def test_a_name_that_looks_like_a_slip_can_be_meant(room):
    entry = await wrong(room, said="Jens Hollm", as_written=True)
    assert entry.correction.said == "Jens Hollm"


async def test_a_quote_nobody_is_named_for_can_only_be_given_a_name(newsroom):
    room = newsroom()
    await room.read(printed(SAID, None))
    await room.run()
    with pytest.raises(UsageError, match="no name stands beside"):
        await wrong(room)
    await wrong(room, said="Holm")
    await room.run()
    assert speakers(room.sender.edited[-1][1]) == {"Jens Holm"}


async def test_nothing_to_take_back_is_told(room):
    with pytest.raises(UsageError, match="nothing was corrected"):
        await room.correct.right(NAME, by="ada")


async def test_corrections_are_bounded(redis, keys, clock, room):
    few = RedisCorrections(redis, keys, clock, kept=2)
    for said in ("Holm", None):
        await wrong(room, said=said)
    (correction,) = await few.in_force()
    for n in range(3):
        clock.advance(60)
        await few.put(replace(correction, id=f"id{n}", at=clock.now()))
    assert [c.id for c in await few.in_force()] == ["id2", "id1"]


async def test_a_quote_that_does_not_stand_is_withheld_and_counted(room, caplog):
    record = (await room.ledger.entry(NAME)).sources[0]
    bad = make_quote(
        text="Words nobody said",
        article_id="a1",
        position=record.position,
        span=record.quote.span,
    )
    key = PostKey(kind=PostKind.ANSWER, destination=CONSOLE, subject=("r1",))
    brief = make_brief(kind=BriefKind.ANSWER, items=(make_item(quotes=(bad,)),))
    await room.app.outbox.want(DesiredPost(key=key, revision=1, brief=brief))
    await room.deliver()
    assert speakers(room.sender.sent[-1][1]) == set()
    for _ in range(2):
        assert bad.text not in page(await room.app.published(10), made=NOW)
    assert await room.app.tally.counts() == {"deliver": 1, "page": 1}
    assert "deliver.quote_withheld" in caplog.text
    assert "page.quote_withheld" in caplog.text
