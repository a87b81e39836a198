"""Marked stretches that are no speech: titles of works, scare quotes, labels, references."""

from __future__ import annotations

import re

from bot.core.quotes.lexicon import WORKS

_TOKEN = re.compile(r"[^\W_][\w'’-]*")
_SMALL = frozenset(
    "a an the of in on at for to and or by with from as is vs not but our my his her their".split()
)
_ON_AIR = re.compile(
    r"(?:\b(?:[Oo]n|hosts?|hosted|anchor of|of|[Ii]n|[Ff]rom|for|to|per|aired|watch(?:ing|ed)?"
    r"|wrote|writes)"
    r"|'s)(?: (?:[A-Z]\w+'s|the|its|his|her|their|[A-Z]{2,}'s|new|[a-z]+))?\s*$"
)
_SO_CALLED = re.compile(
    r"\b(?:so-called|nicknamed|dubbed|titled|entitled|known as|headlined|code-?named"
    r"|[Oo]peration|[Ee]xercise)\s*,?\s*$"
)
#: Kinds of works whose names are also what one does when one speaks.
_LOOSE = frozenset(
    "called report article word words phrase phrases term slogan motto reading".split()
)
_GERMAN_BEFORE = re.compile(
    r"(?:\bsogenannten?[rmns]?|(?:Roman|Buch|Film|Serie|Song|Lied|Titel|Motto|Übung|Manöver"
    r"|Operation|Sendung|Podcast|Zeitung|Magazin|Plakat|Slogan|Initiative|Projekt|Aktion|Fregatte"
    r"|Theaterstück|Ausstellung|Schriftzug|Aufschrift|Bestseller|Stichwort|Hashtag|Begriff|Wort"
    r"|Kampagne|Programm|Doku|Dokumentation|Album|Oper|Gedicht|Band|Namen)s?)\s*$"
)
#: A German outlet or work after its article: der „Hallenser Zeitung“, all nouns.
_ARTICLE_BEFORE = re.compile(r"\b(?:[Dd](?:er|em|en|ie)|[Ii]m|[Vv]om|[Zz]um|[Zz]ur|[Bb]eim)\s*$")
#: ZDF-„Morgenmagazin“
_COMPOUND = re.compile(r"\b[A-ZÄÖÜ]{2,}-$")
#: FAREWELL-"Old Pier to close," by the Post: a link under its heading.
_HEADING = re.compile(r"[A-Z][A-Z '&]+-\s*")
_ON_A_SIGN = re.compile(
    r"^,? (?:stand(?:en)?|steht|prangte) (?:auf|an|über)\b"
    r"|^,? (?:was|were|is|had been) (?:painted|written|scrawled|sprayed|printed|daubed) on\b"
)
_WORK_BEFORE = re.compile(
    r"\b(?:" + "|".join(sorted(WORKS)) + r")(?:,| of| as| is| was| reading)?\s*,?\s*$"
)
_KIND_BEFORE = re.compile(rf"\b(?:{'|'.join(sorted(WORKS - _LOOSE))}),?\s*$")
#: Kinds of works; a clause in small letters after one is no title: the program “…”.
_THING_BEFORE = re.compile(
    r"\b(?:books?|memoir|novel|show|program(?:me)?|broadcast|series|song|album|film|movie|magazine"
    r"|newspaper|column|podcast|documentary|play|poem|essay|article|report|paper|episode|segment"
    r"|ad|host(?:s|ed|ing)?|hit|bestseller|anthem|musical|sitcom|game|drama|comedy|opera|painting"
    r"|exhibition|watching)(?:,| of| as| is| was)?\s*,?\s*$"
)
#: In her words, “…”; in the words of Holm, “…”.
_IN_WORDS = re.compile(r"\b[Ii]n (?:[\w'’]+ ){1,3}words(?: of (?:[\w'’.]+ ?){1,4})?,?\s*$")
#: What Holm called “…”: her words, no name.
_CALLED_BY = re.compile(
    r"\b(?:what|whom?|which|that) (?:[\w'’.,-]+ ){1,12}"
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbeen )(?:called|dubbed)\s*$"
)
_BY = re.compile(r",? by (?:the |an? |one )?[\w]")
#: "Headline" - Outlet, August 15, 2008
_REFERENCE = re.compile(r"^\s*-+\s*[A-Z][^\n]{1,40}?,\s[A-Z][a-z]+ \d{1,2}(?:, \d{4})?")
#: What nobody said: nobody would say “…”, it is easy to say “…”, imagine her saying “…”.
_IMAGINED = re.compile(
    r"(?:\b(?:[Nn]obody|[Nn]o one|[Aa]nyone|[Aa]nybody|[Ss]omeone|[Ss]omebody|[Yy]ou|[Oo]ne|[Ww]ho)"
    r" (?:would|could|can|might|may|should) (?:\w+ ){0,2}"
    r"|\b(?:easy|hard|wrong|tempting|fair|enough|one thing|naive|absurd) to (?:\w+ )?"
    r"|\b[Ii]magine (?:\w+ ){0,4})"
    r"(?:say|claim|argue|answer)(?:ing)?(?:,|:| that)?\s*$"
)
_IMAGINED_ENDS = ("say", "claim", "argue", "answer", "ing", "that")
#: Capitals after a verb of saying are a headline or a cry that is quoted.
_SAYING = re.compile(
    r"\b(?:(?:say|says|said|saying|stated|stating|chant(?:s|ed|ing)|shout(?:s|ed|ing))[,:]?"
    r"|(?:wrote|writes|tweeted|posted)[,:])\s*$"
)
#: Names of the filters.
FILTERS = (
    "fragment, no speaker",
    "title",
    "label",
    "headline, no speaker",
    "imagined",
    "sign",
    "reference",
    "markup",
    "no words",
)
_SPEAKS_NEXT = (": quote", ", quote", "next sentence")
#: Fragments up to this many words need a speaker to be worth reporting.
_SHORT = 3


