"""admin and the folder: who wins between file and form, each case through the services."""

from __future__ import annotations

import pytest

from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.streams import record
from bot.adapters.redis.versions import RedisVersions
from bot.domain.channels import CONSOLE, Destination
from bot.domain.errors import ConfigError, UsageError
from bot.domain.posts import BriefKind, PostKind
from bot.domain.versions import ConfigurationChanged, EditStatus, Origin, Sight
from bot.services.admin import Admin
from bot.services.current import Current
from tests.services.configuring import BAD, FEEDS, PEOPLE, House, check, rest, watchlist

LIST = "watchlists/security"
OLD, NEW, OTHER = (watchlist(phrase) for phrase in ("defence spending", "arms", "missiles"))
ADA = "slack:T1/@UADA"


@pytest.fixture
def house(redis, keys, clock, tmp_path):
    return House(redis, keys, clock, tmp_path)


@pytest.fixture
async def folder(house):
    """A folder whose files are version 1."""
    folder = house.input()
    await folder.begin()
    await rest(folder)
    return folder


@pytest.fixture
def file(house):
    return house.path() / f"{LIST}.yaml"


@pytest.fixture
def read_only(monkeypatch):
    """A folder nobody may write to; permissions do not stop root."""

    def refuse(*_args, **_kwargs):
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)


async def test_folder_becomes_the_first_version(house, folder):
    (version,) = await house.admin.history()
    assert (version.number, version.base, version.origin) == (1, 0, Origin.FILE)
    assert version.changed == ("feeds.yaml", f"{LIST}.yaml")
    assert version.author.endswith(str(house.path()))
    assert await house.text("feeds") == FEEDS


async def test_folder_with_problems_starts_nothing(house):
    (house.path() / "feeds.yaml").write_text(BAD)
    with pytest.raises(ConfigError):
        await house.input().begin()
    assert await house.versions.number() == 0


async def test_file_edit_is_applied(house, folder, file):
    file.write_text(NEW)
    await rest(folder)
    assert await house.text(LIST) == NEW
    assert house.told.posts == []


async def test_file_being_written_is_left_to_rest(house, folder, file):
    file.write_text("format: 1\n")
    assert await folder.look() is False
    file.write_text(NEW)
    assert await folder.look() is False
    assert await folder.look() is True
    assert await house.text(LIST) == NEW


async def test_form_edit_is_written_back(house, folder, file):
    edited = await house.admin.edit(LIST, NEW, author=ADA, base=1)
    assert (edited.status, edited.version) == (EditStatus.APPLIED, 2)
    await rest(folder)
    assert file.read_text() == NEW
    assert await house.versions.number() == 2


async def test_form_makes_a_new_file(house, folder):
    text = watchlist("sanctions", topic="Sanctions")
    assert (await house.admin.edit("sanctions", text, author=ADA, base=1)).version == 2
    await rest(folder)
    assert (house.path() / "watchlists/sanctions.yaml").read_text() == text


async def test_before_the_first_start_there_is_nothing_to_differ_from(house):
    folder = house.input()
    for asked in (folder.drift, folder.pull):
        with pytest.raises(UsageError, match="no version yet: the first start of the bot"):
            await asked()


async def test_restart_undoes_nothing(house, folder, file, read_only):
    await house.admin.edit(LIST, NEW, author=ADA, base=1)
    await rest(folder)
    assert file.read_text() == OLD
    again = house.input()
    await again.begin()
    await rest(again)
    assert await house.text(LIST) == NEW
    (difference,) = await again.drift()
    assert '-    any: ["defence spending"]' in difference.lines
    assert '+    any: ["arms"]' in difference.lines


async def test_edit_made_while_nothing_ran_is_applied_at_the_start(house, folder, file):
    file.write_text(NEW)
    await house.input().begin()
    assert await house.text(LIST) == NEW


async def test_both_changed_is_refused_and_both_are_told(house, folder, file):
    await house.admin.edit(LIST, NEW, author=ADA, base=1)
    file.write_text(OTHER)
    await rest(folder)
    assert await house.text(LIST) == NEW
    assert file.read_text() == OTHER
    assert [post.key.destination for post in house.told.posts] == [
        CONSOLE,
        Destination.parse(ADA),
    ]
    notice = house.told.posts[0]
    assert (notice.key.kind, notice.brief.kind) == (PostKind.NOTICE, BriefKind.NOTICE)
    assert '-    any: ["arms"]' in notice.brief.notes
    assert '+    any: ["missiles"]' in notice.brief.notes


async def test_refusal_is_told_once_over_restarts(house, folder, file):
    await house.admin.edit(LIST, NEW, author=ADA, base=1)
    file.write_text(OTHER)
    await rest(folder)
    again = house.input()
    await again.begin()
    await rest(again)
    assert len(house.told.posts) == 2


