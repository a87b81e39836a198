"""Escaping: the one place where untrusted text is made harmless, one function a medium."""

from __future__ import annotations

import html as _html
import re
import unicodedata
from urllib.parse import urlsplit

#: Control and format characters that could move a cursor, hide text or turn its direction.
_HARMFUL = {"Cc", "Cf", "Co", "Cs"}
#: Of those, what honest text needs: joiners inside words and emoji.
_HARMLESS = {"\u200c", "\u200d"}
_BLANKS = re.compile(r"\s+")
#: Slack formats by these; each has a twin that looks the same and means nothing.
_SLACK_TWINS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
#: An underline formats at the edge of a word only, so ``snake_case`` may stay.
_SLACK_EDGE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_SLACK_CALL = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_SLACK_EMOJI = re.compile(r":(?=[\w+'\-]+:)")
#: Word joiner: has no width, and keeps Slack from seeing a mention or an emoji.
_JOINER = "\u2060"

#: What means something in Markdown: marks anywhere (round brackets are nothing without square
#: ones), the beginnings of headings, lists and rules, entities, and what is made a link.
_TEAMS_MARK = re.compile(
    r"[\\*_`~\[\]<>|]|^[#+=-]|&(?=#?\w+;)|(?<=:)/(?=/)|(?<=www)\.(?=\w)|(?<=\w)@(?=\w)",
    re.IGNORECASE,
)
_TEAMS_NUMBER = re.compile(r"^\d+(?=[.)])")
_TEAMS_FUNCTION = re.compile(r"\{(?=\{)")


def plain(text: str) -> str:
    """One line without control characters, for a terminal or a plain-text part."""
    if not (text.isascii() and text.isprintable()):
        # Blanks are control characters, too: they are folded once nothing can come between them.
        text = "".join(c for c in text if c.isspace() or _may_stand(c))
    return _BLANKS.sub(" ", text).strip()


def _may_stand(c: str) -> bool:
    if c in _HARMLESS:
        return True
    return unicodedata.category(c) not in _HARMFUL and c not in "\ufffe\uffff"


def html(text: str) -> str:
    """Text for an HTML element or a quoted attribute."""
    return _html.escape(plain(text), quote=True)


def slack(text: str) -> str:
    """Text for a mrkdwn field of Slack: no formatting, mention, link or emoji of its own.

    Quotes do not pass here: Slack's rich text takes them literally, to the character.
    """
    line = plain(text).translate(_SLACK_TWINS)
    line = _SLACK_EDGE.sub("ˍ", line)
    line = _SLACK_CALL.sub(f"@{_JOINER}", line)
    line = _SLACK_EMOJI.sub(f":{_JOINER}", line)
    if line.startswith(">"):
        line = _JOINER + line  # at the start of a line even the escaped one begins a quote
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_link(url: str, text: str) -> str:
    """``<url|text>`` for a mrkdwn field; the text alone if readers may not be sent there."""
    target = link(url)
    shown = slack(text.replace("|", " ").replace(">", " ")) or "link"
    if target is None:
        return shown
    for character in '|<>"`':
        target = target.replace(character, f"%{ord(character):02X}")
    return f"<{target.replace('&', '&amp;')}|{shown}>"


def teams(text: str) -> str:
    """Text for a Markdown field of an Adaptive Card: each mark is escaped, so all is literal.

    A mention (``<at>``) loses its brackets' meaning with the rest.
    """
    line = _TEAMS_MARK.sub(r"\\\g<0>", teams_literal(text))
    return _TEAMS_NUMBER.sub(r"\g<0>\\", line)


def teams_literal(text: str) -> str:
    """Text for a run of an Adaptive Card, which knows no Markdown, only ``{{DATE(…)}}``."""
    return _TEAMS_FUNCTION.sub(f"{{{_JOINER}", plain(text))


def link(url: str) -> str | None:
    """``url`` if it is one a reader may be sent to, else None: never ``javascript:`` or a file."""
    cleaned = plain(url)
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc or " " in cleaned:
        return None
    return cleaned