def word_count(content: str) -> int:
    """Words in a stretch."""
    return len(_TOKEN.findall(content))


def unspoken(
    content: str,
    before: str,
    after: str,
    rule: str | None,
    *,
    headline: bool = False,
    german: bool = False,
) -> str | None:
    """Which filter says that a stretch is nothing somebody said; None when it is speech.

    Args:
        content: What stands between the marks.
        before: Folded text of the paragraph before the opening mark, some words of it.
        after: The same after the closing mark.
        rule: The rule that chose a speaker, or None.
        headline: Whether it stands in the headline, where all is title case.
        german: Whether the text is read as German.
    """
    words = word_count(content)
    if content.startswith(">") or before.endswith("="):
        # What follows a tag, or an attribute of one.
        return "markup"
    other = _no_utterance(words, before, after, rule, german)
    if other is not None:
        return other
    if rule is not None and rule.startswith("quote") and content.rstrip()[-1:] in ",?!":
        return "title" if _is_title_case(content) and _leads_to_a_work(before) else None
    if headline:
        said = rule is not None or (words > _SHORT and before.rstrip().endswith(":"))
        return None if said else "headline, no speaker"
    if not (rule or "").endswith(_SPEAKS_NEXT) and _is_title(content, before, german):
        return None if words > _SHORT and _SAYING.search(before) else "title"
    if words <= _SHORT and (rule is None or _is_title_case(content)):
        return "fragment, no speaker" if rule is None else "title"
    if rule is not None and words > _SHORT:
        return None
    clause = words > _SHORT and content[:1].islower()
    return "label" if _is_label(before, after, clause, german) else None


def _no_utterance(
    words: int, before: str, after: str, rule: str | None, german: bool
) -> str | None:
    if words == 0:
        return "no words"
    if _REFERENCE.match(after) or (rule is None and _HEADING.fullmatch(before)):
        return "reference"
    if rule is None and _ON_A_SIGN.match(after):
        return "sign"
    if before.rstrip(" ,:").endswith(_IMAGINED_ENDS) and _IMAGINED.search(before):
        return "imagined"
    return "title" if german and _COMPOUND.search(before) else None


def _is_title_case(content: str) -> bool:
    """Whether every longer word starts with a capital, as in a title."""
    words = _TOKEN.findall(content)
    long = [word for word in words if word.lower() not in _SMALL]
    return len(words) > 1 and bool(long) and all(w[0].isupper() or w[0].isdigit() for w in long)


def _is_title(content: str, before: str, german: bool) -> bool:
    """Whether a stretch is the name of a work, broadcast or song."""
    if content.rstrip()[-1:] in "?!" and not _ON_AIR.search(before):
        return False
    if german and _GERMAN_BEFORE.search(before):
        return True
    nouns = german and _ARTICLE_BEFORE.search(before)
    if nouns and all(w[0].isupper() for w in _TOKEN.findall(content)):
        return True
    return _is_title_case(content) or (bool(_SO_CALLED.search(before)) and word_count(content) < 8)


def _leads_to_a_work(before: str) -> bool:
    """Whether a title follows its kind, its place or its owner: "the anthem", "on", "WXYZ's"."""
    return bool(_SO_CALLED.search(before) or _KIND_BEFORE.search(before) or _ON_AIR.search(before))


def _is_label(before: str, after: str, clause: bool, german: bool) -> bool:
    """Whether the words before the opening mark announce a label: "so-called", "dubbed".

    ``clause``: some words in small letters, so no name of a work.
    """
    if _SO_CALLED.search(before) or (german and _GERMAN_BEFORE.search(before)):
        return True
    if not _WORK_BEFORE.search(before) or _CALLED_BY.search(before) or _IN_WORDS.search(before):
        return False
    return not (clause and (_THING_BEFORE.search(before) or _BY.match(after)))
