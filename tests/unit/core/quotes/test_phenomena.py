"""What makes quotes and their speakers hard, one invented passage each."""

from __future__ import annotations

import pytest

from bot.core.quotes.extract import find_quotes
from bot.core.text.prose import Prose


def heard(text):
    """Each quote without edge punctuation, with its speaker's name or else the mention."""
    found = []
    for quote in find_quotes(Prose(text)):
        assert quote.span.of(text) == quote.text
        speaker = quote.speaker and (quote.speaker.name or quote.speaker.text)
        found.append((quote.text.strip(" ,."), speaker))
    return found


PASSAGES = {
    "straight marks": (
        '"We sail at dawn whatever the weather," Petra Lund said on Tuesday.',
        [("We sail at dawn whatever the weather", "Petra Lund")],
    ),
    "curly marks": (
        "“We sail at dawn whatever the weather,” said Petra Lund.",
        [("We sail at dawn whatever the weather", "Petra Lund")],
    ),
    "doubled apostrophes": (
        "''We sail at dawn whatever the weather,'' Petra Lund told reporters.",
        [("We sail at dawn whatever the weather", "Petra Lund")],
    ),
    "nested quotes": (
        "“She told me ‘not on my watch’ and hung up,” Owen Hart recalled.",
        [("She told me ‘not on my watch’ and hung up", "Owen Hart")],
    ),
    "nested quotes in straight marks": (
        '“The minister said "not now" and left the room,” Owen Hart recalled.',
        [('The minister said "not now" and left the room', "Owen Hart")],
    ),
    "several paragraphs, the last one closed": (
        "“The bridge is old and dear.\n\n“We will not pay twice for it,” Lena Voss said.",
        [
            ("The bridge is old and dear", "Lena Voss"),
            ("We will not pay twice for it", "Lena Voss"),
        ],
    ),
    "several paragraphs, the first one attributed": (
        "“The bridge is old,” Lena Voss said. “It costs too much.\n\n“We will not pay it.”",
        [
            ("The bridge is old", "Lena Voss"),
            ("It costs too much", "Lena Voss"),
            ("We will not pay it", "Lena Voss"),
        ],
    ),
    "split": (
        "“The strait is open,” Ivo Marin said, “but no captain should relax.”",
        [("The strait is open", "Ivo Marin"), ("but no captain should relax", "Ivo Marin")],
    ),
    "second sentence": (
        "“The strait is open,” Ivo Marin said. “No captain should relax.”",
        [("The strait is open", "Ivo Marin"), ("No captain should relax", "Ivo Marin")],
    ),
    "according to": (
        "According to analyst Ruth Adler, the column was “much longer than anyone had guessed.”",
        [("much longer than anyone had guessed", "Ruth Adler")],
    ),
    "inverted with apposition": (
        "“Patience has its limits,” warned Stefan Roth, the bloc's deputy chief.",
        [("Patience has its limits", "Stefan Roth")],
    ),
    "inverted with a description before the name": (
        "“Patience has its limits,” said his deputy, Stefan Roth.",
        [("Patience has its limits", "Stefan Roth")],
    ),
    "title before the name": (
        "“Patience has its limits,” said Latvian Prime Minister Inese Kalna.",
        [("Patience has its limits", "Inese Kalna")],
    ),
    "office with of before the name": (
        "“Patience has its limits,” Secretary of State Martin Doyle said.",
        [("Patience has its limits", "Martin Doyle")],
    ),
    "place after the name": (
        "“Patience has its limits,” said Sen. Martin Doyle of Ohio.",
        [("Patience has its limits", "Martin Doyle")],
    ),
    "pronoun, one person before": (
        "Karen Mills arrived late on Friday. “I came to hear both sides,” she told aides.",
        [("I came to hear both sides", "Karen Mills")],
    ),
    "pronoun, two people of known gender": (
        "Karen Mills met David Stone in Riga. “I came to hear both sides,” she told aides.",
        [("I came to hear both sides", "Karen Mills")],
    ),
    "pronoun, two candidates": (
        "Karen Mills met Laura Stone in Riga. “I came to hear both sides,” she told aides.",
        [("I came to hear both sides", "she")],
    ),
    "pronoun in the next paragraph": (
        "Thomas Brandt opposed the levy.\n\n“It is a tax by another name,” he said.",
        [("It is a tax by another name", "Thomas Brandt")],
    ),
    "last name completed earlier": (
        "President Jorge Salas spoke for an hour. Salas said: “The answer is still no.”",
        [("The answer is still no", "Jorge Salas")],
    ),
    "last name completed inside another's quote": (
        "“I rang Jorge Salas at once,” Ivo Marin said.\n\nSalas said: “That much is true.”",
        [("I rang Jorge Salas at once", "Ivo Marin"), ("That much is true", "Jorge Salas")],
    ),
    "last name shared by two": (
        "Jorge Salas and Clara Salas came. Salas said: “The answer is still no.”",
        [("The answer is still no", "Salas")],
    ),
    "description for the name": (
        "Chief negotiator Nora Kint left early. The chief negotiator added: “We are closer now.”",
        [("We are closer now", "Nora Kint")],
    ),
    "spokesman of somebody": (
        "“The call lasted two hours,” said a spokesman for Chancellor Georg Lind.",
        [("The call lasted two hours", "a spokesman for Chancellor Georg Lind")],
    ),
    "organisation": (
        "“No jet crossed the line,” the Defence Ministry said in a statement.",
        [("No jet crossed the line", "the Defence Ministry")],
    ),
    "collective": (
        "“We answer as one,” the leaders of the four Nordic states declared.",
        [("We answer as one", "the leaders of the four Nordic states")],
    ),
    "headline with a name and a colon": (
        "Marin: “Storms Will Not Close the Strait”\n\nIvo Marin spoke in the harbour on Sunday.",
        [("Storms Will Not Close the Strait", "Ivo Marin")],
    ),
    "headline with a fragment": (
        "Alliance Chief Says Rival “Is Not Helping at All”\n\nAlliance head Ivo Marin spoke.",
        [("Is Not Helping at All", "Ivo Marin")],
    ),
    "headline in single marks": (
        "Marin: ‘Storms Will Not Close the Strait’\n\nIvo Marin spoke in the harbour on Sunday.",
        [("Storms Will Not Close the Strait", "Ivo Marin")],
    ),
    "scare quotes": (
        "The so-called “aid train” never reached the “buffer area” last winter.",
        [],
    ),
    "titles of works and broadcasts": (
        "She hosts “Mornings with Alma Reyes” and wrote “The Long Thaw”.",
        [],
    ),
    "a broadcast beside a quote": (
        "“We stay,” Ivo Marin said on “Mornings with Alma Reyes” on Friday.",
        [("We stay", "Ivo Marin")],
    ),
    "guillemets": (
        "« Nous sommes prêts à tenir », said Colonel Jean Royer.",
        [("Nous sommes prêts à tenir", "Jean Royer")],
    ),
    "low and high marks": (
        "„Wir halten die Brücke“, said General Dirk Lorenz.",
        [("Wir halten die Brücke", "Dirk Lorenz")],
    ),
    "corner brackets": (
        "「The strait belongs to all of us」, Admiral Ken Sato said.",
        [("The strait belongs to all of us", "Ken Sato")],
    ),
    "ellipsis": (
        "“We read the map … and saw the gap,” Vera Hahn said.",
        [("We read the map … and saw the gap", "Vera Hahn")],
    ),
    "brackets": (
        "“They [the divers] were done in an hour,” said Vera Hahn.",
        [("They [the divers] were done in an hour", "Vera Hahn")],
    ),
    "told somebody that": (
        "Having told Laura Stone that “no draft exists,” Ivo Marin hung up.",
        [("no draft exists", "Ivo Marin")],
    ),
    "short fragment": (
        "Ivo Marin insisted that the fleet is “fully ready” for winter.",
        [("fully ready", "Ivo Marin")],
    ),
    "two fragments, one speaker": (
        "Ivo Marin called the pact “late and badly drawn” but said it was “better than none.”",
        [("late and badly drawn", "Ivo Marin"), ("better than none", "Ivo Marin")],
    ),
    "relative clause before the verb": (
        "Ivo Marin, who replaced Laura Stone in May, told the radio, “We learn from each storm.”",
        [("We learn from each storm", "Ivo Marin")],
    ),
    "several appositions before the verb": (
        "Ivo Marin, the harbour master of Split, a sailor, said the pier “is safe for now.”",
        [("is safe for now", "Ivo Marin")],
    ),
    "another person named inside": (
        "“Laura Stone promised us fuel for a month,” Ivo Marin said.",
        [("Laura Stone promised us fuel for a month", "Ivo Marin")],
    ),
    "nested sources": (
        "Ivo Marin noted that Helsinki wants the port to “do far more.”",
        [("do far more", "Ivo Marin")],
    ),
    "post": (
        "“Proud of every crew tonight,” Nadia Berg posted on X.",
        [("Proud of every crew tonight", "Nadia Berg")],
    ),
    "memo": (
        "A memo from Nadia Berg reads: “I step down in June.”",
        [("I step down in June", "Nadia Berg")],
    ),
    "statement released": (
        "Nadia Berg released a statement saying the raid was “cowardly and will be answered.”",
        [("cowardly and will be answered", "Nadia Berg")],
    ),
    "denial": (
        "Owen Hart insisted he never called it “a scrap of paper from another age.”",
        [("a scrap of paper from another age", "Owen Hart")],
    ),
    "hypothetical": (
        "Nobody would say “we have all the shells we need” and mean it.",
        [],
    ),
    "next speaker without a marker": (
        "“We need it by June,” Ivo Marin said.\n\n“It will never happen,” Owen Hart answered.",
        [("We need it by June", "Ivo Marin"), ("It will never happen", "Owen Hart")],
    ),
    "quote alone after another speaker": (
        "“We need it by June,” Ivo Marin said.\n\nThe room fell silent.\n\n“It will never happen.”",
        [("We need it by June", "Ivo Marin"), ("It will never happen", None)],
    ),
    "unclosed": (
        "“The crews are tired but ready, said Stefan Roth. Reporters then left.",
        [("The crews are tired but ready", "Stefan Roth")],
    ),
    "measures": (
        'The crew fitted a 24" screen and a 12" rule beside the 155 mm shells.',
        [],
    ),
    "dash": (
        "“Build bridges and keep them open.” ― Ines Falke",
        [("Build bridges and keep them open", "Ines Falke")],
    ),
    "colon after an apposition": (
        "Max Ruhland, editor of the weekly: “She won it fair and square.”",
        [("She won it fair and square", "Max Ruhland")],
    ),
    "colon after no verb of saying": (
        "Asked about the delay, Stefan Roth shrugged: “Things take the time they take.”",
        [("Things take the time they take", "Stefan Roth")],
    ),
    "lead-in paragraph": (
        "And from Chairwoman Ines Falke:\n\n“We will read every page of it.”",
        [("We will read every page of it", "Ines Falke")],
    ),
    "crowd": (
        "“Open the gate, open the gate,” the crowd chanted.",
        [("Open the gate, open the gate", "the crowd")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), PASSAGES.values(), ids=PASSAGES.keys())
def test_find_quotes_hears(text, expected):
    assert heard(text) == expected