async def test_conflict_ends_with_pull_which_keeps_the_files_text(house, folder, file):
    await house.admin.edit(LIST, NEW, author=ADA, base=1)
    file.write_text(OTHER)
    await rest(folder)
    ((name, said),) = await folder.pull()
    assert name == f"{LIST}.yaml"
    assert said.startswith("written; your text is in")
    assert file.read_text() == NEW
    assert file.with_name("security.yaml.mine-1").read_text() == OTHER
    await rest(folder)
    assert house.told.posts[-1].brief.headline.endswith("the problems are gone")


async def test_conflict_ends_with_rollback_then_the_file_wins(house, folder, file):
    await house.admin.edit(LIST, NEW, author=ADA, base=1)
    file.write_text(OTHER)
    await rest(folder)
    assert (await house.admin.rollback(1, author=ADA)).version == 3
    await rest(folder)
    assert await house.text(LIST) == OTHER


async def test_same_edit_on_both_sides_is_no_conflict(house, folder, file):
    await house.admin.edit(LIST, NEW, author=ADA, base=1)
    file.write_text(NEW)
    await rest(folder)
    assert await house.versions.number() == 2
    assert house.told.posts == []


async def test_file_and_form_changing_different_files_both_win(house, folder, file):
    await house.admin.edit("people", PEOPLE, author=ADA, base=1)
    file.write_text(NEW)
    await rest(folder)
    assert (await house.text("people"), await house.text(LIST)) == (PEOPLE, NEW)
    assert (house.path() / "people.yaml").read_text() == PEOPLE


async def test_bad_file_leaves_the_last_good_version_and_is_told_once(house, folder):
    feeds = house.path() / "feeds.yaml"
    feeds.write_text(BAD)
    await rest(folder)
    assert await house.text("feeds") == FEEDS
    (notice,) = house.told.posts
    assert any(note.startswith("feeds.yaml:2:8: ") for note in notice.brief.notes)
    again = house.input()
    await again.begin()
    await rest(again)
    assert len(house.told.posts) == 1
    feeds.write_text(FEEDS)
    await rest(again)
    assert house.told.posts[-1].brief.headline.endswith("the problems are gone")
    assert house.told.posts[-1].key == notice.key
    assert await house.versions.number() == 1


async def test_bad_form_edit_changes_nothing_and_says_where(house, folder):
    edited = await house.admin.edit("feeds", BAD, author=ADA, base=1)
    assert (edited.status, edited.version) == (EditStatus.INVALID, 1)
    assert (edited.problems[0].file, edited.problems[0].line) == ("feeds.yaml", 2)
    assert await house.text("feeds") == FEEDS


async def test_deleted_feeds_are_told_and_nothing_changes(house, folder):
    (house.path() / "feeds.yaml").unlink()
    await rest(folder)
    assert await house.text("feeds") == FEEDS
    assert "no feeds.yaml" in house.told.posts[0].brief.notes[0]


async def test_deleted_watchlist_is_taken_off(house, folder, file):
    file.unlink()
    await rest(folder)
    assert list(await house.admin.files(2)) == ["feeds.yaml"]


async def test_older_form_is_refused_with_what_the_others_changed(house, folder, file):
    file.write_text(NEW)
    await rest(folder)
    edited = await house.admin.edit(LIST, OTHER, author=ADA, base=1)
    assert edited.status is EditStatus.CONFLICT
    assert '+    any: ["arms"]' in edited.diff[0].lines
    assert await house.text(LIST) == NEW


async def test_form_may_be_older_than_changes_of_other_files(house, folder):
    await house.admin.edit("people", PEOPLE, author=ADA, base=1)
    assert (await house.admin.edit(LIST, NEW, author=ADA, base=1)).version == 3
    assert await house.text("people") == PEOPLE


async def test_form_that_says_what_is_in_force_makes_no_version(house, folder):
    edited = await house.admin.edit(LIST, OLD, author=ADA, base=1)
    assert (edited.status, edited.version) == (EditStatus.UNCHANGED, 1)


async def test_form_names_no_file_outside(house, folder):
    with pytest.raises(UsageError):
        await house.admin.edit("../../etc/cron", NEW, author=ADA, base=1)


