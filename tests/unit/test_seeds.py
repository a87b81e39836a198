"""The seeds hold what their README promises, and put no word into a real person's mouth."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from tests.hostile import TITLE

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
STAGES = ("before", "after", "later")
FEEDS = sorted(
    path.relative_to(SEEDS).as_posix() for s in STAGES for path in SEEDS.glob(f"{s}/*.*")
)
PAGES = sorted(path.relative_to(SEEDS).as_posix() for path in SEEDS.rglob("*.html"))

ATOM = "{http://www.w3.org/2005/Atom}"
RSS1 = "{http://purl.org/rss/1.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"

WIRE = (
    "continental-wire/defense-billions-five-percent",
    "harbour-post/defence-bills-soar",
    "capital-ledger/europe-defense-billions",
)
NEAR_MISSES = (
    "continental-wire/sudan-ceasefire-hopes",
    "weekend-almanac/northern-alliance-back-four",
    "weekend-almanac/alfa-bravo-charlie",
    "weekend-almanac/the-nato-strap-again",
)
REAL = (
    "Rutte Rubio Trump Putin Zelensk Sybiha Kallas Dmitriev Macron Starmer Reeves Robertson Orpo "
    "Merz Radakin Burkhard Burhan Yoon Lee Han Vinay Orban Netanyahu Duterte"
).split()
INVENTED = (
    "Vanterpool Rannapuu Ollerenshaw Hietakorpi Quillfeather Brackenbury Castellane Birtwhistle "
    "Marrowby Penhallock"
).split()

DOUBLE = re.compile(r"“([^“”]*)”")
#: A single closing mark is an apostrophe when a letter follows.
SINGLE = re.compile(r"‘((?:[^‘’]|’(?=\w))*)’(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of one feed, whatever its format."""

    id: str
    url: str
    title: str
    published: datetime
    html: str

    @property
    def page(self) -> str:
        return urlsplit(self.url).path.strip("/").removesuffix(".html")


class Blocks(HTMLParser):
    """Gathers the text of each block element, and of the paragraphs apart; scripts left out."""

    def __init__(self) -> None:
        super().__init__()
        self.in_script = False
        self.blocks: list[str] = [""]
        self.paragraphs: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.in_script = tag == "script"
        if tag in {"p", "h1", "h2", "h3", "h4", "li", "div", "title", "a", "td"}:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False
        if tag == "p":
            self.paragraphs.append(self.blocks[-1])
        if tag in {"p", "h1", "h2", "h3", "h4", "li", "div", "title", "td"}:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self.in_script:
            self.blocks[-1] += data


def blocks(html: str) -> Blocks:
    parser = Blocks()
    parser.feed(html)
    parser.close()
    return parser


@cache
def items(name: str) -> tuple[Item, ...]:
    body = (SEEDS / name).read_bytes()
    if name.endswith(".json"):
        return tuple(_json_item(one) for one in json.loads(body)["items"])
    root = ET.fromstring(body)
    if root.tag == "rss":
        return tuple(_rss_item(one) for one in root.iter("item"))
    if root.tag.endswith("RDF"):
        return tuple(_rdf_item(one) for one in root.iter(f"{RSS1}item"))
    base = root.get(XML_BASE, "")
    return tuple(_atom_item(one, base) for one in root.iter(f"{ATOM}entry"))


def _json_item(one: dict[str, str]) -> Item:
    return Item(
        id=one["id"],
        url=one["url"],
        title=one["title"],
        published=datetime.fromisoformat(one["date_published"]),
        html=f"<p>{one['summary']}</p>{one['content_html']}",
    )


def _rss_item(one: ET.Element) -> Item:
    url = one.findtext("link", "")
    return Item(
        id=one.findtext("guid", url),
        url=url,
        title=unescape(one.findtext("title", "")),
        published=parsedate_to_datetime(one.findtext("pubDate", "")),
        html=f"<p>{one.findtext('description')}</p>{one.findtext(CONTENT, '')}",
    )


def _rdf_item(one: ET.Element) -> Item:
    return Item(
        id=next(iter(one.attrib.values())),
        url=one.findtext(f"{RSS1}link", ""),
        title=one.findtext(f"{RSS1}title", ""),
        published=datetime.fromisoformat(one.findtext(f"{DC}date", "")),
        html=f"<p>{one.findtext(f'{RSS1}description')}</p>",
    )


