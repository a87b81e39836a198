"""The starter configuration: it loads, its topics flag what they should, its schemas are new."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.config import load, problems_of, schemas, warnings_of
from bot.core.matching import compile_topics
from tests.unit.core.matching.topics import match_plain

CONFIG = Path(__file__).parents[4] / "config"
RENEW = (
    'python -c "from pathlib import Path; from bot.core.config import schemas; '
    "[Path('config/schema', f'{kind}.json').write_text(text) for kind, text in schemas().items()]\""
)


@pytest.fixture(scope="module")
def shipped():
    return {
        str(path.relative_to(CONFIG)): path.read_bytes()
        for path in [*CONFIG.glob("*.yaml"), *CONFIG.glob("watchlists/*.yaml")]
    }


@pytest.fixture(scope="module")
def configuration(shipped):
    return load(shipped, check_examples=False)


@pytest.fixture(scope="module")
def compiled(configuration):
    return compile_topics(configuration.watchlists)


def test_shipped_configuration_has_no_problem(shipped):
    assert problems_of(shipped) == ()
    assert warnings_of(shipped) == ()


def test_shipped_configuration_is_usable_from_day_one(configuration):
    assert [topic.name for topic in configuration.watchlists.topics] == [
        "NATO spending",
        "NATO enlargement",
        "Nuclear deterrence",
        "Ukraine ceasefire",
        "Arms for Ukraine",
        "Sanctions on Russia",
    ]
    assert len(configuration.feeds) >= 20
    assert len(configuration.people) >= 36
    assert all(configuration.channels[0].takes(t.name) for t in configuration.watchlists.topics)


def test_shipped_examples_show_both_sides(configuration):
    for topic in configuration.watchlists.topics:
        assert len(topic.match_examples) >= 3
        assert len(topic.skip_examples) >= 3


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "Rutte: allies must pay",
            "NATO's secretary general said members must raise defence budgets to 5% of GDP.",
            ["NATO spending"],
        ),
        (
            "Kyiv accepts truce",
            "Ukraine agreed to a 30-day ceasefire. Russia has not answered Kyiv.",
            ["Ukraine ceasefire"],
        ),
        (
            "Helsinki hands over its papers",
            "Finland became the newest member of NATO on Tuesday. Its flag was raised in Brussels.",
            ["NATO enlargement"],
        ),
        (
            "Minsk says the missiles have come",
            "Belarus has received Russia's first tactical nuclear weapons, its president said.",
            ["Nuclear deterrence"],
        ),
        (
            "Berlin gives way on tanks",
            "Germany will deliver 14 Leopard tanks to Ukraine. Kyiv had asked for months.",
            ["Arms for Ukraine"],
        ),
        (
            "Price cap leaks",
            "Tankers carry Russian oil past the price cap of the G7, a study says.",
            ["Sanctions on Russia"],
        ),
    ],
    ids=["spending", "ceasefire", "enlargement", "nuclear", "arms", "sanctions"],
)
def test_shipped_topics_flag_their_subject(compiled, title, text, expected):
    assert expected == [match.topic for match in match_plain(compiled, title, text)]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Gaza truce holds", "A ceasefire in Gaza held. Ukraine and Russia welcomed it."),
        ("Fighting in Sudan", "Sudan's army refused a truce. Ukraine sent grain."),
        ("Clubs form an alliance", "The football alliance spends 2 billion euros on defence."),
        ("Alfa, Bravo, Charlie", "Crews learn the NATO phonetic alphabet."),
        ("Best bands of the year", "A NATO watch strap costs less than 20 euros."),
        ("Tokyo's record budget", "Japan's cabinet approved its largest defence budget yet."),
        ("Pyongyang fires again", "North Korea says it can carry nuclear warheads to any city."),
        ("Talks with Tehran", "Iran may enrich uranium; Europe fears an Iranian nuclear weapon."),
        ("Reactor stops", "Ukraine's largest nuclear power plant was cut off from the grid."),
        ("Chisinau applies", "Moldova and Ukraine applied for membership of the European Union."),
        ("Summit ends", "NATO's leaders met in Helsinki and spoke about China."),
        ("Night of sirens", "Russia fired 40 missiles at Ukraine. Air defences over Kyiv shot."),
        ("Bread for Kherson", "The UN sent food to Ukraine. Kyiv thanked the donors for it."),
        ("Israel buys shells", "Washington approved a weapons package for Israel."),
        ("Damascus is relieved", "The United States lifted its sanctions on Syria."),
        ("Fan bans", "The league sanctioned a club; its Russian striker was not there."),
        ("Oil up", "Oil rose after a hurricane. Russia and Saudi Arabia keep their output."),
        ("Round of 16", "The round-of-16 draw sends Ukraine's club to Madrid, Kyiv's to Rome."),
    ],
)  # fmt: skip
def test_shipped_topics_leave_near_misses_alone(compiled, title, text):
    assert [match.topic for match in match_plain(compiled, title, text)] == []


def test_shipped_topics_do_not_flag_what_they_were_not_shown(compiled):
    weather = "Rain fell on the coast. The ferry was late.\n" * 20
    assert match_plain(compiled, "Weather", weather) == ()


@pytest.mark.parametrize("kind", ["feeds", "channels", "people", "watchlist"])
def test_schema_is_up_to_date(kind):
    assert (CONFIG / "schema" / f"{kind}.json").read_text() == schemas()[kind], RENEW


def test_files_name_their_schema(shipped):
    for name, content in shipped.items():
        first = content.decode().splitlines()[0]
        prefix, _, schema = first.partition("$schema=")
        assert prefix == "# yaml-language-server: "
        assert (CONFIG / name).parent.joinpath(schema).is_file()
