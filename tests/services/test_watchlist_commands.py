"""``watchlist`` and ``backtest`` as commands, on a real server."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.adapters.clock import Clock
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.connect import connect
from bot.bootstrap.settings import Settings
from bot.domain.errors import UsageError
from bot.domain.secrets import Secret
from handlers.cli import watchlist as commands
from handlers.cli.backtest import backtest
from tests.builders import make_article
from tests.services.configuring import House, rest, watchlist

LIST = "watchlists/security"


@pytest.fixture
def settings(server, tag, keys, tmp_path):
    """A deployment in which version 1 came from files and version 2 from a form."""
    clock = Clock()

    async def prepare():
        redis = await connect(server)
        house = House(redis, keys, clock, tmp_path)
        folder = house.input()
        await folder.begin()
        await rest(folder)
        await house.admin.edit(LIST, watchlist("arms"), author="slack:T1/@UADA", base=1)
        articles = RedisArticleLog(redis, keys, clock)
        for name in ("arms", "missiles"):
            now = clock.now()
            await articles.load(
                make_article(id=name, text=f"They sent {name}.", published=now, first_seen=now)
            )
        await redis.aclose()

    asyncio.run(prepare())
    return Settings(
        config_dir=tmp_path / "one",
        data_dir=tmp_path / "data",
        redis_url=Secret(server),
        tag=tag.strip("{}"),
    )


def test_history_lists_who_changed_what(settings, capsys):
    commands.history(settings, as_json=True)
    newest, oldest = json.loads(capsys.readouterr().out)
    assert (newest["version"], newest["author"], newest["origin"], newest["changed"]) == (
        2,
        "slack:T1/@UADA",
        "chat",
        [f"{LIST}.yaml"],
    )
    assert (oldest["version"], oldest["origin"], oldest["base"]) == (1, "file", 0)
    commands.history(settings, as_json=False)
    assert "2 (in force)" in capsys.readouterr().out


def test_diff_shows_drift_and_versions(settings, capsys):
    commands.diff(settings, None, None, as_json=False)
    drift = capsys.readouterr().out
    assert f"--- {LIST}.yaml (this folder)" in drift
    assert '+    any: ["arms"]' in drift
    commands.diff(settings, 1, None, as_json=True)
    (file,) = json.loads(capsys.readouterr().out)
    assert '-    any: ["defence spending"]' in file["lines"]
    commands.diff(settings, 2, 2, as_json=False)
    assert capsys.readouterr().out == "no difference\n"


def test_pull_writes_what_is_in_force(settings, capsys):
    commands.pull(settings)
    assert capsys.readouterr().out == f"{LIST}.yaml: written\n"
    assert (settings.config_dir / f"{LIST}.yaml").read_text() == watchlist("arms")
    commands.pull(settings)
    assert capsys.readouterr().out.endswith("holds what is in force already\n")


def test_rollback_makes_a_new_version(settings, capsys):
    commands.rollback(settings, 1, None, as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "status": "applied",
        "version": 3,
        "changed": [f"{LIST}.yaml"],
    }
    commands.rollback(settings, 1, "security", as_json=False)
    assert capsys.readouterr().out == "Version 3, in force, holds the same already.\n"
    with pytest.raises(UsageError, match="not stored"):
        commands.rollback(settings, 9, None, as_json=False)


@pytest.mark.slow
def test_backtest_prints_a_table_and_json(settings, capsys, tmp_path):
    file = tmp_path / "security.yaml"
    file.write_text(watchlist("arms", "missiles"))
    backtest(settings, file, since="1d", show=5, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert (found["articles"], found["topics"]) == (
        2,
        [{"topic": "Spending", "before": 1, "after": 2}],
    )
    (gained,) = found["gained"]
    assert (gained["id"], gained["evidence"][0]["text"]) == ("missiles", "missiles")
    backtest(settings, file, since="1d", show=5, as_json=False)
    shown = capsys.readouterr().out
    assert "2 articles" in shown
    assert 'missiles: "missiles" in the text' in shown
