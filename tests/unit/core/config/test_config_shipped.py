"""The starter configuration: it loads, its topics flag what they should, its schemas are new."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.config import load, problems_of, schemas
from bot.core.matching import compile_topics

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


def test_shipped_configuration_is_usable_from_day_one(configuration):
    assert [topic.name for topic in configuration.watchlists.topics] == [
        "NATO spending",
        "Ukraine ceasefire",
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
        ("Gaza truce holds", "A ceasefire in Gaza held. Ukraine and Russia welcomed it.", []),
        ("Fighting in Sudan", "Sudan's army refused a truce. Ukraine sent grain.", []),
        ("Clubs form an alliance", "The football alliance spends 2 billion euros on defence.", []),
        ("Alfa, Bravo, Charlie", "Crews learn the NATO phonetic alphabet.", []),
        ("Best bands of the year", "A NATO watch strap costs less than 20 euros.", []),
    ],
    ids=["spending", "ceasefire", "Gaza", "Sudan", "sport", "alphabet", "strap"],
)
def test_shipped_topics_flag_their_subject_only(compiled, title, text, expected):
    assert expected == [match.topic for match in compiled.match_plain(title, text)]


@pytest.mark.parametrize("kind", ["feeds", "channels", "people", "watchlist"])
def test_schema_is_up_to_date(kind):
    assert (CONFIG / "schema" / f"{kind}.json").read_text() == schemas()[kind], RENEW


def test_files_name_their_schema(shipped):
    for name, content in shipped.items():
        first = content.decode().splitlines()[0]
        prefix, _, schema = first.partition("$schema=")
        assert prefix == "# yaml-language-server: "
        assert (CONFIG / name).parent.joinpath(schema).is_file()