async def test_publishing_between_is_seen_and_tried_again(house, folder):
    class Raced(RedisVersions):
        raced = False

        async def publish(self, version, files):
            if not self.raced:
                self.raced = True
                await house.admin.edit("people", PEOPLE, author="slack:T1/@UBOB", base=1)
            return await super().publish(version, files)

    raced = Raced(house.versions._redis, house.versions._keys, house.clock)
    admin = Admin(versions=raced, check=check, clock=house.clock.now)
    edited = await admin.edit(LIST, NEW, author=ADA, base=1)
    assert (edited.status, edited.version) == (EditStatus.APPLIED, 3)
    assert (await house.text(LIST), await house.text("people")) == (NEW, PEOPLE)


async def test_rollback_brings_an_older_version_back_as_a_new_one(house, folder, file):
    for text in (NEW, OTHER):
        file.write_text(text)
        await rest(folder)
    rolled = await house.admin.rollback(1, author=ADA)
    assert (rolled.status, rolled.version) == (EditStatus.APPLIED, 4)
    assert (await house.admin.history())[0].origin is Origin.ROLLBACK
    await rest(folder)
    assert file.read_text() == OLD
    assert (await house.admin.rollback(1, author=ADA)).status is EditStatus.UNCHANGED


async def test_rollback_of_one_file_leaves_the_others(house, folder):
    await house.admin.edit("people", PEOPLE, author=ADA, base=1)
    await house.admin.edit(LIST, NEW, author=ADA, base=2)
    assert (await house.admin.rollback(1, author=ADA, kind="people")).version == 4
    assert (await house.text("people"), await house.text(LIST)) == ("", NEW)


async def test_rollback_to_what_is_not_stored_is_told(house, folder):
    with pytest.raises(UsageError, match="not stored"):
        await house.admin.rollback(7, author=ADA)


async def test_second_host_with_an_old_copy_undoes_nothing(house, folder, file):
    house.path("two")
    file.write_text(NEW)
    await rest(folder)
    other = house.input("two")
    await other.begin()
    await rest(other)
    assert await house.text(LIST) == NEW
    assert (house.path("two") / f"{LIST}.yaml").read_text() == NEW


async def test_second_host_with_new_files_is_a_deployment(house, folder):
    (house.path("two") / f"{LIST}.yaml").write_text(NEW)
    await house.input("two").begin()
    assert await house.text(LIST) == NEW


async def test_starter_files_of_another_host_are_no_input(house, folder):
    (house.path("two") / f"{LIST}.yaml").write_text(NEW)
    await house.input("two", shipped=True).begin()
    assert await house.text(LIST) == OLD


async def test_history_is_bounded_and_the_newest_first(redis, keys, clock, house, folder):
    house.versions = RedisVersions(redis, keys, clock, kept=3)
    house.admin = Admin(versions=house.versions, check=check, clock=clock.now)
    for base, text in enumerate((NEW, OTHER, OLD, NEW), start=1):
        await house.admin.edit(LIST, text, author=ADA, base=base)
    assert [version.number for version in await house.admin.history()] == [5, 4, 3]
    with pytest.raises(UsageError):
        await house.admin.files(2)


async def test_version_tells_the_desk_where_it_begins(redis, keys, clock, house, folder):
    ((position, fields),) = await redis.xrange(keys.stream("articles"))
    assert record(position.decode(), fields) == ConfigurationChanged(version=1)
    articles = RedisArticleLog(redis, keys, clock)
    assert await articles.tail({}, limit=5) == ({"articles": position.decode()}, ())


async def test_sight_is_remembered_by_place(house):
    assert await house.versions.sight("a:/x") is None
    sight = Sight(agreed=(("feeds.yaml", "12"),), told="x")
    await house.versions.remember("a:/x", sight)
    assert await house.versions.sight("a:/x") == sight


async def test_current_follows_versions_and_keeps_older_ones_for_the_desk(house, folder, file):
    current = Current((await loaded(house)), versions=house.versions)
    heard = []

    async def listen():
        heard.append(current.number)

    current.on_change(listen)
    assert await current.refresh() is True
    first = current.config
    assert await current.refresh() is False
    await house.admin.edit(LIST, NEW, author=ADA, base=1)
    assert await current.refresh() is True
    assert heard == [1, 2]
    assert first.watchlists.version != current.config.watchlists.version
    assert await current.at(1) == (1, first)
    assert await current.at(0) == (2, current.config)
    assert (await house.admin.history())[0].watchlists == current.config.watchlists.version


async def test_current_keeps_the_last_good_version_when_it_cannot_read_the_new(house, folder):
    current = Current(await loaded(house), versions=house.versions)
    await current.refresh()

    async def anything(_files):
        return ()

    careless = Admin(versions=house.versions, check=anything, clock=house.clock.now)
    await careless.edit("feeds", BAD, author=ADA, base=1)
    assert await current.refresh() is False
    assert current.number == 1


async def loaded(house):
    from bot.core.config import load

    return load(await house.admin.files(1))
