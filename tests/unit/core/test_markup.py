from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text.markup import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("  a text\nof  two lines \n", "a text\nof  two lines"),
        ("3 < 5 & 7 > 6", "3 < 5 & 7 > 6"),
        ("Iran <unclear> deal", "Iran <unclear> deal"),
        ("AT&amp;T&nbsp;&#8220;up&#8221;", "AT&T “up”"),
        ("<p>One\n two</p><p>three</p>", "One two\n\nthree"),
        ("<p>One<p>two<div>three</div>four", "One\n\ntwo\n\nthree\n\nfour"),
        ("One<br>two<br/><br />three", "One\ntwo\n\nthree"),
        ("<ul><li>One</li><li>two</li></ul>", "One\n\ntwo"),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n\n3"),
        ("&lt;p&gt;Escaped&lt;/p&gt; &amp;amp; more", "Escaped\n\n& more"),
        ("<b>Bold</b>ly <i>gone</i>", "Boldly gone"),
        ("<b>One</b> para\n \n<i>and</i> two", "One para\n\nand two"),
        ("a<!-- no --><script>x<y</script><style>p{}</style><b>b</b>", "ab"),
        ("<p>a<iframe>b</iframe><select><option>c</select>d", "ad"),
        ("<![CDATA[<p>x</p>]]>", "x"),
        ("“Typo­graphy”, she said – ‘really’ <br>", "“Typo­graphy”, she said – ‘really’"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x0b\ud800<b>c</b>", "ab\ufffdc"),
        ("<o:p>office</o:p>", "office"),
        ("<p>unclosed <a href='x", "unclosed"),
        ("&#99999999999;&#0;<b>x</b>", "\ufffd\ufffdx"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_plain_text_gives_the_words(markup, text):
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 40_000 + "x",
        "<b" * 9_000,
        "<!--" * 50_000,
        "&#" + "9" * 5_000 + ";",
        "<a '" * 9_000,
    ],
    ids=["deep", "unclosed", "comments", "reference", "attributes"],
)
def test_plain_text_survives_hostile_markup(markup):
    assert len(plain_text(markup)) <= len(markup)


PIECES = "<p> </p> <br> <b> <script> </script> &lt; &amp; &# x < > ' \x00 \ud800 <!-- ]]>".split(
    " "
)
MARKUP = st.lists(st.sampled_from([*PIECES, "\n\n", " "]) | st.text(max_size=3), max_size=30).map(
    "".join
)


@settings(max_examples=40, deadline=None)
@given(MARKUP)
def test_plain_text_never_raises_and_gives_what_can_be_stored(markup):
    text = plain_text(markup)
    assert text == text.strip()
    assert text.encode().decode() == text
    assert "\x00" not in text


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab. ,;'\n“”é", max_size=40))
def test_plain_text_leaves_plain_text_alone(text):
    assert plain_text(text) == text.strip()
