"""Topics on articles: the rule language, compiled to a presearch and spaCy patterns.

    topics ─ compile ─► presearch (one Aho-Corasick automaton over all topics)
    article ─► presearch ─► candidates ─► their paragraphs as words ─► rules ─► matches

An article that holds nothing a topic requires is never tokenised. The presearch only leaves out
topics that cannot hold: the result is the same as running every rule on every article.

The rule language
-----------------

A **topic** holds iff some rule of ``any`` has a hit (if any is given), every rule of ``all`` has
one, ``at_least`` counts its number of hits, no rule of ``none`` has a hit, and the article's
metadata are among ``only``. A topic without ``any``, ``all`` and ``at_least`` never holds:
there would be nothing to show as its reason.

A **word** is a run of letters and digits; ``3.5`` and ``2,000`` are one word. Typographic
quotes, dashes and blanks equal their plain forms. A paragraph is a line; no hit crosses one.

===================  =============================================================================
``defence budget``   A phrase: these words in a row, whole words, any case. Blanks may be doubled,
                     a possessive may follow. Hyphens stand as written: ``cease-fire`` is found
                     whichever dash the article uses, ``ceasefire`` and ``cease fire`` are not.
``spend*``           ``*`` is any number of characters of a word, none included.
``wom?n``            ``?`` is exactly one character of a word.
``exact``            Case as written: ``US`` but not ``us``.
``forms``            Every inflection of a single word; in a longer phrase of its first word if
                     that is a verb and of its last if that is a noun, worked out when the topics
                     are compiled: ``halt the fighting`` also finds ``halted the fighting``.
``near``             All parts, none overlapping another, in one paragraph, any order unless
                     ``in order``, with at most n other words between neighbours; or all within
                     one ``sentence``, or the ``paragraph``. Punctuation is not counted, and
                     ``U.S.``, ``NATO's`` and ``well-known`` are one word each. ``all`` inside
                     ``near`` must keep the same distance.
``not near``         Refuses a near one of these stands as close to as its parts must be.
``any`` / ``all``    At least one part / every part has a hit; they nest. ``none`` beside them
                     refuses that group where any of it has a hit.
``title`` ``lead``   Looks in the title / in the first two paragraphs of the text only.
``heading``          Looks in headings of sections: at most 12 words, no full stop, text after it.
``times``            The hits of a rule, if there are so many that do not overlap.
``regex``            RE2, any case, in paragraphs that hold one of the phrases it ``needs``; hits
                     are the whole words it touches, at most 100 in a paragraph.
``at least``         So many hits that do not overlap, in title and text together.
``only``             Languages, countries, tiers, sources (outlet, or host with all below it),
                     number of words; an article that does not say its own does not
                     pass where one is asked for. ``en`` covers ``en-GB``.
===================  =============================================================================

The **score** is the sum over the rules of ``any`` and ``all`` (of ``at least`` when there is
neither): each counts its three best hits that do not overlap, a hit its weight (1 unless given;
the weights of its phrases multiplied for ``near``), times ``title counts`` in the title.
The hits that count are the match's evidence.
"""

from bot.core.matching.common import common_terms
from bot.core.matching.compiled import CompiledTopics, compile_topics
from bot.core.matching.describe import describe
from bot.core.matching.examples import FailedExample, failed_examples

__all__ = [
    "CompiledTopics",
    "FailedExample",
    "common_terms",
    "compile_topics",
    "describe",
    "failed_examples",
]
