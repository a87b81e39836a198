"""Which text of a file wins, and how two states differ."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.versions import (
    Edit,
    Plan,
    diff_of,
    edit_wins,
    file_of,
    hash_of,
    hashes_of,
    known_place,
    reading_version,
    reconcile,
)
from bot.core.versions.diff import MOST_LINES
from bot.domain.errors import UsageError
from bot.domain.people import Person
from bot.domain.versions import Origin, Version
from bot.domain.watch import Watchlists
from tests.builders import NOW

A, B, C = b"a\n", b"b\n", b"c\n"
NAME = "feeds.yaml"


def make_version(number, files, *, origin=Origin.FILE, changed=(NAME,)):
    return Version(
        number=number,
        author="somebody",
        at=NOW,
        origin=origin,
        base=number - 1,
        changed=changed,
        hashes=tuple(hashes_of(files).items()),
    )


@pytest.mark.parametrize(
    ("agreed", "here", "force", "expected"),
    [
        pytest.param(A, A, A, Plan(agreed={NAME: hash_of(A)}), id="nothing changed"),
        pytest.param(A, B, A, Plan(apply={NAME: B}), id="the file was edited"),
        pytest.param(A, A, B, Plan(write_back={NAME: B}), id="a form edited it"),
        pytest.param(A, B, C, Plan(conflicts=(NAME,)), id="both edited it"),
        pytest.param(A, B, B, Plan(agreed={NAME: hash_of(B)}), id="both edited it alike"),
        pytest.param(None, A, None, Plan(apply={NAME: A}), id="a new file"),
        pytest.param(None, None, A, Plan(write_back={NAME: A}), id="a form made a new file"),
        pytest.param(None, A, B, Plan(conflicts=(NAME,)), id="two new files of one name"),
        pytest.param(A, None, A, Plan(apply={NAME: None}), id="the file was deleted"),
        pytest.param(A, A, None, Plan(write_back={NAME: None}), id="a rollback removed it"),
        pytest.param(A, None, B, Plan(conflicts=(NAME,)), id="deleted here, edited there"),
    ],
)
def test_reconcile_decides_by_what_both_last_agreed_on(agreed, here, force, expected):
    plan = reconcile(
        {} if here is None else {NAME: here},
        {} if force is None else {NAME: force},
        agreed={} if agreed is None else {NAME: hash_of(agreed)},
    )
    assert expected == plan


TEXTS = st.dictionaries(st.sampled_from("xyz"), st.sampled_from([A, B, C]), max_size=3)


@settings(max_examples=60)
@given(here=TEXTS, force=TEXTS, agreed=TEXTS)
def test_reconcile_carried_out_leaves_only_conflicts(here, force, agreed):
    plan = reconcile(here, force, agreed=hashes_of(agreed))

    def after(files, changes):
        merged = {**files, **changes}
        return {name: text for name, text in merged.items() if text is not None}

    here, force = after(here, plan.write_back), after(force, plan.apply)
    differing = {name for name in {*here, *force} if here.get(name) != force.get(name)}
    assert set(plan.conflicts) == differing
    told = {*plan.apply, *plan.write_back, *plan.conflicts, *plan.agreed}
    assert told >= {*here, *force}


def test_known_place_takes_an_old_copy_for_what_it_is():
    history = [make_version(2, {NAME: B}), make_version(1, {NAME: A})]
    assert {NAME: hash_of(A)} == known_place({NAME: A}, history)


def test_known_place_takes_a_new_text_for_an_edit_of_what_files_gave_last():
    chat = make_version(3, {NAME: C}, origin=Origin.CHAT)
    history = [chat, make_version(2, {NAME: B}), make_version(1, {NAME: A})]
    assert {NAME: hash_of(B)} == known_place({NAME: b"new"}, history)
    assert Plan(conflicts=(NAME,)) == reconcile(
        {NAME: b"new"}, {NAME: C}, agreed=known_place({NAME: b"new"}, history)
    )


def test_known_place_without_a_file_that_came_later_is_behind():
    later = make_version(2, {NAME: A, "watchlists/a.yaml": B}, changed=("watchlists/a.yaml",))
    known = known_place({NAME: A}, [later, make_version(1, {NAME: A})])
    assert {NAME: hash_of(A), "watchlists/a.yaml": ""} == known


@pytest.mark.parametrize(
    ("text", "base", "force", "expected"),
    [
        (B, A, A, Edit.APPLY),
        (B, None, None, Edit.APPLY),
        (A, A, A, Edit.UNCHANGED),
        (B, A, B, Edit.UNCHANGED),
        (B, A, C, Edit.CONFLICT),
        (B, None, A, Edit.CONFLICT),
    ],
)
def test_edit_wins_only_over_the_text_it_was_made_from(text, base, force, expected):
    assert expected is edit_wins(text, base=base, force=force)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("feeds", "feeds.yaml"),
        ("channels.yaml", "channels.yaml"),
        ("security", "watchlists/security.yaml"),
        ("watchlists/security", "watchlists/security.yaml"),
        ("watchlists/a b.yml", "watchlists/a b.yml"),
    ],
)
def test_file_of_takes_names_as_people_say_them(said, expected):
    assert expected == file_of(said)


@pytest.mark.parametrize(
    "said",
    ["", "../feeds", "watchlists/../../etc/x", "/etc/passwd", "watchlists/.x", "a/b/c", ".."],
)
def test_file_of_names_nothing_outside_the_configuration(said):
    with pytest.raises(UsageError):
        file_of(said)


def test_diff_of_shows_changed_files_only_and_says_which_is_which():
    (found,) = diff_of({NAME: A, "x": A}, {NAME: B, "x": A}, old="version 1", new="version 2")
    assert found.name == NAME
    assert str(found).splitlines() == [
        "--- feeds.yaml (version 1)",
        "+++ feeds.yaml (version 2)",
        "@@ -1 +1 @@",
        "-a",
        "+b",
    ]


def test_diff_of_tells_a_file_that_is_not_there_and_cuts_a_long_one():
    many = "".join(f"{n}\n" for n in range(2 * MOST_LINES)).encode()
    (found,) = diff_of({}, {NAME: many}, old="before", new="after")
    assert found.lines[0] == "--- feeds.yaml (before, not there)"
    assert found.lines[-1] == f"… and {MOST_LINES + 3} more lines"


def test_reading_version_is_another_for_other_people_or_watchlists_only():
    watchlists = Watchlists(version="w1")
    assert reading_version(watchlists, ()) == reading_version(watchlists, ())
    assert reading_version(watchlists, ()) != reading_version(watchlists, (Person(name="A"),))
    assert reading_version(watchlists, ()) != reading_version(Watchlists(version="w2"), ())
