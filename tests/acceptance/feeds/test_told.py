"""Cases 12, 24 and 27 as the admins see them: one message, edited, and the last word is "well"."""

from __future__ import annotations

from datetime import timedelta

from tests.acceptance.feeds.admins import ADMINS, Admins
from tests.acceptance.feeds.documents import item, named, rss
from tests.acceptance.feeds.feed_server import HOSTS, Answer
from tests.acceptance.feeds.polling import DAY, HOUR, LONG
from tests.builders import NOW

NAMES = [f"n{n}" for n in range(8)]


async def test_case_12_a_feed_that_is_gone_is_told_once_and_said_to_be_back(start, site, feed):
    site.answers["/feed"] = named("a")
    site.answers["/other"] = named("b")
    gone = feed(name="Harbour News")
    polling = await start(gone, feed("/other", host=HOSTS[1]))
    admins = Admins(polling)
    await polling.poll()
    assert await admins.look() == 0
    site.answers["/feed"] = Answer(status=410)
    for _ in range(2 * 24):
        await polling.poll(after=HOUR)
        await admins.look()
    assert admins.places == {ADMINS}
    assert admins.posted == ["No news from Harbour News: HTTP 410"]
    assert admins.edits == []
    for _ in range(8):  # looked at once a week, and told of no more
        await polling.poll(after=DAY)
        assert await admins.look() == 0
    site.answers["/feed"] = named("c", "a", date=None)
    await polling.next_poll(gone)
    assert await admins.look() == 1
    assert (admins.posted, admins.edits) == (
        ["No news from Harbour News: HTTP 410"],
        ["Harbour News is back"],
    )
    assert "Report c" in await polling.titles()
    assert await admins.look() == 0


async def test_case_24_a_renaming_is_one_note_and_no_alarm(start, site, feed):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(feed(name="Harbour News"))
    admins = Admins(polling)
    await polling.poll()
    for scheme in ("tag:one", "tag:two"):
        moved = [
            item(name, guid=f"{scheme}:{name}", link=f"https://new.example/{name}")
            for name in NAMES
        ]
        site.answers["/feed"] = rss(*moved)
        for _ in range(3):
            await polling.poll(after=LONG)
            await admins.look()
    told = "8 known entries came under other identifiers; none is announced again"
    assert (admins.posted, admins.edits) == ([f"Harbour News: {told}"], [])


async def test_case_24_a_flood_is_told_with_the_command_until_it_is_decided(start, site, feed):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(flooded := feed(name="Harbour News"))
    admins = Admins(polling)
    await polling.poll()
    site.answers["/feed"] = named(*(f"old{n}" for n in range(40)), date=NOW - timedelta(days=2))
    for _ in range(5):
        await polling.poll(after=LONG)
        await admins.look()
    assert admins.posted == ["Harbour News: 40 entries at once are held: accept or drop them"]
    assert admins.notes[-1].startswith("`nato-brief feeds accept feed`")
    await polling.app.feeds.release_held(flooded.id, accept=True)
    assert await admins.look() == 1
    assert (len(admins.posted), admins.edits) == (1, ["Harbour News is back"])
    for _ in range(5):
        await polling.poll(after=LONG)
        assert await admins.look() == 0


async def test_case_27_a_gap_is_told_once_and_over_after_a_day_without_another(start, site, feed):
    site.answers["/feed"] = named(*NAMES)
    polling = await start(busy := feed(name="Harbour News"))
    admins = Admins(polling)
    await polling.poll()
    await admins.look()

    async def turn_over(name: str) -> None:
        now = polling.app.clock.now() + timedelta(hours=6)
        dates = {f"{name}{n}": now + timedelta(minutes=n) for n in range(8)}
        site.answers["/feed"] = rss(*(item(key, date=date) for key, date in dates.items()))
        await polling.poll(after=LONG)

    for name in "abc":
        await turn_over(name)
        await admins.look()
    assert (await polling.state(busy)).gaps == 3
    assert admins.posted == ["Harbour News may have had news that nobody saw"]
    assert admins.edits == []
    assert any("nothing in common" in note for note in admins.notes)
    for _ in range(5):
        await polling.poll(after=LONG)
        await admins.look()
    assert admins.edits == ["Harbour News is back"]
    await turn_over("d")
    assert await admins.look() == 1
    assert len(admins.posted) == 2
