"""Who may take how much of the server's memory."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.briefs.notices import room_brief
from bot.core.room import FULL, LEAST, TARGET, budget, figures, is_full, is_short, lengths
from bot.domain.room import Extent, Room, Shortage
from tests.builders import NOW

MB = 1024**2


def make_room(*, articles=0, kept=0, others=0, cap=512, since=(), records=1_000):
    """Sizes in MB."""
    return Room(
        now=NOW,
        used=round((articles + kept + others) * MB),
        cap=round(cap * MB),
        articles=Extent(
            records=records if articles else 0,
            bytes=round(articles * MB),
            since=NOW - timedelta(days=12) if articles else None,
        ),
        kept=Extent(
            records=records if kept else 0,
            bytes=round(kept * MB),
            since=NOW - timedelta(days=90) if kept else None,
        ),
        since={shortage: NOW - timedelta(hours=3) for shortage in since},
    )


sizes = st.floats(0, 2_000)
rooms = st.builds(
    make_room,
    articles=sizes,
    kept=sizes,
    others=sizes,
    cap=st.floats(64, 4_096),
    records=st.integers(1, 500_000),
)


@given(rooms)
def test_what_is_kept_fits_its_budget_and_is_no_less_than_does(room):
    may = budget(room)
    for extent, most, length in zip((room.articles, room.kept), may, lengths(room), strict=True):
        if length is None:
            assert extent.bytes <= most
        else:
            each = extent.bytes / extent.records
            assert length * each <= most < (length + 1) * each


@given(rooms)
@example(make_room(articles=300, kept=1))
@example(make_room(articles=1, kept=300))
@example(make_room(articles=400, kept=400))
def test_after_trimming_all_together_take_less_than_where_intake_waits(room):
    may = budget(room)
    left = min(room.articles.bytes, may.articles) + min(room.kept.bytes, may.kept)
    most = max(room.cap * TARGET, room.others + 2 * room.cap * LEAST)
    assert room.others + left <= most + 2


@given(rooms)
def test_neither_stream_takes_the_others_part(room):
    free = max(room.cap * TARGET - room.others, 0)
    may = budget(room)
    assert may.articles >= int(free * 0.6)
    assert may.kept >= int(free * 0.4)


def test_a_server_with_room_keeps_everything():
    assert lengths(make_room(articles=100, kept=50, others=100)) == (None, None)
    assert not is_short(make_room(articles=100, kept=50, others=100))


def test_articles_go_before_intake_does():
    articles, kept = lengths(make_room(articles=300, kept=10, others=150))
    assert articles is not None
    assert articles < 1_000
    assert kept is None


def test_intake_waits_at_80_percent_and_goes_on_below_75():
    def part(others, *since):
        return is_full(make_room(others=others, cap=100, since=since))

    assert [part(others) for others in (79, 80, 95)] == [False, True, True]
    assert [part(others, Shortage.FULL) for others in (76, 75, 74)] == [True, True, False]


def test_short_ends_only_when_it_has_clearly_eased():
    just = make_room(articles=206, kept=0, others=512 * 0.7 - 206 - 1, since=())
    assert not is_short(just)
    assert is_short(make_room(articles=206, others=512 * 0.7 - 206 - 1, since=[Shortage.SHORT]))
    assert not is_short(make_room(articles=100, others=100, since=[Shortage.SHORT]))


def test_figures_name_what_takes_how_much():
    assert figures(make_room(articles=140, kept=12, others=278, records=41_200)) == (
        "430 of 512 MB in use (84%); articles: 41,200 of the last 12 days, 140 MB; "
        "matched and shown ones: 41,200 of the last 90 days, 12 MB; everything else: 278 MB"
    )
    assert "articles: none" in figures(make_room())


def test_a_full_server_is_told_with_figures_and_what_to_do():
    room = make_room(articles=140, kept=12, others=278)
    brief = room_brief(Shortage.FULL, room, since=NOW, lasts=True)
    assert brief.headline == "The server is 84% full: no feed is polled for now"
    assert figures(room) in brief.notes
    assert "NATO_BRIEF_MEMORY" in " ".join(brief.notes)
    assert f"below {FULL - 0.05:.0%}" in " ".join(brief.notes)


def test_a_shorter_time_is_told_in_days():
    brief = room_brief(
        Shortage.SHORT, make_room(articles=200, kept=100, others=90), since=NOW, lasts=True
    )
    assert brief.headline == (
        "Articles go before their time: 12 days of 30 fit, and 90 days of 400 of those that"
        " matched or were shown"
    )


def test_what_has_eased_says_how_long_it_lasted():
    since = NOW - timedelta(hours=3)
    brief = room_brief(Shortage.FULL, make_room(articles=100), since=since, lasts=False)
    assert brief.headline == "The server has room again: feeds are polled"
    assert "It lasted 3 h" in brief.notes
    assert brief.made == since
