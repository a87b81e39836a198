"""Settings come from options and the environment, and are told apart from nonsense."""

from __future__ import annotations

import logging
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.bootstrap.environment import environment
from bot.bootstrap.settings import settings_from, shipped
from bot.domain.errors import UsageError
from bot.domain.secrets import Secret


def test_nothing_set_listens_on_loopback_with_an_embedded_server(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = settings_from({})
    assert (settings.host, settings.port, settings.redis_url) == ("127.0.0.1", 8080, None)
    assert settings.shipped
    assert settings.data_dir == Path("~/.local/share/nato-brief").expanduser()


def test_a_config_folder_here_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").touch()
    assert settings_from({}).config_dir == Path("config")


def test_an_option_wins_over_a_variable():
    given = {"NATO_BRIEF_CONFIG": "/a", "NATO_BRIEF_DATA_DIR": "/b"}
    settings = settings_from(given, config=Path("/c"))
    assert (settings.config_dir, settings.data_dir) == (Path("/c"), Path("/b"))


@pytest.fixture
def homeless(monkeypatch):
    """A user without a home or a name, as containers have."""

    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)


@pytest.mark.usefixtures("homeless")
def test_without_a_home_data_goes_where_services_keep_theirs():
    assert settings_from({}).data_dir == Path("/var/lib/nato-brief")


@pytest.mark.usefixtures("homeless")
@pytest.mark.parametrize("name", ["NATO_BRIEF_CONFIG", "NATO_BRIEF_DATA_DIR"])
def test_a_folder_in_a_home_that_is_not_known_is_said_with_the_fix(name):
    with pytest.raises(UsageError, match=f"{name} is ~/desk, .*write /"):
        settings_from({name: "~/desk"})


def test_a_password_shows_nowhere():
    settings = settings_from({"REDIS_URL": "redis://:hunter2@db/0"})
    assert "hunter2" not in f"{settings} {settings!r} {settings.redis_url}"
    assert settings.redis_url == Secret("redis://:hunter2@db/0")


def test_networks_and_counts_are_read():
    settings = settings_from(
        {"NATO_BRIEF_ALLOW_NETWORKS": "10.1.0.0/16, fd00::/8", "NATO_BRIEF_READERS": "4"}
    )
    assert settings.allow == (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert settings.readers == 4


@pytest.mark.parametrize(
    ("text", "megabytes"), [("64mb", 64), ("512 MB", 512), ("2gb", 2048), ("1GiB", 1024)]
)
def test_memory_is_read_with_its_unit(text, megabytes):
    assert settings_from({}).memory is None
    assert settings_from({"NATO_BRIEF_MEMORY": text}).memory == megabytes * 1024**2


def test_a_quote_model_is_named_by_package_or_folder():
    assert settings_from({}).quote_model is None
    assert settings_from({"NATO_BRIEF_QUOTE_MODEL": " en_model "}).quote_model == "en_model"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NATO_BRIEF_LISTEN", "8080"),
        ("NATO_BRIEF_LISTEN", "localhost:http"),
        ("NATO_BRIEF_READERS", "many"),
        ("NATO_BRIEF_MEMORY", "512"),
        ("NATO_BRIEF_MEMORY", "63mb"),
        ("NATO_BRIEF_MEMORY", "a lot"),
        ("NATO_BRIEF_PARSERS", "0"),
        ("NATO_BRIEF_ALLOW_NETWORKS", "10.1.0.0/40"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named_with_the_fix(name, value):
    with pytest.raises(UsageError, match=f"{name}.*write"):
        settings_from({name: value})


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("NATO_BRIEF_TAG=file\nNATO_BRIEF_READERS=3\n")
    monkeypatch.setenv("NATO_BRIEF_TAG", "real")
    found = environment(tmp_path)
    assert (found["NATO_BRIEF_TAG"], found["NATO_BRIEF_READERS"]) == ("real", "3")


def test_the_file_beside_the_configuration_is_read_and_wins_over_the_one_here(
    tmp_path, monkeypatch
):
    (tmp_path / "my-desk").mkdir()
    (tmp_path / "my-desk" / ".env").write_text("NATO_BRIEF_TAG=beside\n")
    (tmp_path / ".env").write_text("NATO_BRIEF_TAG=here\nNATO_BRIEF_READERS=3\n")
    monkeypatch.chdir(tmp_path)
    for found in (environment(Path("my-desk")), environment_with_variable(monkeypatch)):
        assert (found["NATO_BRIEF_TAG"], found["NATO_BRIEF_READERS"]) == ("beside", "3")
    monkeypatch.delenv("NATO_BRIEF_CONFIG")
    assert environment()["NATO_BRIEF_TAG"] == "here"


def environment_with_variable(monkeypatch):
    monkeypatch.setenv("NATO_BRIEF_CONFIG", "my-desk")
    return environment()


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=f"{tmp_path}/.env is not UTF-8"):
        environment(tmp_path)


@pytest.mark.parametrize("text", ["debug", "WARNING"])
def test_how_much_is_logged_is_a_setting(text):
    assert settings_from({"NATO_BRIEF_LOG_LEVEL": text}).log_level == getattr(logging, text.upper())


@pytest.mark.parametrize("name", ["config", "seeds"])
def test_shipped_folders_are_there(name):
    assert shipped(name).is_dir()