def _atom_item(one: ET.Element, base: str) -> Item:
    link, content = one.find(f"{ATOM}link"), one.find(f"{ATOM}content")
    assert link is not None
    updated = one.findtext(f"{ATOM}updated", "")
    body = "" if content is None else ET.tostring(content, encoding="unicode", method="html")
    return Item(
        id=one.findtext(f"{ATOM}id", ""),
        url=urljoin(base, link.get("href", "")),
        title=unescape(one.findtext(f"{ATOM}title", "")),
        published=datetime.fromisoformat(one.findtext(f"{ATOM}published", updated)),
        html=f"<p>{one.findtext(f'{ATOM}summary')}</p>{body.replace('html:', '')}",
    )


@cache
def page(name: str) -> Blocks:
    return blocks((SEEDS / name).read_text(encoding="utf-8"))


@cache
def prose(name: str) -> tuple[str, ...]:
    """Every title and block of text in one file."""
    if name.endswith(".html"):
        return tuple(block for block in page(name).blocks if block.strip())
    found: list[str] = []
    for item in items(name):
        found += [item.title, *(block for block in blocks(item.html).blocks if block.strip())]
    return tuple(found)


@cache
def allowed() -> tuple[tuple[str, str], ...]:
    """Surname and quote, for each line of the list."""
    lines = (ROOT / "tests" / "data" / "seed_quotes.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line)
    return tuple((speaker.split()[-1], quote) for speaker, quote in pairs)


def speakers_allow(passage: str, around: str) -> bool:
    """Whether somebody named around the passage said it, or is nobody."""
    if any(
        surname in around and passage.strip().rstrip(".,") in quote for surname, quote in allowed()
    ):
        return True
    return any(name in around for name in INVENTED) and not any(
        re.search(rf"\b{name}", around) for name in REAL
    )


def shingles(name: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(page(f"pages/{name}.html").paragraphs).lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def by_id(name: str) -> dict[str, Item]:
    return {item.id: item for item in items(name)}


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("continental-wire.xml", "rss"),
        ("harbour-post.xml", "rss"),
        ("the-meridian.xml", f"{ATOM}feed"),
        ("baltic-courier.xml", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"),
        ("weekend-almanac.xml", f"{ATOM}feed"),
    ],
)
@pytest.mark.parametrize("stage", ["before", "after"])
def test_seeds_xml_feed_is_well_formed_and_of_its_format(stage, name, root):
    assert root == ET.fromstring((SEEDS / stage / name).read_bytes()).tag


@pytest.mark.parametrize("name", [name for name in FEEDS if name.endswith(".json")])
def test_seeds_json_feed_has_what_version_1_1_requires(name):
    feed = json.loads((SEEDS / name).read_bytes())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert all(isinstance(item["id"], str) and item["content_html"] for item in feed["items"])


def test_seeds_one_feed_is_in_an_old_encoding_and_needs_it():
    body = (SEEDS / "after" / "harbour-post.xml").read_bytes()
    assert b'encoding="windows-1252"' in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_seeds_hold_at_least_twelve_stories_of_at_least_five_outlets():
    pages = {item.page for name in FEEDS for item in items(name)}
    stories = pages - set(WIRE[1:])
    assert len(stories) >= 12
    assert len({story.split("/")[0] for story in stories}) >= 5
    assert set(NEAR_MISSES) < stories


@pytest.mark.parametrize("name", FEEDS)
def test_seeds_item_has_a_page_and_its_own_identity(name):
    listed = items(name)
    assert all((SEEDS / "pages" / f"{item.page}.html").is_file() for item in listed)
    assert len(listed) == len({item.id for item in listed}) == len({item.url for item in listed})


@pytest.mark.parametrize("name", PAGES)
def test_seeds_page_reads_as_a_whole_article(name):
    words = sum(len(paragraph.split()) for paragraph in page(name).paragraphs)
    assert 250 <= words <= 480


@pytest.mark.parametrize("name", sorted({Path(name).name for name in FEEDS}))
def test_seeds_after_adds_items_and_keeps_those_before(name):
    before, after = by_id(f"before/{name}"), by_id(f"after/{name}")
    assert before
    assert before.items() < after.items()


def test_seeds_news_is_published_on_friday_afternoon_and_the_rest_before():
    noon = datetime(2025, 4, 4, 12, tzinfo=UTC)
    five_in_brussels = datetime(2025, 4, 4, 15, tzinfo=UTC)
    old = {item.page for name in FEEDS if name.startswith("before/") for item in items(name)}
    for name in FEEDS:
        for item in items(name):
            new = item.page not in old
            assert new == (noon < item.published.astimezone(UTC) < five_in_brussels), item.page
            assert item.published >= datetime(2025, 4, 2, tzinfo=UTC)


def test_seeds_later_edits_one_headline_and_number_and_nothing_else():
    assert [name for name in FEEDS if name.startswith("later/")] == ["later/capital-ledger.json"]
    after, later = by_id("after/capital-ledger.json"), by_id("later/capital-ledger.json")
    changed = [key for key in after if after[key] != later[key]]
    assert after.keys() == later.keys()
    assert changed == ["cl-finland-defense-goal"]
    assert "3.5%" in after[changed[0]].title
    assert "3%" in later[changed[0]].title
    assert after[changed[0]].published == later[changed[0]].published


def test_seeds_later_holds_the_corrected_page_only():
    page_name = "capital-ledger/finland-defense-goal.html"
    assert [name for name in PAGES if name.startswith("later/")] == [f"later/pages/{page_name}"]
    assert "Correction:" not in (SEEDS / "pages" / page_name).read_text(encoding="utf-8")
    assert "Correction:" in (SEEDS / "later/pages" / page_name).read_text(encoding="utf-8")


def test_seeds_wire_story_is_carried_by_three_outlets_nearly_word_for_word():
    texts = [shingles(name) for name in WIRE]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        shared = len(texts[one] & texts[other]) / min(len(texts[one]), len(texts[other]))
        assert shared > 0.6
    titles = {item.title for name in FEEDS for item in items(name) if item.page in WIRE}
    assert len(titles) == 3


def test_seeds_other_stories_share_no_text():
    names = [name.removeprefix("pages/").removesuffix(".html") for name in PAGES]
    rest = [name for name in names if name not in WIRE and not name.startswith("later/")]
    texts = [shingles(name) for name in (*rest, WIRE[0])]
    for i, one in enumerate(texts):
        for other in texts[:i]:
            assert len(one & other) / min(len(one), len(other)) < 0.1


def test_no_title_of_the_seeds_is_hostile_and_the_one_kept_for_tests_is():
    signs = re.compile(r"[<>*_~`|@\]]")
    titles = [item.title for name in FEEDS for item in items(name)]
    assert [title for title in titles if signs.search(title)] == []
    for trap in (
        "<b>",
        "&",
        "<!channel>",
        "<@U",
        "*",
        "_",
        "~",
        "`",
        "](https://",
        "|",
        "@everyone",
        "<script>",
    ):
        assert trap in unescape(TITLE)


@pytest.mark.parametrize("name", [*FEEDS, *PAGES])
def test_seeds_quote_real_people_only_with_their_own_words(name):
    for block in prose(name):
        assert block.count("“") == block.count("”")
        assert '"' not in block
        for mark in (DOUBLE, SINGLE):
            for found in mark.finditer(block):
                around = block[: found.start()] + block[found.end() :]
                assert speakers_allow(found.group(1), around), found.group()


def test_seeds_every_listed_quote_is_used():
    everything = "\n".join(text for name in PAGES for text in prose(name))
    assert [quote for _, quote in allowed() if quote not in everything] == []


def test_seeds_answer_to_the_demo_question_stands_in_the_interview():
    (wanted,) = (quote for _, quote in allowed() if "Article 5" in quote)
    text = page("pages/the-meridian/rutte-russia-article-5.html").paragraphs
    assert any(f"“{wanted},” Rutte said" in paragraph for paragraph in text)


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_seeds_near_miss_sounds_like_the_topics_and_names_none_of_their_people(name):
    text = " ".join(page(f"pages/{name}.html").paragraphs)
    assert re.search(r"NATO|[Aa]lliance|ceasefire", text)
    assert not re.search(r"Ukrain|Kyiv|Rutte|Rubio|GDP", text)


def test_seeds_links_name_no_other_host():
    for name in [*FEEDS, *PAGES]:
        body = (SEEDS / name).read_bytes().decode("cp1252", errors="replace")
        hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"'<>|)]+", body)}
        assert hosts <= {
            "seeds.invalid", "click.invalid", "jsonfeed.org", "schema.org", "purl.org", "www.w3.org"
        }  # fmt: skip
