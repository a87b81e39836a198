from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.feeds.document import MAX_ENTRIES
from bot.core.feeds.entries import MAX_TEXT
from bot.core.feeds.parse import parse
from tests.data.feeds.expected import FEEDS, URL

FOLDER = Path(__file__).parents[3] / "data" / "feeds"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix not in (".py", ""))


def rss(items: str, *, before: str = "") -> bytes:
    start = '<rss version="2.0"><channel><title>T</title>'
    return f"{before}{start}{items}</channel></rss>".encode()


@pytest.mark.parametrize("name", FILES)
def test_parse_reads_every_file_as_expected(name):
    header = "text/xml; charset=us-ascii" if name.startswith("ascii") else None
    body = (FOLDER / name).read_bytes()
    assert parse(body, content_type=header, url=URL) == FEEDS[name]


def test_parse_resolves_links_by_the_feeds_own_link_when_nothing_else_is_known():
    parsed = parse((FOLDER / "relative.xml").read_bytes())
    assert [entry.url for entry in parsed.entries] == [
        "https://rel.example/news/1",
        "https://rel.example/story.html",
        "https://cdn.rel.example/3",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-16-be", b""),
        ("utf-32-le", b""),
        ("utf-32-be", b""),
    ],
)
def test_parse_finds_the_encoding_by_the_bytes(encoding, mark):
    text = rss("<item><title>“Ça ira”</title></item>").decode()
    parsed = parse(mark + text.encode(encoding), content_type="text/xml; charset=iso-8859-1")
    assert [entry.title for entry in parsed.entries] == ["“Ça ira”"]


@pytest.mark.parametrize(
    ("declaration", "header", "encoding", "title"),
    [
        ("koi8-r", None, "koi8-r", "Мост"),
        (None, "text/xml; charset=koi8-r", "koi8-r", "Мост"),
        ("iso-8859-1", None, "cp1252", "“Ça”"),
        ("iso-2022-jp", None, "iso-2022-jp", "橋"),
        ("no-such-encoding", None, "cp1252", "“Ça”"),
        ("utf-16", "text/xml; charset=unicode_escape", "utf-8", "“Ça”"),
        ("utf-7", None, "utf-8", "“Ça”"),
    ],
)
def test_parse_believes_declarations_only_where_bytes_allow_it(
    declaration, header, encoding, title
):
    before = f'<?xml version="1.0" encoding="{declaration}"?>' if declaration else ""
    text = rss(f"<item><title>{title}</title></item>", before=before).decode()
    parsed = parse(text.encode(encoding), content_type=header)
    assert [entry.title for entry in parsed.entries] == [title]


def test_parse_replaces_single_damaged_bytes_and_keeps_the_rest():
    body = rss("<item><title>Ça “va” bien \x01</title></item>").replace(b"\x01", b"\xff")
    assert parse(body).entries[0].title == "Ça “va” bien \ufffd"


@pytest.mark.parametrize("name", ["item", "item/", "entry"])
def test_parse_reads_2000_entries_at_most(name):
    many = f"<{name}></{name}>" if name[-1] != "/" else f"<{name}>"
    body = rss(many * (MAX_ENTRIES + 5))
    parsed = parse(body)
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.problem == "2005 entries, of which the first 2000 are read"


def test_parse_reads_2000_entries_of_json_at_most():
    items = ",".join(["{}"] * (MAX_ENTRIES + 1))
    parsed = parse(f'{{"version":"https://jsonfeed.org/version/1.1","items":[{items}]}}'.encode())
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.problem == "2001 entries, of which the first 2000 are read"


def test_parse_keeps_so_much_of_a_text():
    body = rss(
        f"<item><title>{'t' * 9_000}</title><link>https://x.example/{'u' * 9_000}</link>"
        f"<content:encoded>{'c ' * MAX_TEXT}</content:encoded></item>"
    )
    entry = parse(body).entries[0]
    assert (len(entry.title), entry.url, len(entry.text)) == (1_000, None, MAX_TEXT)


def test_parse_takes_only_whole_entries_of_every_format_that_is_cut():
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry><entry><id>2'
    rdf = (FOLDER / "rdf.xml").read_bytes().partition(b"</rdf:RDF>")[0]
    assert [len(parse(body).entries) for body in (atom, rdf)] == [1, 1]
    assert parse(rdf).problem == "cut short; whole entries used: 1"


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE rss [<!ATTLIST rss a CDATA 'x'>]>",
        "<!DOCTYPE rss [<!ATTLIST rss a CDATA ']>'><!ELEMENT rss ANY>]>",
        "<!-- <!DOCTYPE rss [<!ENTITY a 'b'>]> -->",
        "<?xml-stylesheet href='a?>b'?>",
    ],
)
def test_parse_hands_no_declaration_on(prolog):
    assert len(parse(rss("<item><title>&a;</title></item>", before=prolog)).entries) <= 1


@pytest.mark.parametrize("start", ["<?xml", "<!--", "<!DOCTYPE", "<!DOCTYPE rss [", "<", "<rss"])
def test_parse_survives_documents_that_end_in_their_prolog(start):
    assert parse(start.encode()).entries == ()


def test_parse_reads_authors_however_they_are_written():
    def authors(xml):
        return parse(rss(f"<item>{xml}</item>")).entries[0].authors

    assert authors("<author>ada@x.museum (Ada Quay)</author>") == ("Ada Quay",)
    assert authors("<author>Ada Quay &lt;ada@x.museum&gt;</author>") == ("Ada Quay",)
    assert authors("<author>ada@x.museum</author>") == ("ada@x.museum",)
    assert authors("<author>Ada Quay and Ben Mole</author>") == ("Ada Quay and Ben Mole",)


def test_parse_gives_no_date_where_there_is_none_to_read():
    def date(text):
        return parse(rss(f"<item><pubDate>{text}</pubDate></item>")).entries[0].published

    assert [date(text) for text in ("31 Feb 2026 25:61", "Thurs, 5 Août", "", "soon")] == [None] * 4


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_parse_survives_any_bytes(body):
    parse(body)


PIECES = st.sampled_from(
    """<item> </item> <item/> <title> </title> <![CDATA[ ]]> <!-- --> & &#x110000; &amp; &bogus;
    &#5555555555555; <b <link href='//['/> <guid> </guid> <content:encoded> </content:encoded> ]>
    <pubDate> </pubDate> <!DOCTYPE [ x 2025-04-04T00:00:00Z </channel> </rss> <author> </author> @
    <div xml:base='http://['> \x00 \ud800""".split()
)


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_parse_survives_any_mixture_of_markup(items):
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode("utf-8", "surrogatepass")
    parse(body, url="https://base.example/")
    parse(body, url="//[")
