"""The demo shows the main job on real input, offline."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

COMMAND = Path(sys.executable).with_name("nato-brief")
PAGES = Path(__file__).parents[2] / "seeds" / "pages"
NEAR_MISSES = ("Sudan", "alphabet", "strap", "Tarnwick")


@pytest.fixture(scope="module")
def busy():
    """Four processes that never rest: what the demo shows does not depend on the machine."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


@pytest.fixture(scope="module")
def shown(tmp_path_factory, busy):
    """What the demo prints beside the busy loops, and the page it writes."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [COMMAND, "demo", "--out", folder / "demo.html"],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout, (folder / "demo.html").read_text()


def blocks(text: str, label: str) -> list[str]:
    """The blocks of the printed demo that begin with a label."""
    parts = re.split(r"\n(?= [A-Z][A-Z ]+  )", text)
    return [part for part in parts if part.startswith(f" {label} ")]


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("topic", ["NATO spending", "Ukraine ceasefire"])
def test_demo_alerts_each_topic_with_a_quote_by_rutte_its_outlet_and_link(shown, topic):
    alerts = [b for b in blocks(shown[0], "ALERT") if topic in b.splitlines()[0]]
    quoted = [a for a in alerts if re.search(r"┃ “.+”\s+┃ Mark Rutte, .+ · \w+", a)]
    assert quoted
    assert all(re.search(r"https?://\S+\.html", alert) for alert in quoted)


def test_demo_shows_the_wire_story_once_with_three_outlets_and_one_origin(shown):
    text, page = shown
    # Whichever outlet's copy is read first leads the story.
    carriers = re.compile(r"/(defense-billions|defence-bills|europe-defense-billions)")
    assert len([block for block in blocks(text, "ALERT") if carriers.search(block)]) == 1
    assert "3 outlets, 1 origin" in text
    assert page.count("3 outlets, 1 origin") == 1


def test_demo_prints_a_digest_and_a_correction(shown):
    assert len(blocks(shown[0], "DIGEST")) == 1
    (corrected,) = blocks(shown[0], "UPDATED ALERT")
    assert "Headline corrected" in corrected


def test_demo_answers_the_question_with_rutte_on_article_5(shown):
    answer = shown[0].split("/nato-brief what did Rutte say about Article 5?")[1]
    first = answer.split("┃")
    assert "Article 5" in first[1]
    assert "Mark Rutte" in first[2]
    assert "The Meridian" in first[3]


@pytest.mark.parametrize("word", NEAR_MISSES)
def test_demo_leaves_the_near_misses_out(shown, word):
    assert not any(word in part for part in shown)


def test_demo_digest_has_key_quotes_word_for_word_with_their_speakers(shown):
    (digest,) = blocks(shown[0], "DIGEST")
    (article,) = re.findall(r"\S+/(harbour-post/\S+\.html)", digest.split("Already")[0])
    printed = (PAGES / article).read_text("utf-8")
    quotes = re.findall(r"┃ “(.+?)”\s+┃ (.+?) · The Harbour Post", digest)
    assert len(quotes) == 2
    assert {speaker for _, speaker in quotes} == {"Hetty Ollerenshaw"}
    assert all(text.strip(".") in printed for text, _ in quotes)


def test_demo_shows_plain_headlines_only(shown):
    assert not re.search(r"<[@!]|\*\w|`|@everyone", shown[0])
    assert "<script" not in shown[1]


def test_demo_page_leads_to_articles_that_are_there_when_the_demo_has_ended(shown):
    """One that was corrected leads to the article as it was in the end."""
    links = re.findall(r'href="(\S+?\.html)"', shown[1])
    articles = {url: Path(unquote(urlsplit(url).path)) for url in links}
    assert len(articles) >= 5
    assert all(url.startswith("file:///") and file.is_file() for url, file in articles.items())
    (finland,) = (file for file in articles.values() if file.stem == "finland-defense-goal")
    assert "at least 3% of GDP" in finland.read_text("utf-8")
